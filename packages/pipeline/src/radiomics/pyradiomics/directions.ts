// What PyRadiomics does with the directions of a texture.
import { mergeMatrices, type TextureMatrix } from "@islet/core-wasm";
import type { Triple } from "../../volume.ts";
import type { DistanceNorm } from "../aggregation.ts";
import type { GreyLevels } from "../region.ts";
import type { PyradiomicsSettings } from "./parameters.ts";

/** Whether some line along a direction holds two voxels of the region; PyRadiomics leaves out the runs of directions without. */
export function hasLineOfTwo({ shape, levels }: GreyLevels, direction: Triple): boolean {
  return hasNeighbours(levels, shape, direction) || sharesLine(levels, shape, direction);
}

/** Whether two voxels of the region are one step apart; in all but scattered regions the first slices show some. */
function hasNeighbours(levels: Uint16Array, [nz, ny, nx]: Triple, [dz, dy, dx]: Triple): boolean {
  const step = (dz * ny + dy) * nx + dx;
  const lastX = Math.min(nx, nx - dx);
  for (let z = Math.max(0, -dz); z < Math.min(nz, nz - dz); z++) {
    for (let y = Math.max(0, -dy); y < Math.min(ny, ny - dy); y++) {
      const row = (z * ny + y) * nx;
      for (let at = row + Math.max(0, -dx); at < row + lastX; at++) if (levels[at] !== 0 && levels[at + step] !== 0) return true;
    }
  }
  return false;
}

/** Whether two voxels of the region, however far apart, lie on one line. */
function sharesLine(levels: Uint16Array, [nz, ny, nx]: Triple, direction: Triple): boolean {
  const axis = direction.findIndex((k) => k !== 0);
  const reach = nz + ny + nx;
  const lines = new Set<number>();
  for (let i = 0; i < levels.length; i++) {
    if (levels[i] === 0) continue;
    const at = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx];
    // Where the line crosses the first plane of that axis: less than `reach` outside the box.
    const steps = at[axis]! * direction[axis]!;
    const line = at.reduce((key, p, a) => key * 3 * reach + (p - steps * direction[a]!) + reach, 0);
    if (lines.has(line)) return true;
    lines.add(line);
  }
  return false;
}

/**
 * One matrix a direction, or with `weightingNorm` their weighted sum. Co-occurrences are weighted by exp(-distance^2), runs by the distance
 * itself: PyRadiomics gives the longer step the larger weight there.
 */
export function weighted(
  matrices: readonly TextureMatrix[],
  norm: PyradiomicsSettings["weightingNorm"],
  weightsOf: (norm: DistanceNorm) => readonly number[],
): readonly TextureMatrix[] {
  if (norm === null) return matrices;
  return [mergeMatrices(matrices, weightsOf(norm === "infinity" ? "chebyshev" : norm === "no_weighting" ? "none" : norm))];
}

/** Length of a step in mm; 1 for the norm "none". */
export function lengthOf(offset: Triple, norm: DistanceNorm, spacing: Triple): number {
  const d = offset.map((step, axis) => Math.abs(step * spacing[axis]!));
  if (norm === "none") return 1;
  if (norm === "manhattan") return d[0]! + d[1]! + d[2]!;
  return norm === "euclidean" ? Math.sqrt(d[0]! ** 2 + d[1]! ** 2 + d[2]! ** 2) : Math.max(...d);
}
