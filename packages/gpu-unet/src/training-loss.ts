// What a training makes small, on a device: the losses of a pass and the gradient of its logits, and the loss of a step from its passes.
import { ShapeError } from "./errors.ts";
import type { Gpu, Pass } from "./gpu.ts";
import type { Gradients, Network } from "./network.ts";
import { accumulate } from "./ops/accumulate.ts";
import { crossEntropyBackward, crossEntropyForward } from "./ops/cross-entropy.ts";
import type { Labels } from "./ops/cross-entropy.ts";
import { softDiceBackward, softDiceForward, softDiceLoss } from "./ops/soft-dice.ts";
import { createTensor, tensorFrom } from "./tensor.ts";
import type { Images, Tensor, Vector } from "./tensor.ts";
import { LOGITS } from "./unet.ts";

/** The label of a pixel that takes no part in the loss. */
export const IGNORED_LABEL = 255;

/** What a training makes small. Both losses leave out pixels labelled IGNORED_LABEL. */
export interface TrainingLoss {
  /**
   * "cross-entropy": of the pixels, weighted by class; "dice": 1 - soft Dice of the foreground, averaged over the slices of a step (kernels/soft-dice-forward.wgsl);
   * or the sum of both.
   */
  readonly kind: "cross-entropy" | "dice" | "cross-entropy+dice";
  /** Added to the numerator and the denominator of soft Dice, above 0: a slice without foreground then has a loss and a slope. */
  readonly smooth: number;
}

/** The loss that a training takes where none is named. */
const CROSS_ENTROPY: TrainingLoss = { kind: "cross-entropy", smooth: 1 };

/** A training's loss, checked: a factor for each class's pixels besides. */
export interface LossRule extends TrainingLoss {
  readonly classWeights: readonly number[];
}

/**
 * The loss of a training's settings: cross-entropy, and 1 for each class, where they say nothing.
 *
 * @throws ShapeError where a class has no weight, or soft Dice would divide by zero
 */
export function lossRule(
  classes: number,
  {
    loss = CROSS_ENTROPY,
    classWeights = Array.from({ length: classes }, () => 1),
  }: Partial<{ loss: TrainingLoss; classWeights: readonly number[] }>,
): LossRule {
  if (classWeights.length !== classes) {
    throw new ShapeError(`training: the network has ${classes} classes, classWeights are ${classWeights.length}`);
  }
  if (!(loss.smooth > 0)) throw new ShapeError(`training: soft Dice takes a smooth above 0, not ${loss.smooth}; 1 is usual`);
  return { ...loss, classWeights };
}

/** Numbers that a pass of N slices leaves for the step's loss: cross-entropy's sum over its pixels, and both sums of soft Dice of each slice. */
export function lossesAPass(N: number): number {
  return 1 + 2 * N;
}

/** The losses of a pass on a device. */
export interface PassLoss {
  /** Classes of a pass's pixels, to be written before it. */
  readonly labels: Labels;
  readonly buffers: readonly GPUBuffer[];
  /** Records the losses from the logits, and the gradient of the logits. */
  record(pass: Pass): void;
  /** Records the copy of a pass's numbers (`lossesAPass`) to those of the p-th pass of a step. */
  keep(commands: GPUCommandEncoder, losses: Vector, p: number): void;
}

/**
 * Makes the tensors of a pass's losses; to be called inside `gpu.guarded`.
 *
 * @param step  the uniform of `ops/adam.ts`, with the step's scale and share
 */
export function createPassLoss(gpu: Gpu, network: Network, gradients: Gradients, step: Tensor, rule: LossRule): PassLoss {
  const { kind, smooth, classWeights } = rule;
  const [hasCrossEntropy, hasDice] = [kind !== "dice", kind !== "cross-entropy"];
  const [logits, dlogits] = [network.maps.get(LOGITS) as Images, gradients.maps.get(LOGITS) as Images];
  const [N, , H, W] = logits.shape;
  const labels: Labels = createTensor(gpu, "labels", [N, H, W]);
  const weight = tensorFrom(gpu, "class weights", [classWeights.length], Float32Array.from(classWeights));
  const loss: Vector = createTensor(gpu, "loss", [1]);
  const diceSums = createTensor(gpu, "soft Dice: sums", [N, 2]);
  // Both losses have a gradient of the logits; the second one's, where there are two, is made apart and added.
  const dlogitsOfDice = hasCrossEntropy && hasDice ? createTensor(gpu, "gradient of logits by Dice", logits.shape) : dlogits;
  return {
    labels,
    buffers: [labels, weight, loss, diceSums, dlogitsOfDice].map(({ buffer }) => buffer),
    record(pass) {
      if (hasCrossEntropy) {
        crossEntropyForward(gpu, pass, logits, labels, weight, loss, gradients.partials);
        crossEntropyBackward(gpu, pass, logits, labels, weight, step, dlogits);
      }
      if (hasDice) {
        softDiceForward(gpu, pass, logits, labels, diceSums, gradients.partials);
        softDiceBackward(gpu, pass, logits, labels, diceSums, step, smooth, dlogitsOfDice);
      }
      if (dlogitsOfDice !== dlogits) accumulate(gpu, pass, dlogitsOfDice, dlogits);
    },
    keep(commands, losses, p) {
      const at = p * lossesAPass(N) * 4;
      commands.copyBufferToBuffer(loss.buffer, 0, losses.buffer, at, 4);
      commands.copyBufferToBuffer(diceSums.buffer, 0, losses.buffer, at + 4, diceSums.bytes);
    },
  };
}

/**
 * The loss of a step, from what its passes of N slices left.
 *
 * @param losses  `lossesAPass(N)` numbers a pass
 * @param count   slices of the step
 * @param scale   1 / the sum of its pixels' weights
 */
export function lossOfStep({ kind, smooth }: TrainingLoss, losses: Float32Array, N: number, count: number, scale: number): number {
  const a = lossesAPass(N);
  const passes = Array.from({ length: losses.length / a }, (_, p) => losses.subarray(p * a, (p + 1) * a));
  const crossEntropy = passes.reduce((sum, [loss]) => sum + loss!, 0) * scale;
  const sums = passes.flatMap((values) => [...values.subarray(1)]);
  return (kind === "dice" ? 0 : crossEntropy) + (kind === "cross-entropy" ? 0 : softDiceLoss(sums, count, smooth));
}

/**
 * Sum over the pixels of their classes' weights, in f64.
 *
 * @throws ShapeError where a label is no class, or no pixel has weight
 */
export function sumOfWeights(labels: Uint8Array, { classWeights }: LossRule): number {
  const counts = new Float64Array(256);
  for (const label of labels) counts[label]!++;
  const stranger = counts.findIndex((count, label) => count > 0 && label >= classWeights.length && label !== IGNORED_LABEL);
  if (stranger >= 0) {
    throw new ShapeError(
      `training: label ${stranger} is none of the ${classWeights.length} classes; labels are 0 to ${classWeights.length - 1}, or ${IGNORED_LABEL} for pixels to leave out`,
    );
  }
  const sum = classWeights.reduce((total, weight, label) => total + weight * counts[label]!, 0);
  if (!(sum > 0)) throw new ShapeError("training: no pixel of this step has a label with weight; leave such a batch out");
  return sum;
}
