// Neighbouring grey level dependence matrices.
import type { Core } from "./core.ts";
import { ShapeError } from "./errors.ts";
import { padLevels, type GreyLevelVolume } from "./grey-levels.ts";
import type { Extent } from "./offsets.ts";
import type { Triple } from "./resample.ts";
import { Tally } from "./tally.ts";
import type { TextureMatrix } from "./texture-matrix.ts";

/**
 * Neighbouring grey level dependence matrices: one for each slice, or the volume.
 *
 *   S[i, j] = number of voxels of grey level i of whose neighbours inside the ROI exactly j - 1 have a level within alpha of i
 *
 * @param by         whether slices are counted one by one; neighbours then lie in the slice
 * @param neighbours offsets (z, y, x) of the whole neighbourhood, without its centre
 * @param alpha      coarseness, a whole number of grey levels from 0
 * @see IBSI 1 reference manual, section 3.11
 */
export function dependences(core: Core, volume: GreyLevelVolume, by: Extent, neighbours: readonly Triple[], alpha = 0): TextureMatrix[] {
  if (!(Number.isInteger(alpha) && alpha >= 0))
    throw new ShapeError(`dependences: alpha is a whole number of grey levels from 0; it is ${alpha}`);
  return core.arena.scope(() => {
    const padded = padLevels(core, "dependences", volume, by, neighbours);
    const steps = core.arena.from(Int32Array, Int32Array.from(neighbours, padded.step));
    const tally = new Tally(core, volume.ng, neighbours.length + 1, padded.levels.length);
    const within = Math.min(alpha, 65535);
    return padded.stretches(by).map(({ from, to, voxels }) => {
      if (voxels > 0)
        tally.walk(from, to, (at, end, keys) =>
          core.exports.ngldmDependences(padded.levels.ptr, at, end, steps.ptr, neighbours.length, within, keys),
        );
      return tally.take(voxels);
    });
  });
}
