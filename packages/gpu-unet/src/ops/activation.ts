// The activation layer, in place.
import type { Gpu } from "../gpu.ts";
import type { Images } from "../tensor.ts";

/** The non-linearity after each 3x3 convolution. */
export type Activation = "elu" | "relu";

/** Records x <- activation(x); formulas in kernels/elu-forward.wgsl and kernels/relu-forward.wgsl. */
export function activationForward(gpu: Gpu, pass: GPUComputePassEncoder, activation: Activation, x: Images): void {
  const [N, C, H, W] = x.shape;
  const SIZE = H * W;
  gpu.run(pass, `${activation}-forward`, { SIZE }, [x], [Math.ceil(SIZE / 64), N * C, 1]);
}
