// Grey level run length matrices.
import type { Core } from "./core.ts";
import { padLevels, type GreyLevelVolume } from "./grey-levels.ts";
import type { Extent } from "./offsets.ts";
import type { Triple } from "./resample.ts";
import { Tally, wideCounts } from "./tally.ts";
import type { TextureMatrix } from "./texture-matrix.ts";

/** Voxels that one instruction looks at. */
const LANES = 8;

/**
 * Grey level run length matrices: one for each slice (or the volume) and direction.
 *
 *   R[i, j] = number of runs of j voxels of grey level i, one after the other along the direction
 *
 * @param by          whether slices are counted one by one; directions then lie in the slice
 * @param directions  offsets (z, y, x); an offset and its opposite have the same runs
 * @returns [slice or volume][direction]
 * @see IBSI 1 reference manual, section 3.7
 */
export function runLengths(core: Core, volume: GreyLevelVolume, by: Extent, directions: readonly Triple[]): TextureMatrix[][] {
  return core.arena.scope(() => {
    const padded = padLevels(core, "runLengths", volume, by, directions);
    const longest = Math.max(...volume.shape);
    const length = core.arena.empty(Uint16Array, padded.levels.length);
    const tally = new Tally(core, volume.ng, longest, padded.levels.length);
    const wide = wideCounts(core, volume.ng, longest);
    return padded.stretches(by).map(({ from, to, voxels }) =>
      directions.map((direction) => {
        const step = Math.abs(padded.step(direction));
        if (voxels > 0 && wide !== null && step >= LANES) {
          core.exports.glrlmCount(padded.levels.ptr, from, to, step, longest, length.ptr, wide.ptr);
          tally.move(wide, volume.ng, false);
        } else if (voxels > 0) {
          tally.walk(from, to, (at, end, keys) => core.exports.glrlmRuns(padded.levels.ptr, at, end, step, longest, length.ptr, keys));
        }
        return tally.take(voxels);
      }),
    );
  });
}
