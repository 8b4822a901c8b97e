import { voxelCount, type Mask, type Triple } from "../volume.ts";
import { squaredDistance } from "./distance.ts";
import { boundingBox, crop, type IndexBox } from "./roi.ts";

/**
 * A mask whose surface is moved outwards (or, below 0, inwards), as another reader would draw it more widely or more tightly.
 *
 * Outwards, a voxel is inside when the centre of a voxel of the mask lies within the shift; inwards, when no centre outside the mask does. So a shift counts in whole voxels along
 * each axis: one smaller than the voxels changes nothing. Where the image ends nothing is known to be outside.
 *
 * @param shiftMm  mm
 * @returns        on the mask's grid; empty when a tumour is thinner than twice an inward shift
 * @throws IntakeError when the mask is empty
 * @see Zwanenburg et al. 2019, Assessing robustness of radiomic features by image perturbation: growth and shrinkage of the mask
 */
export function shiftSurface(mask: Mask, shiftMm: number): Mask {
  const near = padded(boundingBox(mask), mask, Math.max(0, shiftMm));
  const part = crop(mask, near);
  const grows = shiftMm >= 0;
  const region = grows ? part.data : part.data.map((v) => 1 - v);
  const distance = squaredDistance(region, part.shape, part.spacing);
  const reach = shiftMm ** 2 * (1 + 1e-9);
  const moved = part.data.map((_, i) => Number(distance[i]! <= reach === grows));
  return { ...mask, data: pasted(moved, near, mask) };
}

/** The box with one voxel, and as many more as the surface may move, on every side that the image has. */
function padded({ from, to }: IndexBox, { shape, spacing }: Mask, mm: number): IndexBox {
  const room = spacing.map((step) => 1 + Math.ceil(mm / step));
  return {
    from: from.map((v, a) => Math.max(0, v - room[a]!)) as unknown as Triple,
    to: to.map((v, a) => Math.min(shape[a]!, v + room[a]!)) as unknown as Triple,
  };
}

/** The voxels of a box in an otherwise empty grid. */
function pasted(part: Uint8Array, { from, to }: IndexBox, grid: Mask): Uint8Array {
  const data = new Uint8Array(voxelCount(grid));
  const nx = to[2] - from[2];
  for (let z = from[0], k = 0; z < to[0]; z++) {
    for (let y = from[1]; y < to[1]; y++, k += nx) {
      data.set(part.subarray(k, k + nx), (z * grid.shape[1] + y) * grid.shape[2] + from[2]);
    }
  }
  return data;
}
