import type { ModelAgreement } from "../../study/robustness/agreement.ts";
import type { Robustness } from "../../study/robustness/robustness.ts";
import { GRADES, gradesByBlock } from "../robustness-tables.ts";
import { below, beside, line, sentence, standalone, text, titled, type Figure, type Panel } from "./draw.ts";
import { EXTERNAL, FAINT, INTERNAL } from "./palette.ts";

/** Shades of one hue, best first: they differ in print. */
const SHADES = ["#004466", "#3b7fa6", "#9cc4dc", "#e4e4e4"] as const;
const [LEFT, BAR, ROW] = [190, 420, 22];

/** How far simulated readers agree on features, block by block. */
export function featureAgreementFigure({ features, readers }: Robustness): Figure {
  const title = "Agreement of simulated readers on features";
  const caption = `Share of the features of each kind whose ICC(2,1) over ${readers.readers} simulated readers is excellent (at least 0.9), good (0.75), moderate (0.5) or poor, of those that have one. n: their number.`;
  const blocks = gradesByBlock(features);
  const rows = blocks.map(({ block, icc, counts }, k) => {
    const y = k * ROW;
    let x = LEFT;
    const bars = counts.map((count, g) => {
      const width = icc.length ? (count / icc.length) * BAR : 0;
      const bar = `<rect x="${x.toFixed(2)}" y="${y + 3}" width="${width.toFixed(2)}" height="${ROW - 7}" fill="${SHADES[g]}" stroke="#222222" stroke-width="0.6"/>`;
      x += width;
      return width > 0 ? bar : "";
    });
    return (
      text(LEFT - 8, y + 14, block, { anchor: "end", size: 10 }) +
      bars.join("") +
      text(LEFT + BAR + 8, y + 14, `n = ${icc.length}`, { size: 10 })
    );
  });
  const chart: Panel = { width: LEFT + BAR + 70, height: blocks.length * ROW, content: rows.join("") };
  const axis: Panel = {
    width: chart.width,
    height: 18,
    content: [0, 25, 50, 75, 100]
      .map((p) => text(LEFT + (p / 100) * BAR, 12, `${p}%`, { anchor: "middle", size: 10, fill: FAINT }))
      .join(""),
  };
  const key: Panel = {
    width: chart.width,
    height: 22,
    content: GRADES.map(
      ([name, least], g) =>
        `<rect x="${LEFT + g * 105}" y="5" width="11" height="11" fill="${SHADES[g]}" stroke="#222222" stroke-width="0.6"/>` +
        text(LEFT + g * 105 + 16, 14, Number.isFinite(least) ? `${name}, \u2265 ${least}` : name, { size: 10 }),
    ).join(""),
  };
  return {
    name: "robustness-features",
    title,
    caption,
    svg: standalone("robustness-features", title, caption, below([key, chart, axis], 2)),
  };
}

const [WIDTH, HEIGHT] = [350, 300];
const [MARGIN, FOOT, TOP] = [44, 30, 10];

/** Every patient's risk by one model: as studied, and from the lowest to the highest of the readers. */
export function riskAgreementFigure({ readers }: Robustness, { model, threshold, risks }: ModelAgreement): Figure {
  const title = `Risks by ${model} before simulated readers`;
  const caption = `One bar a patient, from the lowest to the highest risk over ${readers.readers} simulated readers; the dot is the risk by the study's own annotation, filled with the event. Patients by rising risk; dashed: the threshold of ${threshold.toPrecision(3)}.`;
  const panels = (["internal", "external"] as const)
    .map((cohort) => [cohort, risks.filter((one) => one.cohort === cohort).toSorted((a, b) => a.studied - b.studied)] as const)
    .filter(([, own]) => own.length > 0)
    .map(([cohort, own]) =>
      titled(
        cohort === "internal" ? "Internal, cross-validated" : "External",
        bars(own, threshold, cohort === "internal" ? INTERNAL : EXTERNAL),
      ),
    );
  return { name: "robustness-risks", title, caption, svg: standalone("robustness-risks", title, caption, beside(panels, 24)) };
}

function bars(risks: ModelAgreement["risks"], threshold: number, colour: string): Panel {
  if (risks.length === 0) return sentence("no patient has a risk", WIDTH, HEIGHT);
  const y = (value: number) => HEIGHT - FOOT - value * (HEIGHT - TOP - FOOT);
  const step = (WIDTH - MARGIN - 8) / risks.length;
  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (at) =>
      line(MARGIN, y(at), WIDTH - 8, y(at), { stroke: at === 0 ? "#222222" : "#dddddd" }) +
      text(MARGIN - 6, y(at) + 4, at.toFixed(1), { anchor: "end", size: 10 }),
  );
  const marks = risks.map(({ studied, readers, outcome }, i) => {
    const x = MARGIN + step * (i + 0.5);
    const known = readers.filter((risk) => risk !== null);
    const bar = known.length
      ? line(x, y(Math.min(...known)) + 1, x, y(Math.max(...known)) - 1, { stroke: colour, width: Math.min(4, step * 0.6) })
      : "";
    return `${bar}<circle cx="${x.toFixed(2)}" cy="${y(studied).toFixed(2)}" r="${Math.min(3.2, Math.max(1.2, step * 0.45)).toFixed(2)}" fill="${outcome === 1 ? "#222222" : "#ffffff"}" stroke="#222222" stroke-width="1"/>`;
  });
  const cut = line(MARGIN, y(threshold), WIDTH - 8, y(threshold), { stroke: FAINT, dash: "5 3", width: 1.5 });
  const axis = text((MARGIN + WIDTH) / 2, HEIGHT - 10, "patients by rising risk", { anchor: "middle" });
  return { width: WIDTH, height: HEIGHT, content: grid.join("") + cut + marks.join("") + axis };
}
