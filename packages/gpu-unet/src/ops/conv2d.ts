// The convolution layer.
import { ShapeError } from "../errors.ts";
import type { Gpu, Pass } from "../gpu.ts";
import type { Filters, Images, Vector } from "../tensor.ts";
import { activationCode } from "./activation.ts";
import type { Activation } from "./activation.ts";
import { biasBackward, largestPartial, reducePartials, shareRows } from "./reduce.ts";
import type { Partials } from "./reduce.ts";

/** Records y = activation(conv2d(x, weight) + bias); formula and layouts in kernels/conv2d-forward.wgsl. */
export function conv2dForward(
  gpu: Gpu,
  pass: Pass,
  x: Images,
  weight: Filters,
  bias: Vector,
  y: Images,
  activation: Activation | null = null,
): void {
  const { N, CI, CO, H, W, K } = sizesOf(x, weight, y, "y");
  if (bias.shape[0] !== CO) throw new ShapeError(`conv2d: weight gives ${CO} output channels, bias has ${bias.shape[0]}`);
  const block = gpu.block("conv2d-forward", { CI, CO, H, W, K });
  const grid = [Math.ceil(W / (4 * block.LANES_X)), Math.ceil(H / block.LANES_Y), N * Math.ceil(CO / 8)] as const;
  gpu.run(pass, "conv2d-forward", { CI, CO, H, W, K, ACTIVATION: activationCode(activation), ...block }, [x, weight, bias, y], grid);
}

/** Records dx, the gradient of x; formula in kernels/conv2d-backward-input.wgsl. */
export function conv2dBackwardInput(gpu: Gpu, pass: Pass, weight: Filters, dy: Images, dx: Images): void {
  const { N, CI, CO, H, W, K } = sizesOf(dx, weight, dy, "dy");
  const block = gpu.block("conv2d-backward-input", { CI, CO, H, W, K });
  const grid = [Math.ceil(W / (4 * block.LANES_X)), Math.ceil(H / block.LANES_Y), N * Math.ceil(CI / 8)] as const;
  gpu.run(pass, "conv2d-backward-input", { CI, CO, H, W, K, ...block }, [dy, weight, dx], grid);
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

/** The sizes of a convolution from x (or dx) to y (or dy), checked. */
function sizesOf(x: Images, weight: Filters, y: Images, name: "y" | "dy") {
  const [N, CI, H, W] = x.shape;
  const [CO, weightCI, K, KW] = weight.shape;
  if (weightCI !== CI) {
    throw new ShapeError(`conv2d: weight expects ${weightCI} input channels, x has ${CI} (x.shape [${x.shape}])`);
  }
  if (K !== KW || K % 2 === 0) throw new ShapeError(`conv2d: the kernel must be square and odd, weight.shape is [${weight.shape}]`);
  if (y.shape.join() !== [N, CO, H, W].join())
    throw new ShapeError(`conv2d: ${name} must be [${[N, CO, H, W]}], its shape is [${y.shape}]`);
  return { N, CI, CO, H, W, K };
}
