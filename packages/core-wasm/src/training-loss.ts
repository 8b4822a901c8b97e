// What a training makes small, and how a slice's part in it is scaled.
import { ShapeError } from "./errors.ts";
import type { Kernels } from "./kernels.ts";

/** What a training makes small. Pixels labelled IGNORED_LABEL take no part in any of it. */
export interface TrainingLoss {
  /**
   * "cross-entropy": of the pixels, weighted by class; "dice": 1 - soft Dice of the foreground, averaged over the slices of a step
   * (assembly/soft-dice.ts); or the sum of both.
   */
  readonly kind: "cross-entropy" | "dice" | "cross-entropy+dice";
  /** Added to the numerator and the denominator of soft Dice, above 0: a slice without foreground then has a loss and a slope. */
  readonly smooth: number;
}

/** What makes means of a step's sums; the same for all slices of a step, wherever they are computed. */
export interface LossScales {
  /** 1 / the sum over the step's pixels of their classes' weights, for cross-entropy. */
  readonly pixel: number;
  /** 1 / the step's slices, for soft Dice. */
  readonly slice: number;
}

/** Where a slice's arrays lie. */
interface LossPlaces {
  readonly logits: number;
  readonly labels: number;
  /** f64, one a class. */
  readonly classWeights: number;
  readonly dlogits: number;
}

/** The loss that a training takes where none is named. */
const CROSS_ENTROPY: TrainingLoss = { kind: "cross-entropy", smooth: 1 };

/** @throws ShapeError where `smooth` is not above 0 */
export function checkLoss(loss: TrainingLoss = CROSS_ENTROPY): TrainingLoss {
  if (loss.smooth > 0 && Number.isFinite(loss.smooth)) return loss;
  throw new ShapeError(`training: soft Dice takes a smooth above 0, not ${loss.smooth}; 1 is usual.`);
}

/** One slice's part in the loss of its step, scaled; leaves its gradient in `dlogits`. */
export function sliceLoss(
  exports: Kernels,
  { kind, smooth }: TrainingLoss,
  { logits, labels, classWeights, dlogits }: LossPlaces,
  classes: number,
  pixels: number,
  scales: LossScales,
): number {
  const hasCrossEntropy = kind !== "dice";
  let loss = 0;
  if (hasCrossEntropy) loss += exports.crossEntropy(logits, labels, classes, pixels, classWeights, scales.pixel, dlogits) * scales.pixel;
  if (kind !== "cross-entropy")
    loss += exports.softDice(logits, labels, classes, pixels, smooth, scales.slice, hasCrossEntropy, dlogits) * scales.slice;
  return loss;
}
