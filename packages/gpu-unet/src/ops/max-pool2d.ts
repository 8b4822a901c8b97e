// The 2x2 max pooling layer.
import { ShapeError } from "../errors.ts";
import type { Gpu, Pass } from "../gpu.ts";
import type { Images } from "../tensor.ts";

/** Records y = maxPool2d(x), window 2x2, stride 2; formula in kernels/max-pool2d-forward.wgsl. */
export function maxPool2dForward(gpu: Gpu, pass: Pass, x: Images, y: Images): void {
  const [N, C, H, W] = x.shape;
  const [OH, OW] = [Math.floor(H / 2), Math.floor(W / 2)];
  if (OH === 0 || OW === 0) throw new ShapeError(`maxPool2d: x must be at least 2 x 2 pixels, its shape is [${x.shape}]`);
  if (y.shape.join() !== [N, C, OH, OW].join()) throw new ShapeError(`maxPool2d: y must be [${[N, C, OH, OW]}], its shape is [${y.shape}]`);
  gpu.run(pass, "max-pool2d-forward", { H, W }, [x, y], [Math.ceil(OW / 8), Math.ceil(OH / 8), N * C]);
}

/** Records dx, the gradient of x, from x as the forward pass read it; formula in kernels/max-pool2d-backward.wgsl. */
export function maxPool2dBackward(gpu: Gpu, pass: Pass, x: Images, dy: Images, dx: Images): void {
  const [N, C, H, W] = x.shape;
  const pooled = [N, C, Math.floor(H / 2), Math.floor(W / 2)];
  if (dy.shape.join() !== pooled.join()) throw new ShapeError(`maxPool2d: dy must be [${pooled}], its shape is [${dy.shape}]`);
  if (dx.shape.join() !== x.shape.join()) throw new ShapeError(`maxPool2d: dx must be [${x.shape}], its shape is [${dx.shape}]`);
  gpu.run(pass, "max-pool2d-backward", { H, W }, [x, dy, dx], [Math.ceil(W / 8), Math.ceil(H / 8), N * C]);
}
