// The optimiser: Adam, and AdamW with its decoupled weight decay.
import { ShapeError } from "../errors.ts";
import { spread } from "../gpu.ts";
import type { Binding, Gpu, Pass } from "../gpu.ts";
import { elements } from "../tensor.ts";
import type { Tensor } from "../tensor.ts";

/** How weights follow their gradients. */
export interface AdamSettings {
  /** "adam" adds weightDecay * parameter to the gradient; "adamw" shrinks the parameter by learningRate * weightDecay instead. */
  readonly optimiser: "adam" | "adamw";
  /** Decay of the gradient's running mean, and of its square's; 0.9 and 0.999. */
  readonly betas: readonly [mean: number, square: number];
  /** Added to the root of the square; 1e-8. */
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** A parameter with all that belongs to it, each of the parameter's shape. */
export interface Trained {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  /** Running mean of the gradient. */
  readonly mean: Tensor;
  /** Running mean of its square. */
  readonly square: Tensor;
}

/** Records one step of one parameter; formula in kernels/adam.wgsl. */
export function adam(gpu: Gpu, pass: Pass, { betas, epsilon }: AdamSettings, step: Binding, trained: Trained): void {
  const { parameter, gradient, mean, square } = trained;
  for (const tensor of [gradient, mean, square]) {
    if (tensor.shape.join() !== parameter.shape.join()) {
      throw new ShapeError(`adam: ${tensor.label} must be [${parameter.shape}], its shape is [${tensor.shape}]`);
    }
  }
  const SIZE = elements(parameter.shape);
  const sizes = { SIZE, BETA1: betas[0], BETA2: betas[1], NEW1: 1 - betas[0], NEW2: 1 - betas[1], EPSILON: epsilon };
  gpu.run(pass, "adam", sizes, [gradient, step, parameter, mean, square], spread(Math.ceil(SIZE / 256)));
}

/** Values of the uniform: scale, stepSize, rootCorrection, l2, shrink, share. */
export const STEP_VALUES = 6;

/**
 * What changes from step to step, for the uniform of kernels/adam.wgsl and the losses' gradients.
 *
 * @param t      1 for the first step
 * @param scale  1 / the sum of the class weights of all pixels of the step
 * @param share  1 / the slices of the step
 */
export function stepValues(
  { optimiser, betas, weightDecay }: AdamSettings,
  t: number,
  learningRate: number,
  scale: number,
  share = 1,
): number[] {
  const stepSize = learningRate / (1 - betas[0] ** t);
  const rootCorrection = Math.sqrt(1 - betas[1] ** t);
  const isDecoupled = optimiser === "adamw";
  return [scale, stepSize, rootCorrection, isDecoupled ? 0 : weightDecay, isDecoupled ? 1 - learningRate * weightDecay : 1, share];
}
