// Neighbours as offsets (z, y, x) in voxels.
import type { Triple } from "./resample.ts";

/** Where neighbours are looked for: inside the slice or in the volume. */
export type Extent = "slice" | "volume";

/**
 * All offsets at some Chebyshev distances: their largest coordinate is one of `distances`.
 *
 * At distance 1 there are 8 in a slice and 26 in a volume; a neighbourhood of radius 2 is the distances 1 and 2.
 *
 * @returns in rising order of (z, y, x)
 */
export function neighbours(extent: Extent, distances: readonly number[] = [1]): Triple[] {
  const reach = Math.max(...distances);
  const depth = extent === "volume" ? reach : 0;
  const found: Triple[] = [];
  for (let z = -depth; z <= depth; z++) {
    for (let y = -reach; y <= reach; y++) {
      for (let x = -reach; x <= reach; x++) {
        if (distances.includes(Math.max(Math.abs(z), Math.abs(y), Math.abs(x)))) found.push([z, y, x]);
      }
    }
  }
  return found;
}

/**
 * One of each pair of opposite offsets at some Chebyshev distances, the one whose first coordinate that is not 0 is positive.
 *
 * At distance 1: 4 in a slice, 13 in a volume.
 */
export function directions(extent: Extent, distances: readonly number[] = [1]): Triple[] {
  return neighbours(extent, distances).filter(([z, y, x]) => z > 0 || (z === 0 && (y > 0 || (y === 0 && x > 0))));
}
