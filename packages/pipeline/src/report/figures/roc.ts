import * as Plot from "@observablehq/plot";
import { rocCurve } from "../../stats/prediction/roc.ts";
import { aucWords } from "../auc-words.ts";
import { auc } from "../words.ts";
import type { ModelRisks } from "../risks.ts";
import { below, beside, drawPlot, sentence, standalone, titled, type Figure, type Panel } from "./draw.ts";
import { legend } from "./legend.ts";
import { FAINT, lineStyle } from "./palette.ts";

const SIZE = 340;

/**
 * The ROC curves of all models, a panel a cohort, each with its AUC and 95% interval.
 *
 * Equal scores give a slanted step, so that the area under what is drawn is the AUC.
 */
export function rocFigure(models: readonly ModelRisks[]): Figure {
  const panels = [panel(`Internal, cross-validated`, models, "internal")];
  if (models.some(({ external }) => external)) panels.push(panel("External, ensemble of fold models", models, "external"));
  const title = "Receiver operating characteristic of every model";
  const { interval } = aucWords(models.some(({ internal }) => internal.groups !== undefined));
  const caption = `Curves of the pooled cross-validated risks (internal) and of the mean risk of the fold models (external), with the area under each and ${interval}. The diagonal is a model without information.`;
  return { name: "roc", title, caption, svg: standalone("roc", title, caption, beside(panels, 28)) };
}

function panel(words: string, models: readonly ModelRisks[], cohort: "internal" | "external"): Panel {
  const shown = models.flatMap((model, k) => {
    const scores = model[cohort];
    return scores && new Set(scores.outcome).size === 2 ? [{ model, scores, style: lineStyle(k) }] : [];
  });
  if (shown.length === 0) return titled(words, sentence("no patients of both outcomes", SIZE, SIZE));
  const plot = drawPlot({
    width: SIZE,
    height: SIZE,
    x: { domain: [0, 1], label: "1 - specificity", ticks: 5 },
    y: { domain: [0, 1], label: "sensitivity", ticks: 5 },
    grid: true,
    marks: [
      Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: FAINT, strokeDasharray: "3 3" }),
      ...shown.map(({ scores, style }) => {
        const { fpr, tpr } = rocCurve(scores.outcome, scores.risk);
        const points = [[0, 0], ...Array.from(fpr, (x, i) => [x, tpr[i]!])];
        return Plot.line(points, {
          x: "0",
          y: "1",
          stroke: style.stroke,
          strokeWidth: 1.8,
          ...(style.dash && { strokeDasharray: style.dash }),
        });
      }),
      Plot.frame(),
    ],
  });
  const entries = shown.map(({ model, scores, style }) => ({ ...style, words: model.name, value: auc(scores.evaluation) }));
  return titled(words, below([plot, legend(entries, SIZE)], 4));
}
