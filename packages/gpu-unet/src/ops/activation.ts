// The activation layer, in place.
import { ShapeError } from "../errors.ts";
import type { Gpu, Pass } from "../gpu.ts";
import type { Images } from "../tensor.ts";

/** The non-linearity after each 3x3 convolution. */
export type Activation = "elu" | "relu";

/** Records x <- activation(x); formulas in kernels/elu-forward.wgsl and kernels/relu-forward.wgsl. */
export function activationForward(gpu: Gpu, pass: Pass, activation: Activation, x: Images): void {
  const [N, C, H, W] = x.shape;
  const SIZE = H * W;
  gpu.run(pass, `${activation}-forward`, { SIZE }, [x], [Math.ceil(SIZE / 64), N * C, 1]);
}

/** Records d <- d * activation'(x) from the activation's own result y, d being the gradient of y at first; kernels/elu-backward.wgsl and relu-backward.wgsl. */
export function activationBackward(gpu: Gpu, pass: Pass, activation: Activation, y: Images, d: Images): void {
  if (d.shape.join() !== y.shape.join())
    throw new ShapeError(`${activation}: the gradient must be [${y.shape}], its shape is [${d.shape}]`);
  const [N, C, H, W] = y.shape;
  const SIZE = H * W;
  gpu.run(pass, `${activation}-backward`, { SIZE }, [y, d], [Math.ceil(SIZE / 64), N * C, 1]);
}
