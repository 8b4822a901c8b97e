// Grey level size zone matrices.
import type { Core } from "./core.ts";
import { padLevels, type GreyLevelVolume } from "./grey-levels.ts";
import type { Extent } from "./offsets.ts";
import type { Triple } from "./resample.ts";
import type { TextureMatrix } from "./texture-matrix.ts";
import { countZones } from "./zones.ts";

/**
 * Grey level size zone matrices: one for each slice, or the volume.
 *
 *   S[i, j] = number of zones of j connected voxels of grey level i
 *
 * @param by           whether slices are counted one by one; connections then lie in the slice
 * @param connections  offsets (z, y, x) to the voxels that count as connected: 8 in a slice, 26 in a volume
 * @see IBSI 1 reference manual, section 3.8
 */
export function sizeZones(core: Core, volume: GreyLevelVolume, by: Extent, connections: readonly Triple[]): TextureMatrix[] {
  return core.arena.scope(() => {
    const padded = padLevels(core, "sizeZones", volume, by, connections);
    return countZones(core, volume.ng, padded, by, connections, null).sizes;
  });
}
