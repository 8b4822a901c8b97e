import * as Plot from "@observablehq/plot";
import { decisionCurve } from "../../stats/prediction/decision-curve.ts";
import type { ModelRisks } from "../risks.ts";
import { below, beside, drawPlot, sentence, standalone, titled, type Figure, type Panel } from "./draw.ts";
import { legend } from "./legend.ts";
import { FAINT, lineStyle } from "./palette.ts";

const SIZE = 340;
const THRESHOLDS = Array.from({ length: 89 }, (_, i) => (i + 1) / 100);

/** Whether acting on a model's risk does more good than acting on everybody or nobody, a panel a cohort. */
export function decisionCurveFigure(models: readonly ModelRisks[]): Figure {
  const panels = [panel("Internal, cross-validated", models, "internal")];
  if (models.some(({ external }) => external)) panels.push(panel("External", models, "external"));
  const title = "Decision curves";
  const caption =
    "Net benefit, in true positives a patient, of acting on patients at or above a threshold risk, beside acting on all (dashed grey) and on nobody (zero). The axis ends below where a curve would be harmful.";
  return { name: "decision-curve", title, caption, svg: standalone("decision-curve", title, caption, beside(panels, 28)) };
}

function panel(words: string, models: readonly ModelRisks[], cohort: "internal" | "external"): Panel {
  const shown = models.flatMap((model, k) => {
    const scores = model[cohort];
    return scores && scores.outcome.includes(1)
      ? [{ name: model.name, style: lineStyle(k), curve: decisionCurve(scores.outcome, scores.risk, THRESHOLDS) }]
      : [];
  });
  const first = shown[0];
  if (!first) return titled(words, sentence("no patient has the event", SIZE, SIZE * 0.8));
  const top = Math.max(
    0.05,
    first.curve[0]!.treatAll * 1.15,
    ...shown.flatMap(({ curve }) => curve.map((point) => point.netBenefit * 1.05)),
  );
  const bottom = -0.25 * top;
  const until = <T>(points: readonly T[], value: (point: T) => number): T[] => points.filter((point) => value(point) >= bottom);
  const plot = drawPlot({
    width: SIZE,
    height: 300,
    x: { domain: [0, 0.9], label: "threshold risk", ticks: 9 },
    y: { domain: [bottom, top], label: "net benefit" },
    grid: true,
    marks: [
      Plot.ruleY([0], { stroke: "#222222" }),
      Plot.line(
        until(first.curve, (point) => point.treatAll),
        { x: "threshold", y: "treatAll", stroke: FAINT, strokeDasharray: "4 3" },
      ),
      ...shown.map(({ curve, style }) =>
        Plot.line(
          curve.map((point) => ({ x: point.threshold, y: point.netBenefit >= bottom ? point.netBenefit : Number.NaN })),
          { x: "x", y: "y", stroke: style.stroke, strokeWidth: 1.8, ...(style.dash && { strokeDasharray: style.dash }) },
        ),
      ),
      Plot.frame(),
    ],
  });
  const entries = [...shown.map(({ name, style }) => ({ ...style, words: name })), { stroke: FAINT, dash: "4 3", words: "act on all" }];
  return titled(words, below([plot, legend(entries, SIZE)], 4));
}
