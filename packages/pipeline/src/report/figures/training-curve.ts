import * as Plot from "@observablehq/plot";
import { below, drawPlot, standalone, titled, type Figure } from "./draw.ts";
import { legend } from "./legend.ts";
import { FAINT, HIGH, LOW } from "./palette.ts";

const WIDTH = 560;

/** One epoch of a training. */
export interface TrainingEpoch {
  /** From 1. */
  readonly epoch: number;
  /** Mean cross-entropy of the training slices, in nats. */
  readonly trainLoss: number;
  /** Mean Dice coefficient of the validation patients, 0 .. 1; null where there are none. */
  readonly validationDice: number | null;
}

/**
 * How a network learnt: the loss of its training slices and the Dice coefficient of its validation patients, epoch by epoch.
 *
 * @param kept  the epoch whose weights were kept
 */
export function trainingCurveFigure(epochs: readonly TrainingEpoch[], kept: number): Figure {
  const x = { label: "epoch", domain: [Math.min(1, epochs[0]?.epoch ?? 1), Math.max(2, epochs.at(-1)?.epoch ?? 2)] };
  const rule = Plot.ruleX([kept], { stroke: FAINT, strokeDasharray: "4 3" });
  const loss = drawPlot({
    width: WIDTH,
    height: 210,
    x,
    y: { label: "training loss", zero: true, nice: true, grid: true },
    marks: [rule, Plot.line(epochs, { x: "epoch", y: "trainLoss", stroke: HIGH.stroke, strokeWidth: 2 }), Plot.ruleY([0])],
  });
  const dice = drawPlot({
    width: WIDTH,
    height: 210,
    x,
    y: { label: "validation Dice", domain: [0, 1], ticks: 5, grid: true },
    marks: [
      rule,
      Plot.line(
        epochs.map(({ epoch, validationDice }) => ({ epoch, dice: validationDice ?? Number.NaN })),
        { x: "epoch", y: "dice", stroke: LOW.stroke, strokeWidth: 2 },
      ),
      Plot.ruleY([0]),
    ],
  });
  const title = "Training of the network";
  const caption = `Mean cross-entropy of the training slices and mean Dice coefficient of the validation patients over ${epochs.length} epochs; the weights of epoch ${kept} were kept.`;
  const key = legend([{ stroke: FAINT, dash: "4 3", words: `epoch ${kept}: the weights that were kept` }], WIDTH);
  return {
    name: "training-curve",
    title,
    caption,
    svg: standalone("training-curve", title, caption, titled(title, below([loss, dice, key], 0))),
  };
}
