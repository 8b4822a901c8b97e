// The way back: from a box on the isotropic grid to the voxels of the image it was cut from.
import { resample, type Core } from "@islet/core-wasm";
import { indexOf, positionOf, type Geometry, type Triple, type Volume } from "../volume.ts";

/**
 * The values of a box at the voxels of an image, linear between the box's voxels, 0 where a voxel's centre lies outside the box's voxels.
 *
 * @param box    a volume whose axes have the image's directions, such as `processRoi` cuts out
 * @param image  the grid to fill
 */
export function ontoImage(core: Core, box: Volume, image: Geometry): Volume {
  const { shape, spacing, origin, direction } = image;
  const data = new Float32Array(shape[0] * shape[1] * shape[2]);
  const first = indexOf(box, positionOf(image, [0, 0, 0]));
  const step = [0, 1, 2].map((a) => spacing[a]! / box.spacing[a]!);
  // Voxel i of the image lies at first + i * step of the box, whose voxels reach from -1/2 to n - 1/2; a rounding does not decide.
  const from = [0, 1, 2].map((a) => Math.max(0, Math.ceil((-0.5 - first[a]!) / step[a]! - 1e-6)));
  const to = [0, 1, 2].map((a) => Math.min(shape[a]!, Math.floor((box.shape[a]! - 0.5 - first[a]!) / step[a]! + 1e-6) + 1));
  const region = [0, 1, 2].map((a) => to[a]! - from[a]!) as unknown as Triple;
  if (region.some((n) => n <= 0)) return { shape, spacing, origin, direction, data };

  const axis = (a: number) => ({ length: region[a]!, start: first[a]! + from[a]! * step[a]!, step: step[a]! });
  const values = resample(core, box.data, box.shape, [axis(0), axis(1), axis(2)], "linear");
  for (let z = 0; z < region[0]; z++) {
    for (let y = 0; y < region[1]; y++) {
      const row = (z * region[1] + y) * region[2];
      data.set(values.subarray(row, row + region[2]), ((z + from[0]!) * shape[1] + y + from[1]!) * shape[2] + from[2]!);
    }
  }
  return { shape, spacing, origin, direction, data };
}
