import * as Plot from "@observablehq/plot";
import { below, drawPlot, standalone, titled, type Figure } from "./draw.ts";
import { legend } from "./legend.ts";
import { FAINT, HIGH, LOW } from "./palette.ts";

const WIDTH = 560;
const CASE = "#bbbbbb";

const LOSS_WORDS = {
  "cross-entropy": "cross-entropy",
  dice: "soft Dice loss",
  "cross-entropy+dice": "cross-entropy plus soft Dice loss",
} as const;

/** One epoch of a training, as far as the figure shows it. */
export interface CurveEpoch {
  /** From 1. */
  readonly epoch: number;
  /** Mean loss of the training slices. */
  readonly loss: number;
  /** Mean Dice coefficient of the validation patients, 0 .. 1. */
  readonly dsc: number;
  readonly cases: readonly { readonly dsc: number }[];
}

/**
 * How a network learnt: the loss of its training slices and the Dice coefficient of its validation patients, epoch by epoch.
 *
 * @param curve  at least one epoch; the same cases in each
 * @param best   the epoch whose weights were kept
 * @param loss   which loss was made small
 */
export function trainingCurveFigure(
  curve: readonly CurveEpoch[],
  best: { readonly epoch: number; readonly dsc: number },
  loss: keyof typeof LOSS_WORDS = "cross-entropy",
): Figure {
  const lossWords = LOSS_WORDS[loss];
  const epochs = curve.length;
  const first = curve[0]!.epoch;
  const x = {
    label: "epoch",
    domain: [first - 0.5, curve.at(-1)!.epoch + 0.5],
    tickFormat: (tick: number) => (Number.isInteger(tick) ? String(tick) : ""),
  };
  const rule = Plot.ruleX([best.epoch], { stroke: FAINT, strokeDasharray: "4 3" });
  const points = epochs <= 40 ? { marker: "circle" as const } : {};
  const losses = drawPlot({
    width: WIDTH,
    height: 210,
    x,
    y: { label: `mean ${lossWords}`, zero: true, nice: true, grid: true },
    marks: [rule, Plot.line(curve, { x: "epoch", y: "loss", stroke: HIGH.stroke, strokeWidth: 2, ...points }), Plot.ruleY([0])],
  });
  const cases = curve[0]!.cases.map((_, i) =>
    Plot.line(
      curve.map((row) => ({ epoch: row.epoch, dsc: row.cases[i]!.dsc })),
      { x: "epoch", y: "dsc", stroke: CASE, strokeWidth: 1 },
    ),
  );
  const dice = drawPlot({
    width: WIDTH,
    height: 240,
    x,
    y: { label: "Dice coefficient", domain: [0, 1], ticks: 5, grid: true },
    marks: [
      rule,
      ...cases,
      Plot.line(curve, { x: "epoch", y: "dsc", stroke: LOW.stroke, strokeWidth: 2.5, ...points }),
      Plot.dot([best], { x: "epoch", y: "dsc", r: 5, fill: LOW.stroke, stroke: "#ffffff" }),
      Plot.ruleY([0]),
    ],
  });
  const count = curve[0]!.cases.length;
  const key = legend(
    [
      { stroke: LOW.stroke, dash: "", words: `validation DSC, mean of ${count} case${count === 1 ? "" : "s"}` },
      { stroke: CASE, dash: "", words: "validation DSC of each case" },
      { stroke: FAINT, dash: "4 3", words: `best ${best.dsc.toFixed(3)}, epoch ${best.epoch}: the weights that were kept` },
    ],
    WIDTH,
  );
  const title = "Training of the network";
  const caption = `Mean ${lossWords} of the training slices and Dice coefficient (DSC) of the ${count} validation cases over ${epochs} epochs; the weights of epoch ${best.epoch} were kept, with a mean DSC of ${best.dsc.toFixed(3)}.`;
  const panel = below([titled("Training loss", losses), titled("Validation", dice), key], 2);
  return { name: "training-curve", title, caption, svg: standalone("training-curve", title, caption, panel) };
}
