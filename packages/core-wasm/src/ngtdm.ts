// Neighbourhood grey tone difference matrices.
import type { Core } from "./core.ts";
import { padLevels, type GreyLevelVolume } from "./grey-levels.ts";
import type { Extent } from "./offsets.ts";
import type { Triple } from "./resample.ts";

/** A neighbourhood grey tone difference matrix; grey level i is at index i - 1. */
export interface ToneDifferences {
  /** n[i]: voxels of each grey level that have a neighbour inside the ROI. */
  readonly voxels: Float64Array;
  /** s[i]: sum over these voxels of |i - mean grey level of the neighbours inside the ROI|. */
  readonly difference: Float64Array;
}

/**
 * Neighbourhood grey tone difference matrices: one for each slice, or the volume.
 *
 * @param by          whether slices are counted one by one; neighbours then lie in the slice
 * @param neighbours  offsets (z, y, x) of the whole neighbourhood, without its centre
 * @see IBSI 1 reference manual, section 3.10
 */
export function toneDifferences(core: Core, volume: GreyLevelVolume, by: Extent, neighbours: readonly Triple[]): ToneDifferences[] {
  const { arena, exports } = core;
  return arena.scope(() => {
    const padded = padLevels(core, "toneDifferences", volume, by, neighbours);
    const steps = arena.from(Int32Array, Int32Array.from(neighbours, padded.step));
    return padded.stretches(by).map(({ from, to }) =>
      arena.scope(() => {
        const voxels = arena.zeros(Uint32Array, volume.ng);
        const difference = arena.zeros(Float64Array, volume.ng);
        exports.ngtdmDifferences(padded.levels.ptr, from, to, steps.ptr, neighbours.length, voxels.ptr, difference.ptr);
        return { voxels: Float64Array.from(voxels.view()), difference: difference.copy() };
      }),
    );
  });
}
