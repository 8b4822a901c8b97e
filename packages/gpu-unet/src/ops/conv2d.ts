// The convolution layer.
import { ShapeError } from "../errors.ts";
import type { Gpu } from "../gpu.ts";
import type { Filters, Images, Vector } from "../tensor.ts";

/** Records y = conv2d(x, weight) + bias; formula and layouts in kernels/conv2d-forward.wgsl. */
export function conv2dForward(gpu: Gpu, pass: GPUComputePassEncoder, x: Images, weight: Filters, bias: Vector, y: Images): void {
  const [N, CI, H, W] = x.shape;
  const [CO, weightCI, K, KW] = weight.shape;
  if (weightCI !== CI) {
    throw new ShapeError(`conv2d: weight expects ${weightCI} input channels, x has ${CI} (x.shape [${x.shape}])`);
  }
  if (K !== KW || K % 2 === 0) throw new ShapeError(`conv2d: the kernel must be square and odd, weight.shape is [${weight.shape}]`);
  if (bias.shape[0] !== CO) throw new ShapeError(`conv2d: weight gives ${CO} output channels, bias has ${bias.shape[0]}`);
  if (y.shape.join() !== [N, CO, H, W].join()) throw new ShapeError(`conv2d: y must be [${[N, CO, H, W]}], its shape is [${y.shape}]`);
  gpu.run(pass, "conv2d-forward", { CI, CO, H, W, K }, [x, weight, bias, y], [Math.ceil(W / 16), Math.ceil(H / 16), N * Math.ceil(CO / 8)]);
}
