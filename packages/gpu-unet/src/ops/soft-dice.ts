// The loss layer for overlap: soft Dice of the foreground, slice by slice.
import { ShapeError } from "../errors.ts";
import type { Binding, Gpu, Pass } from "../gpu.ts";
import type { Images, Tensor } from "../tensor.ts";
import type { Labels } from "./cross-entropy.ts";
import { reducePartials } from "./reduce.ts";
import type { Partials } from "./reduce.ts";

/** Of each slice: the sum of p y, and the sum of p plus the sum of y; p is a pixel's probability of foreground, y whether it is. */
export type DiceSums = Tensor<readonly [n: number, two: 2]>;

/** Pixels a workgroup of the forward kernel sums. */
const PIXELS_A_GROUP = 1024;

/**
 * Records the sums of which `softDiceLoss` makes the loss; formula in kernels/soft-dice-forward.wgsl.
 *
 * @param partials  scratch of `softDicePartials` values or more
 */
export function softDiceForward(gpu: Gpu, pass: Pass, logits: Images, labels: Labels, sums: DiceSums, partials: Partials): void {
  const { N, C, SIZE } = sizesOf(logits, labels, sums);
  const groups = Math.ceil(SIZE / PIXELS_A_GROUP);
  gpu.run(pass, "soft-dice-forward", { C, SIZE }, [logits, labels, partials.of(groups, sums.shape)], [groups, N, 1]);
  reducePartials(gpu, pass, partials, groups, sums);
}

/** Values of scratch that `softDiceForward` needs. */
export function softDicePartials(N: number, SIZE: number): number {
  return Math.ceil(SIZE / PIXELS_A_GROUP) * N * 2;
}

/**
 * Records dlogits, the gradient of the loss averaged over the slices of a step; formula in kernels/soft-dice-backward.wgsl.
 *
 * @param step    the uniform of `adam.ts`, whose share is 1 / the slices of the step
 * @param smooth  above 0
 */
export function softDiceBackward(
  gpu: Gpu,
  pass: Pass,
  logits: Images,
  labels: Labels,
  sums: DiceSums,
  step: Binding,
  smooth: number,
  dlogits: Images,
): void {
  const { N, C, SIZE } = sizesOf(logits, labels, sums);
  if (dlogits.shape.join() !== logits.shape.join()) {
    throw new ShapeError(`softDice: dlogits must be [${logits.shape}], its shape is [${dlogits.shape}]`);
  }
  const sizes = { C, SIZE, SMOOTH: smooth };
  gpu.run(pass, "soft-dice-backward", sizes, [logits, labels, sums, step, dlogits], [Math.ceil(SIZE / 64), N, 1]);
}

/**
 * Soft Dice loss of slices, averaged over them:  1 - (2 * sum of p y + smooth) / (sum of p + sum of y + smooth).
 *
 * @param sums   (slices or more, 2), see `DiceSums`
 * @param count  slices
 * @returns      0 .. 1
 * @see Milletari et al. 2016, with sums of p and y in place of their squares, as Drozdzal et al. 2016
 */
export function softDiceLoss(sums: ArrayLike<number>, count: number, smooth: number): number {
  let loss = 0;
  for (let n = 0; n < count; n++) loss += 1 - (2 * sums[2 * n]! + smooth) / (sums[2 * n + 1]! + smooth);
  return loss / count;
}

function sizesOf(logits: Images, labels: Labels, sums: DiceSums) {
  const [N, C, H, W] = logits.shape;
  if (labels.shape.join() !== [N, H, W].join()) {
    throw new ShapeError(`softDice: labels must be [${[N, H, W]}], their shape is [${labels.shape}]`);
  }
  if (sums.shape.join() !== [N, 2].join()) throw new ShapeError(`softDice: sums must be [${[N, 2]}], their shape is [${sums.shape}]`);
  return { N, C, SIZE: H * W };
}
