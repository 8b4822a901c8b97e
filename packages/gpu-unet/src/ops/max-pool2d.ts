// The 2x2 max pooling layer.
import { ShapeError } from "../errors.ts";
import type { Gpu } from "../gpu.ts";
import type { Images } from "../tensor.ts";

/** Records y = maxPool2d(x), window 2x2, stride 2; formula in kernels/max-pool2d-forward.wgsl. */
export function maxPool2dForward(gpu: Gpu, pass: GPUComputePassEncoder, x: Images, y: Images): void {
  const [N, C, H, W] = x.shape;
  const [OH, OW] = [Math.floor(H / 2), Math.floor(W / 2)];
  if (OH === 0 || OW === 0) throw new ShapeError(`maxPool2d: x must be at least 2 x 2 pixels, its shape is [${x.shape}]`);
  if (y.shape.join() !== [N, C, OH, OW].join()) throw new ShapeError(`maxPool2d: y must be [${[N, C, OH, OW]}], its shape is [${y.shape}]`);
  gpu.run(pass, "max-pool2d-forward", { H, W }, [x, y], [Math.ceil(OW / 8), Math.ceil(OH / 8), N * C]);
}
