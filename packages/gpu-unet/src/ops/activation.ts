// The activations. Forward they belong to the kernel of the convolution before them; backward they are a layer of their own, in place.
import { ShapeError } from "../errors.ts";
import type { Gpu, Pass } from "../gpu.ts";
import type { Images } from "../tensor.ts";

/** The non-linearity after each 3x3 convolution. */
export type Activation = "elu" | "relu";

/** What a convolution's kernel calls an activation. */
export function activationCode(activation: Activation | null): number {
  return activation === null ? 0 : activation === "relu" ? 1 : 2;
}

/** Records d <- d * activation'(x) from the activation's own result y, d being the gradient of y at first; kernels/elu-backward.wgsl and relu-backward.wgsl. */
export function activationBackward(gpu: Gpu, pass: Pass, activation: Activation, y: Images, d: Images): void {
  if (d.shape.join() !== y.shape.join())
    throw new ShapeError(`${activation}: the gradient must be [${y.shape}], its shape is [${d.shape}]`);
  const [N, C, H, W] = y.shape;
  const SIZE = H * W;
  gpu.run(pass, `${activation}-backward`, { SIZE }, [y, d], [Math.ceil(SIZE / 64), N * C, 1]);
}
