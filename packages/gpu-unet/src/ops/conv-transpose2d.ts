// The upsampling layer: a transposed convolution of 2 x 2 taps and stride 2.
import { ShapeError } from "../errors.ts";
import type { Gpu, Pass } from "../gpu.ts";
import type { Filters, Images, Vector } from "../tensor.ts";
import { biasBackward, largestPartial, reducePartials, shareRows } from "./reduce.ts";
import type { Partials } from "./reduce.ts";

/** Records y = convTranspose2d(x, weight) + bias; formula and layouts in kernels/conv-transpose2d-forward.wgsl. */
export function convTranspose2dForward(gpu: Gpu, pass: Pass, x: Images, weight: Filters, bias: Vector, y: Images): void {
  const { N, CI, CO, H, W } = sizesOf(x, weight, y, "y");
  if (bias.shape[0] !== CO) throw new ShapeError(`convTranspose2d: weight gives ${CO} output channels, bias has ${bias.shape[0]}`);
  const block = gpu.block("conv-transpose2d-forward", { CI, CO, H, W, K: 2 });
  const grid = [Math.ceil(W / block.LANES_X), Math.ceil(H / block.LANES_Y), N * Math.ceil(CO / 4)] as const;
  gpu.run(pass, "conv-transpose2d-forward", { CI, CO, H, W, ...block }, [x, weight, bias, y], grid);
}

/** Records dx, the gradient of x; formula in kernels/conv-transpose2d-backward-input.wgsl. */
export function convTranspose2dBackwardInput(gpu: Gpu, pass: Pass, weight: Filters, dy: Images, dx: Images): void {
  const { N, CI, CO, H, W } = sizesOf(dx, weight, dy, "dy");
  const block = gpu.block("conv-transpose2d-backward-input", { CI, CO, H, W, K: 2 });
  const grid = [Math.ceil(W / block.LANES_X), Math.ceil(H / block.LANES_Y), N * Math.ceil(CI / 4)] as const;
  gpu.run(pass, "conv-transpose2d-backward-input", { CI, CO, H, W, ...block }, [dy, weight, dx], grid);
}

/**
 * Records dweight and dbias, the gradients of the parameters; formulas in kernels/conv-transpose2d-backward-weight.wgsl and bias-backward.wgsl.
 *
 * @param partials  scratch of `convTranspose2dPartials` values or more
 */
export function convTranspose2dBackwardParameters(
  gpu: Gpu,
  pass: Pass,
  x: Images,
  dy: Images,
  dweight: Filters,
  dbias: Vector,
  partials: Partials,
): void {
  const { N, CI, CO, H, W } = sizesOf(x, dweight, dy, "dy");
  const { LANES, SPAN } = gpu.block("conv-transpose2d-backward-weight", { CI, CO, H, W, K: 2 });
  const { rows, shares } = shareRows(N * H, groupsAShare(CI, CO), dweight.shape);
  const sizes = { N, CI, CO, H, W, ROWS: rows, LANES, SPAN: Math.min(W, SPAN) };
  const grid = [Math.ceil((CO * 4) / LANES), Math.ceil(CI / 16), shares] as const;
  gpu.run(pass, "conv-transpose2d-backward-weight", sizes, [x, dy, partials.of(shares, dweight.shape)], grid);
  reducePartials(gpu, pass, partials, shares, dweight);
  biasBackward(gpu, pass, dy, dbias, partials);
}

/** Values of scratch that `convTranspose2dBackwardParameters` needs for N images of H rows. */
export function convTranspose2dPartials(N: number, H: number, [CI, CO]: Filters["shape"]): number {
  return largestPartial(N * H, groupsAShare(CI, CO), [CI, CO, 2, 2], N * CO);
}

/** Workgroups a share of the weight's gradient, of 64 lanes: the shares, and so the sums, stay the same whatever block a tuning takes. */
function groupsAShare(CI: number, CO: number): number {
  return Math.ceil((CO * 4) / 64) * Math.ceil(CI / 16);
}

/** The sizes from x (or dx) to y (or dy), checked. */
function sizesOf(x: Images, weight: Filters, y: Images, name: "y" | "dy") {
  const [N, CI, H, W] = x.shape;
  const [weightCI, CO, KH, KW] = weight.shape;
  if (weightCI !== CI) {
    throw new ShapeError(`convTranspose2d: weight expects ${weightCI} input channels, x has ${CI} (x.shape [${x.shape}])`);
  }
  if (KH !== 2 || KW !== 2) throw new ShapeError(`convTranspose2d: the kernel must be 2 x 2, weight.shape is [${weight.shape}]`);
  const wanted = [N, CO, H * 2, W * 2];
  if (y.shape.join() !== wanted.join()) throw new ShapeError(`convTranspose2d: ${name} must be [${wanted}], its shape is [${y.shape}]`);
  return { N, CI, CO, H, W };
}
