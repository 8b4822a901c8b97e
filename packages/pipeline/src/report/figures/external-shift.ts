import * as Plot from "@observablehq/plot";
import type { CohortShift } from "../shift.ts";
import { below, beside, drawPlot, line, sentence, shortened, standalone, text, titled, type Figure, type Panel } from "./draw.ts";
import { EXTERNAL, FAINT, INTERNAL } from "./palette.ts";

const MOST = 18;
const [LEFT, AXIS, ROW] = [180, 170, 17];

/** How far the external cohort lies from the internal one: feature by feature, and all of them in two dimensions. */
export function externalShiftFigure(shift: CohortShift): Figure {
  const { model, features, shareLarge, embedding } = shift;
  const used = features.filter(({ isUsed }) => isUsed).slice(0, MOST);
  const shown = used.length > 0 ? used : features.slice(0, MOST);
  const title = `Features of ${model} in the two cohorts`;
  const caption = `Left: standardised difference of means, external less internal, of ${used.length > 0 ? "the features that the fold models use" : "the features"}, the largest ${shown.length}; within 0.1 is called balanced. Of all ${features.length} features ${(100 * shareLarge).toFixed(0)}% differ by more than 0.5. Right: the patients on the first two principal components of all features${embedding ? ` (${(100 * (embedding.shares[0] + embedding.shares[1])).toFixed(0)}% of the variance)` : ""}; filled: with the event.`;
  const left = titled("Standardised difference of means", differences(shown));
  const right = titled(
    "Both cohorts, all features",
    embedding ? map(embedding) : sentence("the features span fewer than two dimensions", 320, 320),
  );
  return { name: "external-shift", title, caption, svg: standalone("external-shift", title, caption, beside([left, right], 28)) };
}

function differences(features: CohortShift["features"]): Panel {
  const most = Math.max(0.5, ...features.map(({ smd }) => Math.abs(smd))) * 1.1;
  const x = (value: number) => LEFT + AXIS / 2 + (value / most) * (AXIS / 2);
  const height = features.length * ROW + 30;
  const step = most > 2 ? 1 : 0.5;
  const marks = Array.from({ length: 2 * Math.floor(most / step) + 1 }, (_, i) => (i - Math.floor(most / step)) * step);
  const grid = marks.map(
    (at) =>
      line(x(at), 6, x(at), height - 18, { stroke: at === 0 ? "#222222" : "#dddddd" }) +
      text(x(at), height - 5, String(at).replace("-", "\u2212"), { anchor: "middle", size: 10, fill: FAINT }),
  );
  const band = `<rect x="${x(-0.1).toFixed(2)}" y="6" width="${(x(0.1) - x(-0.1)).toFixed(2)}" height="${height - 24}" fill="#eeeeee"/>`;
  const rows = features.map(({ feature, smd }, k) => {
    const y = 15 + k * ROW;
    return (
      text(LEFT - 8, y + 4, shortened(feature, LEFT - 10, 10), { anchor: "end", size: 10 }) +
      line(x(0), y, x(smd), y, { stroke: EXTERNAL, width: 2 }) +
      `<circle cx="${x(smd).toFixed(2)}" cy="${y}" r="4" fill="${EXTERNAL}" stroke="#222222" stroke-width="0.8"/>`
    );
  });
  return { width: LEFT + AXIS + 8, height, content: band + grid.join("") + rows.join("") };
}

function map({ points, shares, isExternal, outcome }: NonNullable<CohortShift["embedding"]>): Panel {
  const rows = points.map(([x, y], i) => ({ x, y, isExternal: isExternal[i]!, event: outcome[i] === 1 }));
  const colour = (row: (typeof rows)[number]) => (row.isExternal ? EXTERNAL : INTERNAL);
  const dots = [false, true].map((external) =>
    Plot.dot(
      rows.filter((row) => row.isExternal === external),
      {
        x: "x",
        y: "y",
        symbol: external ? "triangle" : "circle",
        r: 4,
        stroke: colour,
        fill: (row) => (row.event ? colour(row) : "#ffffff"),
        fillOpacity: 0.85,
      },
    ),
  );
  const percent = (share: number) => `${(100 * share).toFixed(0)}%`;
  const plot = drawPlot({
    width: 330,
    height: 320,
    x: { label: `first component (${percent(shares[0])} of the variance)`, nice: true },
    y: { label: `second component (${percent(shares[1])})`, nice: true },
    grid: true,
    marks: [...dots, Plot.frame()],
  });
  const key: Panel = {
    width: 330,
    height: 18,
    content:
      `<circle cx="54" cy="9" r="4" fill="${INTERNAL}"/>` +
      text(64, 13, "internal", { size: 10 }) +
      `<path d="M130,4l5,9h-10z" fill="${EXTERNAL}"/>` +
      text(142, 13, "external", { size: 10 }) +
      text(205, 13, "filled: event", { size: 10 }),
  };
  return below([plot, key], 2);
}
