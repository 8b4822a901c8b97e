// The layer that puts the skip and the upsampled map side by side.
import { ShapeError } from "../errors.ts";
import type { Gpu, Pass } from "../gpu.ts";
import type { Images } from "../tensor.ts";

/** Records y = a and b along the channels, a first; formula in kernels/concatenate-forward.wgsl. */
export function concatenateForward(gpu: Gpu, pass: Pass, a: Images, b: Images, y: Images): void {
  const { sizes, grid } = plan(a, b, y, "y");
  gpu.run(pass, "concatenate-forward", sizes, [a, b, y], grid);
}

/** Records da and db, the parts of dy; formula in kernels/concatenate-backward.wgsl. */
export function concatenateBackward(gpu: Gpu, pass: Pass, dy: Images, da: Images, db: Images): void {
  const { sizes, grid } = plan(da, db, dy, "dy");
  gpu.run(pass, "concatenate-backward", sizes, [dy, da, db], grid);
}

function plan(a: Images, b: Images, y: Images, name: "y" | "dy") {
  const [N, CA, H, W] = a.shape;
  const CB = b.shape[1];
  const [wantedB, wantedY] = [
    [N, CB, H, W],
    [N, CA + CB, H, W],
  ];
  if (b.shape.join() !== wantedB.join()) throw new ShapeError(`concatenate: b must be [${wantedB}], its shape is [${b.shape}]`);
  if (y.shape.join() !== wantedY.join()) throw new ShapeError(`concatenate: ${name} must be [${wantedY}], its shape is [${y.shape}]`);
  const SIZE = H * W;
  return { sizes: { CA, CB, SIZE }, grid: [Math.ceil(SIZE / 64), N * (CA + CB), 1] as const };
}
