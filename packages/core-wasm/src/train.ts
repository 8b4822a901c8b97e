// Training on the CPU: the gradients of a batch, and what the optimiser does with them. The two can be called apart, so that several workers,
// each with a trainer of its own, can share a batch (batch-shares.ts).
import { middleOf } from "./batch-shares.ts";
import type { GradientSum } from "./batch-shares.ts";
import type { Core } from "./core.ts";
import { ShapeError } from "./errors.ts";
import { placeKept } from "./placement.ts";
import { checkLoss } from "./training-loss.ts";
import type { LossScales, TrainingLoss } from "./training-loss.ts";
import { checkSize, describe, runSlices } from "./unet.ts";
import type { UNetSpec } from "./unet.ts";
import { createBackward, placeGradients } from "./unet-gradients.ts";
import { packBackward, packForward, placeLayers } from "./unet-layers.ts";
import { ACTIVATIONS, createForward, placeMaps } from "./unet-maps.ts";
import { flatten, parametersFrom, parameterTable, widthsOf } from "./unet-parameters.ts";
import type { Parameter, Parameters } from "./unet-parameters.ts";

/** The label of a pixel that takes no part in the loss. */
export const IGNORED_LABEL = 255;

/** How a network is trained. */
export interface TrainerSpec extends UNetSpec {
  /** Slices a step at most. */
  readonly batch: number;
  readonly learningRate: number;
  /** A factor for the loss of each class's pixels; 1 for each by default. */
  readonly classWeights?: readonly number[] | undefined;
  /** Cross-entropy by default. */
  readonly loss?: TrainingLoss | undefined;
  /** "adam" (default) adds weightDecay * parameter to the gradient; "adamw" shrinks the parameter by learningRate * weightDecay instead. */
  readonly optimiser?: "adam" | "adamw" | undefined;
  /** Decay of the gradient's running mean, and of its square's; 0.9 and 0.999. */
  readonly betas?: readonly [mean: number, square: number] | undefined;
  /** Added to the root of the square; 1e-8. */
  readonly epsilon?: number | undefined;
  /** 0 for Adam, 0.01 for AdamW. */
  readonly weightDecay?: number | undefined;
  /** The state of an earlier trainer, whose training goes on as if it had not been interrupted. */
  readonly state?: TrainerState | undefined;
}

/** What a trainer remembers besides the weights. */
export interface TrainerState {
  /** Steps taken. */
  readonly steps: number;
  /** Running mean of each parameter's gradient. */
  readonly mean: Parameters;
  /** Running mean of its square. */
  readonly square: Parameters;
}

/** A network in training. The same slices, labels and state give the same bits on one machine and build. */
export interface Trainer {
  /** Slices a step at most. */
  readonly batch: number;
  /**
   * One step of the optimiser on 1 to `batch` slices.
   *
   *   cross-entropy = sum over pixels of w[label] * -log softmax(logits)[label] / sum over pixels of w[label]
   *   dice          = mean over slices of 1 - (2 * sum of p y + smooth) / (sum of p + sum of y + smooth), p the foreground's softmax
   *
   * @param slices  (count, inChannels, H, W)
   * @param labels  (count, H, W), the class of each pixel, or IGNORED_LABEL
   * @returns       the loss before the step; not finite once a training has diverged
   * @throws ShapeError where the arrays do not fit, a label is no class, or no pixel has weight
   */
  step(slices: Float32Array, labels: Uint8Array, options?: { readonly learningRate?: number | undefined }): { loss: number };
  /**
   * The scales of a step on these labels (count, H, W).
   *
   * @throws ShapeError where a label is no class, or no pixel has weight
   */
  scalesOf(labels: Uint8Array): LossScales;
  /**
   * A branch of a batch (see `batchShares`): its part in the step's loss, and that part's gradient in the order of the parameters' table. The
   * weights stay.
   *
   * @param scales  of the whole step
   */
  gradientsOf(slices: Float32Array, labels: Uint8Array, scales: LossScales): GradientSum;
  /** One step of the optimiser with the gradient of a whole batch, which `gradients` gives from then on. */
  update(gradient: Float32Array, learningRate: number): void;
  /** The logits of any number of slices by the weights as they are now; (count, classes, H, W). */
  logits(slices: Float32Array, count: number): Float32Array;
  /** The gradients of the last step, by the parameters' names. */
  gradients(): Map<string, Parameter>;
  /** The weights as they are now. */
  weights(): Map<string, Parameter>;
  /** What is needed, besides the weights, to go on later. */
  state(): { steps: number; mean: Map<string, Parameter>; square: Map<string, Parameter> };
}

/**
 * Places a network in wasm memory to be trained. Each slice is run forward and backward by itself, so a larger batch takes no more room but a
 * sum of gradients for each doubling.
 *
 * @throws ShapeError where the weights are no whole network, the size is no multiple of 16, or a class has no weight; DeviceError when a
 *         4 GiB memory cannot hold it
 */
export function createTrainer(core: Core, spec: TrainerSpec): Trainer {
  const { height, width, learningRate, state, optimiser = "adam", betas = [0.9, 0.999], epsilon = 1e-8 } = spec;
  const weightDecay = spec.weightDecay ?? (optimiser === "adamw" ? 0.01 : 0);
  const widths = widthsOf(spec.weights);
  checkSize(height, width);
  const batch = Math.max(1, Math.floor(spec.batch));
  const loss = checkLoss(spec.loss);
  const classWeights = checkClassWeights(spec.classWeights, widths.classes);
  const table = parameterTable(widths);
  const size = table.reduce((sum, { length }) => sum + length, 0);
  const padded = Math.ceil(size / 4) * 4;
  const [sliceLength, pixels] = [widths.inChannels * height * width, height * width];
  const { exports } = core;

  const placed = placeKept(core, describe(widths, height, width), (allocate) => {
    const layers = placeLayers(exports, widths, height, width, true, allocate);
    const maps = placeMaps(exports, widths, height, width, true, allocate);
    return {
      layers,
      maps,
      slopes: placeGradients(exports, layers, maps, allocate),
      parameters: allocate(padded * 4),
      mean: allocate(padded * 4),
      square: allocate(padded * 4),
      // One for a slice's gradient, and one for each level of the tree of sums above it.
      sums: Array.from({ length: 1 + Math.ceil(Math.log2(batch)) }, () => allocate(padded * 4)),
      labels: allocate(pixels),
      classWeights: allocate(widths.classes * 8),
    };
  });
  const floats = (ptr: number) => new Float32Array(exports.memory.buffer, ptr, padded);
  floats(placed.parameters).set(flatten(spec.weights, table, padded));
  if (state) {
    floats(placed.mean).set(flatten(state.mean, table, padded));
    floats(placed.square).set(flatten(state.square, table, padded));
  }
  new Float64Array(exports.memory.buffer, placed.classWeights, widths.classes).set(classWeights);

  const places = new Map(table.map(({ name, first }) => [name, first * 4]));
  const addressIn = (ptr: number) => (name: string) => ptr + places.get(name)!;
  const parameter = addressIn(placed.parameters);
  const forward = createForward(core, placed.layers, placed.maps, ACTIVATIONS[spec.activation]);
  const backward = createBackward(exports, placed.layers, placed.maps, placed.slopes, ACTIVATIONS[spec.activation], loss);
  let steps = state?.steps ?? 0;
  let isForwardPacked = false;
  let isBackwardPacked = false;

  const packed = (forBackward: boolean) => {
    if (!isForwardPacked) packForward(core, placed.layers, (name, first, _, body) => body(parameter(name) + first * 4));
    isForwardPacked = true;
    if (forBackward && !isBackwardPacked) packBackward(core, placed.layers, parameter);
    isBackwardPacked ||= forBackward;
  };

  /** Sums the gradients of slices from .. to into sums[depth] by the tree of batch-shares.ts; the loss of those slices. */
  const sumOver = (slices: Float32Array, labels: Uint8Array, scales: LossScales, from: number, to: number, depth: number): number => {
    if (to - from === 1) {
      forward(slices.subarray(from * sliceLength, to * sliceLength));
      new Uint8Array(exports.memory.buffer, placed.labels, pixels).set(labels.subarray(from * pixels, to * pixels));
      return backward(placed.labels, placed.classWeights, scales, addressIn(placed.sums[depth]!));
    }
    const middle = middleOf(from, to);
    const part = sumOver(slices, labels, scales, from, middle, depth) + sumOver(slices, labels, scales, middle, to, depth + 1);
    exports.addTo(placed.sums[depth]!, placed.sums[depth + 1]!, padded);
    return part;
  };

  /** Leaves the gradient in sums[0]. */
  const gradientOf = (slices: Float32Array, labels: Uint8Array, scales: LossScales): number => {
    const count = slices.length / sliceLength;
    if (!Number.isInteger(count) || count < 1 || count > batch) {
      throw new ShapeError(
        `training: a step takes 1 to ${batch} slices of ${widths.inChannels} x ${height} x ${width}, ${slices.length} values came; check the batch.`,
      );
    }
    if (labels.length !== count * pixels) {
      throw new ShapeError(
        `training: ${count} slices of ${height} x ${width} have ${count * pixels} labels, ${labels.length} came; pass one label a pixel.`,
      );
    }
    packed(true);
    return sumOver(slices, labels, scales, 0, count, 0);
  };

  /** The optimiser, on the gradient in sums[0]. */
  const follow = (rate: number): void => {
    steps++;
    exports.adam(
      placed.sums[0]!,
      padded,
      betas[0],
      betas[1],
      1 - betas[0],
      1 - betas[1],
      epsilon,
      optimiser === "adamw" ? 0 : weightDecay,
      optimiser === "adamw" ? 1 - rate * weightDecay : 1,
      rate / (1 - betas[0] ** steps),
      Math.sqrt(1 - betas[1] ** steps),
      placed.parameters,
      placed.mean,
      placed.square,
    );
    isForwardPacked = false;
    isBackwardPacked = false;
  };

  const scalesOf = (labels: Uint8Array): LossScales => ({
    pixel: 1 / sumOfWeights(labels, classWeights),
    slice: pixels / labels.length,
  });
  return {
    batch,
    scalesOf,
    step(slices, labels, options) {
      const part = gradientOf(slices, labels, scalesOf(labels));
      follow(options?.learningRate ?? learningRate);
      return { loss: part };
    },
    gradientsOf(slices, labels, scales) {
      const part = gradientOf(slices, labels, scales);
      return { gradient: floats(placed.sums[0]!).slice(0, size), loss: part };
    },
    update(gradient, rate) {
      if (gradient.length !== size) {
        throw new ShapeError(
          `training: the network has ${size} parameters, the gradient ${gradient.length} values; pass what gradientsOf gave.`,
        );
      }
      const sum = floats(placed.sums[0]!);
      sum.fill(0, size);
      sum.set(gradient);
      follow(rate);
    },
    logits(slices, count) {
      packed(false);
      return runSlices(core, forward, placed.maps.logits, widths, height, width, slices, count);
    },
    gradients: () => parametersFrom(floats(placed.sums[0]!), table),
    weights: () => parametersFrom(floats(placed.parameters), table),
    state: () => ({ steps, mean: parametersFrom(floats(placed.mean), table), square: parametersFrom(floats(placed.square), table) }),
  };
}

function checkClassWeights(weights: readonly number[] | undefined, classes: number): readonly number[] {
  if (!weights) return Array.from({ length: classes }, () => 1);
  if (weights.length === classes) return weights;
  throw new ShapeError(`training: the network has ${classes} classes, classWeights are ${weights.length}; give one for each class.`);
}

/** Sum over the pixels of their classes' weights, in f64. */
function sumOfWeights(labels: Uint8Array, classWeights: readonly number[]): number {
  const counts = new Float64Array(256);
  for (const label of labels) counts[label]!++;
  const stranger = counts.findIndex((count, label) => count > 0 && label >= classWeights.length && label !== IGNORED_LABEL);
  if (stranger >= 0) {
    throw new ShapeError(
      `training: label ${stranger} is none of the ${classWeights.length} classes; labels are 0 to ${classWeights.length - 1}, or ${IGNORED_LABEL} for pixels to leave out.`,
    );
  }
  const sum = classWeights.reduce((total, weight, label) => total + weight * counts[label]!, 0);
  if (!(sum > 0)) throw new ShapeError("training: no pixel of this step has a label with weight; leave such a batch out.");
  return sum;
}
