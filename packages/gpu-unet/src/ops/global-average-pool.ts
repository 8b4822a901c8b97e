// The layer that turns feature maps into one number a channel.
import { ShapeError } from "../errors.ts";
import type { Gpu, Pass } from "../gpu.ts";
import type { Images, Matrix } from "../tensor.ts";

/** Records y = mean of x over its pixels; formula in kernels/global-average-pool-forward.wgsl. */
export function globalAveragePoolForward(gpu: Gpu, pass: Pass, x: Images, y: Matrix): void {
  const [N, C, H, W] = x.shape;
  if (y.shape.join() !== [N, C].join()) throw new ShapeError(`globalAveragePool: y must be [${[N, C]}], its shape is [${y.shape}]`);
  gpu.run(pass, "global-average-pool-forward", { SIZE: H * W }, [x, y], [N * C, 1, 1]);
}
