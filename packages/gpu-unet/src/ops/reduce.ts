// The second stage of the long sums of the gradients, and how their first stage is shared out.
import { ShapeError } from "../errors.ts";
import { spread } from "../gpu.ts";
import type { Gpu, Pass } from "../gpu.ts";
import { elements, tensorIn } from "../tensor.ts";
import type { Images, Tensor, Vector } from "../tensor.ts";

/** Workgroups that a first stage aims at: enough to fill a large GPU, few enough that the second stage stays short. */
const GROUPS = 2048;
/** Values of partial sums at most, as long as one share does not need more: 16 MiB. */
const VALUES = 2 ** 22;

/** Scratch for partial sums; every layer's take turns in it. */
export interface Partials {
  readonly buffer: GPUBuffer;
  /** The first values of the scratch as (shares, ...shape). */
  of(shares: number, shape: readonly number[]): Tensor;
}

/** Partial sums in this buffer. */
export function partialsIn(buffer: GPUBuffer): Partials {
  return { buffer, of: (shares, shape) => tensorIn(buffer, "partial sums", [shares, ...shape]) };
}

/**
 * How many rows of all images each share of a weight's gradient adds. It depends on sizes alone, never on the adapter, so that the sums are the
 * same on each.
 *
 * @param groups  workgroups a share
 * @param shape   the weight's
 */
export function shareRows(rowCount: number, groups: number, shape: readonly number[]): { rows: number; shares: number } {
  const wanted = Math.min(Math.ceil(GROUPS / groups), Math.floor(VALUES / elements(shape)), rowCount);
  const rows = Math.ceil(rowCount / Math.max(1, wanted));
  return { rows, shares: Math.ceil(rowCount / rows) };
}

/** Values of scratch for a weight's and a bias's gradient. */
export function largestPartial(rowCount: number, groups: number, shape: readonly number[], planes: number): number {
  return Math.max(shareRows(rowCount, groups, shape).shares * elements(shape), planes);
}

/** Records y = sum of its shares; formula in kernels/reduce-partials.wgsl. */
export function reducePartials(gpu: Gpu, pass: Pass, partials: Partials, SHARES: number, y: Tensor): void {
  const SIZE = elements(y.shape);
  gpu.run(pass, "reduce-partials", { SHARES, SIZE }, [partials.of(SHARES, y.shape), y], spread(Math.ceil(SIZE / 256)));
}

/** Records dbias = sum of dy over images and pixels; formula in kernels/bias-backward.wgsl. */
export function biasBackward(gpu: Gpu, pass: Pass, dy: Images, dbias: Vector, partials: Partials): void {
  const [N, CO, H, W] = dy.shape;
  if (dbias.shape[0] !== CO) throw new ShapeError(`bias: dy has ${CO} channels, dbias has ${dbias.shape[0]}`);
  gpu.run(pass, "bias-backward", { SIZE: H * W }, [dy, partials.of(N, dbias.shape)], [N * CO, 1, 1]);
  reducePartials(gpu, pass, partials, N, dbias);
}
