import * as Plot from "@observablehq/plot";
import { calibration } from "../../stats/prediction/calibration.ts";
import type { ModelRisks, Risks } from "../risks.ts";
import { two } from "../words.ts";
import { below, beside, drawPlot, sentence, standalone, text, titled, wrapped, type Figure, type Panel } from "./draw.ts";
import { EXTERNAL, FAINT, HIGH, INTERNAL, LOW } from "./palette.ts";

const SIZE = 320;

/** How well the primary model's risks agree with what came, a panel a cohort. */
export function calibrationFigure({ name, internal, external }: ModelRisks): Figure {
  const panels = [panel("Internal, cross-validated", internal, INTERNAL)];
  if (external) panels.push(panel("External", external, EXTERNAL));
  const title = `Calibration of ${name}`;
  const caption =
    "Observed share of events in groups of about equal size by rising risk (dots, with Wilson's 95% interval) and the line of logistic recalibration, against perfect agreement (dashed). Below: how the risks of patients with (upper) and without the event (lower) are spread.";
  return { name: "calibration", title, caption, svg: standalone("calibration", title, caption, beside(panels, 28)) };
}

function panel(words: string, { outcome, risk }: Risks, colour: string): Panel {
  if (risk.length === 0) return titled(words, sentence("no patients", SIZE, SIZE));
  const found = calibration(outcome, risk, risk.length < 50 ? 4 : 5);
  const [lowest, highest] = [Math.min(...risk), Math.max(...risk)];
  const { slope, intercept } = found;
  const line =
    slope && intercept
      ? Array.from({ length: 60 }, (_, i) => {
          const x = Math.min(0.999, Math.max(0.001, lowest + ((highest - lowest) * i) / 59));
          return { x, y: 1 / (1 + Math.exp(-(intercept.value + slope.value * Math.log(x / (1 - x))))) };
        })
      : [];
  const plot = drawPlot({
    width: SIZE,
    height: SIZE,
    x: { domain: [0, 1], label: "predicted risk", ticks: 5 },
    y: { domain: [0, 1], label: "observed share of events", ticks: 5 },
    grid: true,
    marks: [
      Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: FAINT, strokeDasharray: "3 3" }),
      Plot.line(line, { x: "x", y: "y", stroke: colour, strokeWidth: 1.8 }),
      Plot.link(found.bins, { x1: "meanRisk", x2: "meanRisk", y1: (bin) => bin.ci[0], y2: (bin) => bin.ci[1], stroke: "#222222" }),
      Plot.dot(found.bins, { x: "meanRisk", y: "observed", r: 4.5, fill: colour, stroke: "#222222" }),
      Plot.frame(),
    ],
  });
  const facts = [
    `Brier score ${two(found.brier)}, mean risk ${two(found.meanRisk)}, observed ${two(found.observed)}`,
    slope && intercept
      ? `slope ${two(slope.value)} (${two(slope.lo)} to ${two(slope.hi)}), intercept ${two(intercept.value)}`
      : `no slope: ${found.reason ?? "not fitted"}`,
  ];
  const lines = facts.flatMap((fact) => wrapped(fact, SIZE - 8, 10));
  const underneath: Panel = {
    width: SIZE,
    height: 2 + 15 * lines.length,
    content: lines.map((fact, k) => text(8, 12 + 15 * k, fact, { size: 10 })).join(""),
  };
  return titled(words, below([plot, spread(outcome, risk), underneath], 2));
}

/** Two rows of ticks: with the event above, without it below. */
function spread(outcome: readonly number[], risk: readonly number[]): Panel {
  const [left, right] = [48, 12];
  const x = (value: number) => left + value * (SIZE - left - right);
  const ticks = risk.map((value, i) => {
    const isEvent = outcome[i] === 1;
    const y = isEvent ? 3 : 18;
    return `<line x1="${x(value).toFixed(2)}" x2="${x(value).toFixed(2)}" y1="${y}" y2="${y + 11}" stroke="${isEvent ? HIGH.stroke : LOW.stroke}" stroke-width="1.2" stroke-opacity="0.7"/>`;
  });
  const labels = text(left - 6, 12, "event", { anchor: "end", size: 9 }) + text(left - 6, 27, "none", { anchor: "end", size: 9 });
  return { width: SIZE, height: 34, content: labels + ticks.join("") };
}
