import type { Nomogram } from "../nomogram.ts";
import { line, shortened, standalone, text, textWidth, type Figure } from "./draw.ts";
import { FAINT } from "./palette.ts";

const LEFT = 170;
const AXIS = 480;
const ROW = 52;

/** Marks of an axis: where, in px from its left end, and what is written there. */
type Marks = readonly { readonly x: number; readonly label: string }[];

/** The nomogram: read each axis up to the points, add them, and read the sum down to the probability. */
export function nomogramFigure(nomogram: Nomogram): Figure {
  const { imageModel, axes, mostPoints, n, events, leftOut } = nomogram;
  const step = mostPoints > 200 ? 40 : 20;
  const total = step * Math.ceil(mostPoints / step);
  const probabilities = probabilityMarks(nomogram, total);
  const rows: { name: string; marks: Marks }[] = [
    { name: "points", marks: scale(100, 10) },
    ...axes.map(({ name, marks }) => ({ name, marks: marks.map(({ label, points }) => ({ label, x: (points / 100) * AXIS })) })),
    { name: "total points", marks: scale(total, step) },
    { name: "probability of event", marks: probabilities },
  ];
  const content = rows.map(({ name, marks }, k) => axis(shortened(name, LEFT - 12, 11), marks, 30 + k * ROW)).join("");
  const title = `Nomogram of the image risk and the clinical variables`;
  const caption = `Read the points of each axis, add them, and read the probability below the total. A logistic regression with Firth's penalty of the cross-validated risk by ${imageModel} and the clinical variables, fitted for this figure on ${n} internal patients with ${events} events${leftOut ? ` (${leftOut} left out for a missing value)` : ""}; it has not been validated and is not the model whose results the tables show. Research use only.`;
  const panel = { width: LEFT + AXIS + 30, height: rows.length * ROW + 6, content };
  return { name: "nomogram", title, caption, svg: standalone("nomogram", title, caption, panel) };
}

function scale(most: number, step: number): Marks {
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => ({ x: ((i * step) / most) * AXIS, label: String(i * step) }));
}

function probabilityMarks({ atZero, perPoint }: Nomogram, total: number): Marks {
  return [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999]
    .map((p) => ({ label: String(p), x: ((Math.log(p / (1 - p)) - atZero) / perPoint / total) * AXIS }))
    .filter(({ x }) => x >= 0 && x <= AXIS);
}

/** One axis; a label that would run into its neighbour goes above the line, or further up. */
function axis(name: string, marks: Marks, y: number): string {
  const ends = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const drawn = marks
    .toSorted((a, b) => a.x - b.x)
    .map(({ x, label }) => {
      const half = textWidth(label, 10) / 2 + 2;
      const lane = ends.findIndex((end) => x - half >= end);
      const tick = line(LEFT + x, y - (lane === 1 ? 5 : 0), LEFT + x, y + (lane === 1 ? 0 : 5));
      if (lane < 0) return line(LEFT + x, y, LEFT + x, y + 3, { stroke: FAINT });
      ends[lane] = x + half;
      return tick + text(LEFT + x, lane === 0 ? y + 17 : y - 8, label, { anchor: "middle", size: 10 });
    });
  const xs = marks.map(({ x }) => x);
  const base = line(LEFT + Math.min(...xs, 0), y, LEFT + Math.max(...xs, 0), y);
  return text(LEFT - 12, y + 4, name, { anchor: "end" }) + base + drawn.join("");
}
