// Grey level distance zone matrices.
import type { Slot } from "./arena.ts";
import type { Core } from "./core.ts";
import { ShapeError } from "./errors.ts";
import { padLevels, type GreyLevelVolume, type PaddedLevels } from "./grey-levels.ts";
import type { Extent } from "./offsets.ts";
import type { Triple } from "./resample.ts";
import type { TextureMatrix } from "./texture-matrix.ts";
import { countZones, type ZoneMatrices } from "./zones.ts";

/** Grey levels with the mask whose border distances are measured from. */
export interface MaskedGreyLevels extends GreyLevelVolume {
  /** 1 inside the morphological mask, which holds the ROI; outside the volume there is none. */
  readonly morphological: Uint8Array;
}

/**
 * Grey level distance zone matrices: one for each slice, or the volume.
 *
 *   D[i, j] = number of zones of grey level i whose voxel nearest to the border lies at distance j
 *
 * Distances are city-block distances to the outside of the morphological mask, 1 at its border; inside the slice where the connections
 * do not leave it. Voxels that re-segmentation took out of the ROI are no border.
 *
 * @param by           whether slices are counted one by one; connections then lie in the slice
 * @param connections  offsets (z, y, x) to the voxels that count as connected: 8 in a slice, 26 in a volume
 * @see IBSI 1 reference manual, section 3.9
 */
export function distanceZones(core: Core, volume: MaskedGreyLevels, by: Extent, connections: readonly Triple[]): TextureMatrix[] {
  return sizeAndDistanceZones(core, volume, by, connections).distances;
}

/** The matrices of `sizeZones` and of `distanceZones`, whose zones are the same, in less time than one by one. */
export function sizeAndDistanceZones(core: Core, volume: MaskedGreyLevels, by: Extent, connections: readonly Triple[]): ZoneMatrices {
  if (volume.morphological.length !== volume.levels.length) {
    throw new ShapeError(
      `distanceZones: levels and morphological mask lie on one grid; they have ${volume.levels.length} and ${volume.morphological.length} voxels`,
    );
  }
  return core.arena.scope(() => {
    const padded = padLevels(core, "distanceZones", volume, by, connections);
    const distance = distances(core, volume, padded, connections.some(([z]) => z !== 0) ? padded.slice : 0);
    return countZones(core, volume.ng, padded, by, connections, distance);
  });
}

/** City-block distances, padded as the levels. A voxel of the ROI that the morphological mask lacks counts as in it. */
function distances({ arena, exports }: Core, volume: MaskedGreyLevels, padded: PaddedLevels, slice: number): Slot<Uint16Array> {
  const distance = arena.zeros(Uint16Array, padded.levels.length);
  arena.scope(() => {
    const morphological = arena.from(Uint8Array, volume.morphological);
    const levels = arena.from(Uint16Array, volume.levels);
    exports.padInside(morphological.ptr, levels.ptr, ...volume.shape, padded.reach, distance.ptr);
  });
  const { from, to } = padded.stretches("volume")[0]!;
  exports.cityBlockDistance(distance.ptr, from, to, padded.row, slice);
  return distance;
}
