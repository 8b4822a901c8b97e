import { line, shortened, text, textWidth, type Panel } from "./draw.ts";
import type { LineStyle } from "./palette.ts";

/** One line of a legend. */
export interface LegendEntry extends LineStyle {
  readonly words: string;
  /** Written at the right edge, such as a number with its interval. */
  readonly value?: string;
}

const ROW = 16;
const SAMPLE = 26;

/** A legend: one entry a row, a sample of its line first. */
export function legend(entries: readonly LegendEntry[], width: number): Panel {
  const content = entries
    .map(({ stroke, dash, words, value = "" }, k) => {
      const y = k * ROW + 11;
      const room = width - SAMPLE - 12 - (value ? textWidth(value, 10) + 6 : 0);
      return (
        line(0, y - 4, SAMPLE, y - 4, { stroke, dash, width: 2 }) +
        text(SAMPLE + 8, y, shortened(words, room, 10), { size: 10 }) +
        (value ? text(width, y, value, { anchor: "end", size: 10 }) : "")
      );
    })
    .join("");
  return { width, height: entries.length * ROW, content };
}
