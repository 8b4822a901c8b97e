import * as Plot from "@observablehq/plot";
import { collinearity, type CollinearityReport, type Histogram } from "../../stats/collinearity/collinearity.ts";
import type { Column } from "../../stats/collinearity/correlation.ts";
import type { FeatureBlock } from "../../study/features.ts";
import { primaryModel, type StudyResults } from "../../study/results.ts";
import { beside, drawPlot, standalone, text, titled, type Figure, type Panel } from "./draw.ts";
import { encodePng } from "../../png.ts";
import { INTERNAL } from "./palette.ts";

/** Most cells along a side of the heat map; more features are averaged. */
const MOST_CELLS = 160;
const SIDE = 300;

/**
 * Collinearity of deep features between two phases, or within the primary model's first block where there are no two.
 *
 * @returns null where fewer than two features or three patients are left
 */
export function correlationFigure(results: StudyResults): Figure | null {
  const pair = blockPair(results);
  if (!pair) return null;
  const [a, b] = pair;
  const ids = [...a.rows.keys()].filter(
    (id) => b.rows.has(id) && results.cohort.patients.some((p) => p.id === id && p.cohort === "internal"),
  );
  const [rows, columns] = [columnsOf(a, ids), columnsOf(b, ids)];
  if (ids.length < 3 || rows.length < 2 || columns.length < 2) return null;
  const found = collinearity(rows, a === b ? null : columns, 0.8);
  const what = a === b ? `the features of ${a.name}` : `the features of ${a.name} (rows) and ${b.name} (columns)`;
  const title = `Collinearity of ${what}`;
  const averaged = Math.max(rows.length, columns.length) > MOST_CELLS ? " Each cell is the mean of several." : "";
  const caption = `Absolute Pearson correlation of ${what} over ${found.n} internal patients, and how r and its P are spread over the ${found.pairs} pairs; |r| is 0.8 or more in ${(100 * (found.share ?? 0)).toFixed(1)}% of them.${averaged}`;
  const panel = beside(
    [
      titled(`|r|, ${rows.length} x ${columns.length} features`, heatMap(found)),
      titled("Pearson's r", bars(found.histogram.r, "r")),
      titled("P of r", bars(found.histogram.p, "P")),
    ],
    20,
  );
  return { name: "correlation", title, caption, svg: standalone("correlation", title, caption, panel) };
}

/** Two blocks of deep features that one model has together, else the primary model's first block with itself. */
function blockPair(results: StudyResults): readonly [FeatureBlock, FeatureBlock] | null {
  for (const { features } of results.study.models) {
    const [a, b] = features.filter((name) => name.startsWith("deep.")).map((name) => results.blocks.get(name));
    if (a && b) return [a, b];
  }
  const { model } = primaryModel(results);
  const first = results.study.models.find(({ name }) => name === model)?.features[0];
  const block = first === undefined ? undefined : results.blocks.get(first);
  return block ? [block, block] : null;
}

function columnsOf(block: FeatureBlock, ids: readonly string[]): Column[] {
  return block.columns
    .map((name, j) => ({ name, values: Float64Array.from(ids, (id) => block.rows.get(id)![j] ?? Number.NaN) }))
    .filter(({ values }) => values.every(Number.isFinite) && values.some((value) => value !== values[0]));
}

function heatMap({ r }: CollinearityReport): Panel {
  const [height, width] = [Math.min(MOST_CELLS, r.length), Math.min(MOST_CELLS, r[0]!.length)];
  const sum = new Float64Array(height * width);
  const count = new Uint32Array(height * width);
  for (const [i, row] of r.entries()) {
    const y = Math.floor((i * height) / r.length);
    for (const [j, value] of row.entries()) {
      const cell = y * width + Math.floor((j * width) / row.length);
      sum[cell]! += Math.abs(value);
      count[cell]!++;
    }
  }
  const rgb = new Uint8Array(3 * height * width);
  for (let cell = 0; cell < sum.length; cell++) rgb.set(shade(sum[cell]! / count[cell]!), 3 * cell);
  const legendBar = new Uint8Array(3 * 64);
  for (let i = 0; i < 64; i++) legendBar.set(shade(i / 63), 3 * i);
  const image = (png: Uint8Array, x: number, y: number, w: number, h: number) =>
    `<image x="${x}" y="${y}" width="${w}" height="${h}" preserveAspectRatio="none" style="image-rendering:pixelated" xlink:href="data:image/png;base64,${base64(png)}"/>`;
  const content =
    image(encodePng({ rgb, width, height }), 0, 8, SIDE, SIDE) +
    `<rect x="0" y="8" width="${SIDE}" height="${SIDE}" fill="none" stroke="#222222"/>` +
    image(encodePng({ rgb: legendBar, width: 64, height: 1 }), 60, SIDE + 20, 180, 10) +
    text(54, SIDE + 29, "0", { anchor: "end", size: 10 }) +
    text(246, SIDE + 29, "1", { size: 10 });
  return { width: SIDE, height: SIDE + 36, content };
}

/** White to dark blue, even in lightness. */
function shade(value: number): [number, number, number] {
  const t = Math.min(1, Math.max(0, value));
  const between = (from: number, to: number) => Math.round(from + (to - from) * t);
  return [between(255, 8), between(255, 48), between(255, 107)];
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function bars({ from, to, counts }: Histogram, label: string): Panel {
  const step = (to - from) / counts.length;
  const data = counts.map((count, i) => ({ x1: from + i * step, x2: from + (i + 1) * step, count }));
  return drawPlot({
    width: 260,
    height: SIDE + 36,
    marginLeft: 74,
    x: { domain: [from, to], label, ticks: 5 },
    y: { label: "pairs", ticks: 6, tickFormat: (pairs: number) => pairs.toLocaleString("en-US"), nice: true },
    grid: true,
    marks: [Plot.rectY(data, { x1: "x1", x2: "x2", y: "count", fill: INTERNAL, inset: 0.5 }), Plot.ruleY([0])],
  });
}
