// The loss layer: cross-entropy over the classes, weighted by class.
import { ShapeError } from "../errors.ts";
import type { Binding, Gpu, Pass } from "../gpu.ts";
import type { Images, Tensor, Vector } from "../tensor.ts";
import { reducePartials } from "./reduce.ts";
import type { Partials } from "./reduce.ts";

/** Class of each pixel, u32; a class that the network does not have leaves the pixel out. */
export type Labels = Tensor<readonly [n: number, h: number, w: number]>;

/** Pixels a workgroup of the forward kernel sums. */
const PIXELS_A_GROUP = 1024;

/**
 * Records loss = sum over the pixels of their weighted cross-entropy, undivided; formula in kernels/cross-entropy-forward.wgsl.
 *
 * @param loss      one value
 * @param partials  scratch of `crossEntropyPartials` values or more
 */
export function crossEntropyForward(
  gpu: Gpu,
  pass: Pass,
  logits: Images,
  labels: Labels,
  weight: Vector,
  loss: Vector,
  partials: Partials,
): void {
  const { N, C, SIZE } = sizesOf(logits, labels, weight);
  const groups = crossEntropyPartials(N, SIZE);
  const sizes = { C, SIZE, PIXELS: N * SIZE };
  gpu.run(pass, "cross-entropy-forward", sizes, [logits, labels, weight, partials.of(groups, [1])], [groups, 1, 1]);
  reducePartials(gpu, pass, partials, groups, loss);
}

/** Values of scratch that `crossEntropyForward` needs. */
export function crossEntropyPartials(N: number, SIZE: number): number {
  return Math.ceil((N * SIZE) / PIXELS_A_GROUP);
}

/**
 * Records dlogits, the gradient of the mean loss; formula in kernels/cross-entropy-backward.wgsl.
 *
 * @param step  the uniform of `adam.ts`, whose scale divides by the sum of the pixels' class weights
 */
export function crossEntropyBackward(
  gpu: Gpu,
  pass: Pass,
  logits: Images,
  labels: Labels,
  weight: Vector,
  step: Binding,
  dlogits: Images,
): void {
  const { N, C, SIZE } = sizesOf(logits, labels, weight);
  if (dlogits.shape.join() !== logits.shape.join()) {
    throw new ShapeError(`crossEntropy: dlogits must be [${logits.shape}], its shape is [${dlogits.shape}]`);
  }
  gpu.run(pass, "cross-entropy-backward", { C, SIZE }, [logits, labels, weight, step, dlogits], [Math.ceil(SIZE / 64), N, 1]);
}

function sizesOf(logits: Images, labels: Labels, weight: Vector) {
  const [N, C, H, W] = logits.shape;
  if (labels.shape.join() !== [N, H, W].join()) {
    throw new ShapeError(`crossEntropy: labels must be [${[N, H, W]}], their shape is [${labels.shape}]`);
  }
  if (weight.shape[0] !== C) throw new ShapeError(`crossEntropy: logits have ${C} classes, the class weights are ${weight.shape[0]}`);
  return { N, C, SIZE: H * W };
}
