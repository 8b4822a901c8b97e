// The explicit sum of two gradients of the same thing.
import { ShapeError } from "../errors.ts";
import { spread } from "../gpu.ts";
import type { Gpu, Pass } from "../gpu.ts";
import { elements } from "../tensor.ts";
import type { Tensor } from "../tensor.ts";

/** Records total <- total + x; kernels/accumulate.wgsl. */
export function accumulate(gpu: Gpu, pass: Pass, x: Tensor, total: Tensor): void {
  if (x.shape.join() !== total.shape.join()) throw new ShapeError(`accumulate: x must be [${total.shape}], its shape is [${x.shape}]`);
  const SIZE = elements(total.shape);
  gpu.run(pass, "accumulate", { SIZE }, [x, total], spread(Math.ceil(SIZE / 256)));
}
