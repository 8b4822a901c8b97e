// The way back: from a box on the isotropic grid to the voxels of the image it was cut from.
import { resample, type Core } from "@islet/core-wasm";
import { indexOf, positionOf, type Geometry, type Triple, type Volume } from "../volume.ts";
import type { IndexBox } from "./roi.ts";

/** How far from its centre a voxel of a box reaches along (z, y, x), in voxels of the box. */
const HALF: Triple = [0.5, 0.5, 0.5];

/**
 * The values of a box at those voxels of an image that lie in it, linear between the box's voxels.
 *
 * @param box    a volume whose axes have the image's directions, such as `processRoi` cuts out
 * @param reach  how far beyond the outermost centres of the box a voxel's centre may lie and still belong to it, in voxels of the box along
 *   (z, y, x); there the box's edge is repeated
 * @returns the image's voxels as a half-open box, empty (to = from) where there is none, and their values, x fastest
 */
export function ontoVoxels(core: Core, box: Volume, image: Geometry, reach = HALF): { box: IndexBox; data: Float32Array } {
  const first = indexOf(box, positionOf(image, [0, 0, 0]));
  const step = [0, 1, 2].map((a) => image.spacing[a]! / box.spacing[a]!);
  // Voxel i of the image lies at first + i * step of the box, whose voxels reach from -reach to n - 1 + reach; a rounding does not decide.
  const from = triple((a) => Math.max(0, Math.ceil((-reach[a]! - first[a]!) / step[a]! - 1e-6)));
  const to = triple((a) => Math.min(image.shape[a]!, Math.floor((box.shape[a]! - 1 + reach[a]! - first[a]!) / step[a]! + 1e-6) + 1));
  if (to.some((end, a) => end <= from[a]!)) return { box: { from, to: from }, data: new Float32Array(0) };
  const axis = (a: number) => ({ length: to[a]! - from[a]!, start: first[a]! + from[a]! * step[a]!, step: step[a]! });
  return { box: { from, to }, data: resample(core, box.data, box.shape, [axis(0), axis(1), axis(2)], "linear") };
}

/**
 * The values of a box at the voxels of an image, linear between the box's voxels, 0 where a voxel's centre lies outside the box's voxels.
 *
 * @param box    a volume whose axes have the image's directions, such as `processRoi` cuts out
 * @param image  the grid to fill
 */
export function ontoImage(core: Core, box: Volume, image: Geometry): Volume {
  const { shape, spacing, origin, direction } = image;
  const data = new Float32Array(shape[0] * shape[1] * shape[2]);
  const part = ontoVoxels(core, box, image);
  placeInto(data, shape, part.box, part.data);
  return { shape, spacing, origin, direction, data };
}

/** Writes the values of a box's voxels into the grid that the box lies in. */
export function placeInto<T extends Float32Array | Uint8Array>(data: T, shape: Triple, { from, to }: IndexBox, values: T): void {
  const width = to[2] - from[2];
  for (let z = from[0], row = 0; z < to[0]; z++) {
    for (let y = from[1]; y < to[1]; y++, row++) {
      data.set(values.subarray(row * width, (row + 1) * width), (z * shape[1] + y) * shape[2] + from[2]);
    }
  }
}

function triple(value: (axis: number) => number): Triple {
  return [value(0), value(1), value(2)];
}
