// From panels to one standalone SVG: the same bytes in Node, in a worker and in a page, since the document is linkedom's everywhere.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escapeText } from "../escape.ts";
import { FAINT, INK } from "./palette.ts";

/** The fonts of every figure: DejaVu is drawn into the PNG; a page takes what it has of near widths. */
const FONT = "DejaVu Sans, Verdana, Arial, sans-serif";

/** Text of a figure, px. */
const FONT_SIZE = 11;

/** A piece of a figure: SVG elements in a rectangle of their own, px. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly content: string;
}

/** A finished figure. */
export interface Figure {
  /** Its file's name without extension: letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
  /** What is shown and how it was made, in sentences, for the reader of the report. */
  readonly caption: string;
  /** A standalone document. */
  readonly svg: string;
}

/**
 * Draws a plot as a panel, with the size, fonts and colours that all figures share.
 *
 * Marks must not use `clip`: its ids count up over the life of the process, and equal figures would differ.
 */
export function drawPlot(options: Plot.PlotOptions & { readonly width: number; readonly height: number }): Panel {
  const { document } = parseHTML("<html><body></body></html>");
  const plot = Plot.plot({
    document: document as unknown as Document,
    marginTop: 12,
    marginRight: 12,
    marginBottom: 38,
    marginLeft: 48,
    ...options,
    x: { labelAnchor: "center", labelArrow: "none", ...options.x },
    y: { labelAnchor: "center", labelArrow: "none", ...options.y },
  });
  const content = plot.innerHTML.replace(/<style>[^]*?<\/style>/g, "");
  return { width: options.width, height: options.height, content: shortNumbers(content) };
}

/** Coordinates to a hundredth of a pixel. */
function shortNumbers(svg: string): string {
  return svg.replace(/="[^"]*"/g, (value) =>
    value.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, (number) => String(Math.round(Number(number) * 100) / 100)),
  );
}

/** One line of text; (x, y) is its baseline, px. */
export function text(
  x: number,
  y: number,
  words: string,
  { anchor = "start", isBold = false, fill = INK, size = FONT_SIZE, rotate = 0 }: TextStyle = {},
): string {
  const turn = rotate === 0 ? "" : ` transform="rotate(${rotate},${x},${y})"`;
  const weight = isBold ? ` font-weight="bold"` : "";
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}" fill="${fill}"${weight}${turn}>${escapeText(words)}</text>`;
}

interface TextStyle {
  readonly anchor?: "start" | "middle" | "end";
  readonly isBold?: boolean;
  readonly fill?: string;
  readonly size?: number;
  /** Degrees, clockwise, about (x, y). */
  readonly rotate?: number;
}

/** Upper bound of the width of a line of text in DejaVu Sans, px, good enough to leave room. */
export function textWidth(words: string, size = FONT_SIZE): number {
  return Math.ceil(words.length * size * 0.63);
}

/** A straight line, px. */
export function line(x1: number, y1: number, x2: number, y2: number, { stroke = INK, dash = "", width = 1 } = {}): string {
  const broken = dash === "" ? "" : ` stroke-dasharray="${dash}"`;
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${stroke}" stroke-width="${width}"${broken}/>`;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Shortens words to a width, px, by an ellipsis. */
export function shortened(words: string, width: number, size = FONT_SIZE): string {
  const most = Math.max(2, Math.floor(width / (size * 0.63)));
  return words.length <= most ? words : `${words.slice(0, most - 1)}\u2026`;
}

/** Words in lines that fit a width, px, broken at spaces. */
export function wrapped(words: string, width: number, size = FONT_SIZE): string[] {
  const most = Math.max(8, Math.floor(width / (size * 0.63)));
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Panels side by side, each with its top at 0. */
export function beside(panels: readonly Panel[], gap = 16): Panel {
  return placed(panels, (panel) => panel.width, gap, "x");
}

/** Panels below each other, each with its left at 0. */
export function below(panels: readonly Panel[], gap = 8): Panel {
  return placed(panels, (panel) => panel.height, gap, "y");
}

function placed(panels: readonly Panel[], extent: (panel: Panel) => number, gap: number, along: "x" | "y"): Panel {
  let at = 0;
  const parts: string[] = [];
  for (const panel of panels) {
    parts.push(`<g transform="translate(${along === "x" ? `${round(at)},0` : `0,${round(at)}`})">${panel.content}</g>`);
    at += extent(panel) + gap;
  }
  const length = Math.max(0, at - gap);
  const across = Math.max(0, ...panels.map((panel) => (along === "x" ? panel.height : panel.width)));
  return { width: along === "x" ? length : across, height: along === "x" ? across : length, content: parts.join("") };
}

/** A line of words above a panel. */
export function titled(words: string, panel: Panel): Panel {
  const head = { width: panel.width, height: 18, content: text(8, 13, shortened(words, panel.width - 12, 12), { isBold: true, size: 12 }) };
  return below([head, panel], 0);
}

/** A panel that says why there is nothing to show. */
export function sentence(words: string, width: number, height: number): Panel {
  return { width, height, content: text(width / 2, height / 2, words, { anchor: "middle", fill: FAINT }) };
}

/**
 * The standalone document of a panel: white ground, fonts, a title and a description for readers who hear it.
 *
 * @param name  unique in a page: its ids begin with it
 */
export function standalone(name: string, title: string, description: string, panel: Panel): string {
  const [width, height] = [Math.ceil(panel.width) + 16, Math.ceil(panel.height) + 16];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" aria-labelledby="${name}-title ${name}-desc" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="${FONT_SIZE}" fill="${INK}" color="${INK}" text-anchor="middle">` +
    `<title id="${name}-title">${escapeText(title)}</title><desc id="${name}-desc">${escapeText(description)}</desc>` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/><g transform="translate(8,8)">${panel.content}</g></svg>\n`
  );
}

/** A figure's document with one more line at its foot: what the figure may not be taken for. */
export function withFoot(figure: Figure, words: string): Figure {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(figure.svg)!;
  const taller = Number(height) + 12;
  const foot = text(8, taller - 5, words, { size: 8, fill: FAINT });
  const svg = figure.svg
    .replace(`height="${height}" viewBox="0 0 ${width} ${height}"`, `height="${taller}" viewBox="0 0 ${width} ${taller}"`)
    .replace(`<rect width="${width}" height="${height}"`, `<rect width="${width}" height="${taller}"`)
    .replace(/<\/svg>\n$/, `${foot}</svg>\n`);
  return { ...figure, svg };
}
