// The convolution layer.
import type { Blocks } from "../blocks.ts";
import { ShapeError } from "../errors.ts";
import type { Binding, Gpu, Grid, Pass } from "../gpu.ts";
import type { Filters, Images, Vector } from "../tensor.ts";
import { activationCode } from "./activation.ts";
import type { Activation } from "./activation.ts";
import { biasBackward, largestPartial, reducePartials, shareRows } from "./reduce.ts";
import type { Partials } from "./reduce.ts";

/** The side of the squares of which a convolution keeps the largest value: 1 keeps every pixel, 2 is max pooling. */
export type Pool = 1 | 2;

/** Records y = pool(activation(conv2d(x, weight) + bias)); formula and layouts in kernels/conv2d-forward.wgsl. */
export function conv2dForward(
  gpu: Gpu,
  pass: Pass,
  x: Images,
  weight: Filters,
  bias: Vector,
  y: Images,
  activation: Activation | null = null,
  POOL: Pool = 1,
): void {
  const { N, CI, CO, H, W, K } = forwardSizes(x, weight, bias, y, POOL);
  const block = gpu.block("conv2d-forward", { CI, CO, H, W, K });
  const sizes = { CI, CO, H, W, K, ACTIVATION: activationCode(activation), POOL, ...block };
  gpu.run(pass, "conv2d-forward", sizes, [x, weight, bias, y], gridOf(block, N, CO, H, W));
}

/** What half precision needs besides: the largest size of a pixel for which no sum leaves its range, and the flag that a larger one raises. */
export interface HalfGuard {
  /** Of `halfLimit`. */
  readonly limit: number;
  /** One u32. */
  readonly overflow: Binding;
}

/**
 * Records y as `conv2dForward` does, with products in half precision; formula in kernels/conv2d-forward-f16.wgsl, bound in docs/half.md.
 * The device must have `shader-f16`.
 */
export function conv2dForwardHalf(
  gpu: Gpu,
  pass: Pass,
  x: Images,
  weight: Filters,
  bias: Vector,
  y: Images,
  activation: Activation | null,
  POOL: Pool,
  block: Blocks["conv2d-forward-f16"],
  { limit, overflow }: HalfGuard,
): void {
  const { N, CI, CO, H, W, K } = forwardSizes(x, weight, bias, y, POOL);
  const sizes = { CI, CO, H, W, K, ACTIVATION: activationCode(activation), POOL, LIMIT: limit, ...block };
  gpu.run(pass, "conv2d-forward-f16", sizes, [x, weight, bias, y, overflow], gridOf(block, N, CO, H, W));
}

/** The workgroups of a kernel that computes 4 pixels of 8 channels a lane. */
function gridOf({ LANES_X, LANES_Y }: Blocks["conv2d-forward"], N: number, channels: number, H: number, W: number): Grid {
  return [Math.ceil(W / (4 * LANES_X)), Math.ceil(H / LANES_Y), N * Math.ceil(channels / 8)];
}

/** Records dx, the gradient of x; formula in kernels/conv2d-backward-input.wgsl. */
export function conv2dBackwardInput(gpu: Gpu, pass: Pass, weight: Filters, dy: Images, dx: Images): void {
  const { N, CI, CO, H, W, K } = sizesOf(dx, weight, dy, "dy");
  const block = gpu.block("conv2d-backward-input", { CI, CO, H, W, K });
  gpu.run(pass, "conv2d-backward-input", { CI, CO, H, W, K, ...block }, [dy, weight, dx], gridOf(block, N, CI, H, W));
}

/**
 * Records dweight and dbias, the gradients of the parameters; formulas in kernels/conv2d-backward-weight.wgsl and bias-backward.wgsl.
 *
 * @param partials  scratch of `conv2dPartials` values or more
 */
export function conv2dBackwardParameters(
  gpu: Gpu,
  pass: Pass,
  x: Images,
  dy: Images,
  dweight: Filters,
  dbias: Vector,
  partials: Partials,
): void {
  const { N, CI, CO, H, W, K } = sizesOf(x, dweight, dy, "dy");
  const { LANES, SPAN } = gpu.block("conv2d-backward-weight", { CI, CO, H, W, K });
  const { rows, shares } = shareRows(N * H, groupsAShare(CI, CO, K), dweight.shape);
  const sizes = { N, CI, CO, H, W, K, ROWS: rows, LANES, SPAN: Math.min(W, SPAN) };
  const grid = [Math.ceil((CI * K * K) / LANES), Math.ceil(CO / 16), shares] as const;
  gpu.run(pass, "conv2d-backward-weight", sizes, [x, dy, partials.of(shares, dweight.shape)], grid);
  reducePartials(gpu, pass, partials, shares, dweight);
  biasBackward(gpu, pass, dy, dbias, partials);
}

/** Values of scratch that `conv2dBackwardParameters` needs for N images of H rows. */
export function conv2dPartials(N: number, H: number, [CO, CI, K]: Filters["shape"]): number {
  return largestPartial(N * H, groupsAShare(CI, CO, K), [CO, CI, K, K], N * CO);
}

/** Workgroups a share of the weight's gradient, of 64 lanes: the shares, and so the sums, stay the same whatever block a tuning takes. */
function groupsAShare(CI: number, CO: number, K: number): number {
  return Math.ceil((CI * K * K) / 64) * Math.ceil(CO / 16);
}

/** The sizes of a convolution with its bias, checked. */
function forwardSizes(x: Images, weight: Filters, bias: Vector, y: Images, pool: Pool) {
  const sizes = sizesOf(x, weight, y, "y", pool);
  if (bias.shape[0] !== sizes.CO) throw new ShapeError(`conv2d: weight gives ${sizes.CO} output channels, bias has ${bias.shape[0]}`);
  return sizes;
}

/** The sizes of a convolution from x (or dx) to y (or dy), checked. */
function sizesOf(x: Images, weight: Filters, y: Images, name: "y" | "dy", pool: Pool = 1) {
  const [N, CI, H, W] = x.shape;
  const [CO, weightCI, K, KW] = weight.shape;
  if (weightCI !== CI) {
    throw new ShapeError(`conv2d: weight expects ${weightCI} input channels, x has ${CI} (x.shape [${x.shape}])`);
  }
  if (K !== KW || K % 2 === 0) throw new ShapeError(`conv2d: the kernel must be square and odd, weight.shape is [${weight.shape}]`);
  const shape = [N, CO, Math.floor(H / pool), Math.floor(W / pool)];
  if (y.shape.join() !== shape.join()) throw new ShapeError(`conv2d: ${name} must be [${shape}], its shape is [${y.shape}]`);
  return { N, CI, CO, H, W, K };
}
