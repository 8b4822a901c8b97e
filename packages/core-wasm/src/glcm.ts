// Grey level co-occurrence matrices.
import type { Core } from "./core.ts";
import { padLevels, type GreyLevelVolume } from "./grey-levels.ts";
import type { Extent } from "./offsets.ts";
import type { Triple } from "./resample.ts";
import { JUNK, Tally, wideCounts } from "./tally.ts";
import type { TextureMatrix } from "./texture-matrix.ts";

/**
 * Grey level co-occurrence matrices: one for each slice (or the volume) and direction.
 *
 *   M[i, j] = number of voxels p with level[p] = i and level[p + direction] = j, both inside the ROI
 *
 * and, for a symmetric matrix, plus its transpose.
 *
 * @param by           whether slices are counted one by one; directions then lie in the slice
 * @param directions   offsets (z, y, x), one of each pair of opposite ones
 * @param isSymmetric  true for IBSI
 * @returns [slice or volume][direction]
 * @see IBSI 1 reference manual, section 3.6
 */
export function coOccurrences(
  core: Core,
  volume: GreyLevelVolume,
  by: Extent,
  directions: readonly Triple[],
  isSymmetric = true,
): TextureMatrix[][] {
  return core.arena.scope(() => {
    const padded = padLevels(core, "coOccurrences", volume, by, directions);
    const tally = new Tally(core, volume.ng, volume.ng, padded.levels.length, 2);
    const wide = wideCounts(core, volume.ng, volume.ng);
    return padded.stretches(by).map(({ from, to, voxels }) =>
      directions.map((direction) => {
        const step = padded.step(direction);
        if (voxels > 0 && wide !== null) {
          core.exports.glcmCount(padded.levels.ptr, from, to, step, volume.ng, wide.ptr + 4 * JUNK);
          tally.move(wide, volume.ng, isSymmetric);
        } else if (voxels > 0) {
          tally.walk(from, to, (at, end, keys) => core.exports.glcmPairs(padded.levels.ptr, at, end, step, volume.ng, isSymmetric, keys));
        }
        return tally.take(voxels);
      }),
    );
  });
}
