// Zones of one grey level, counted by size or by distance.
import type { Slot } from "./arena.ts";
import type { Core } from "./core.ts";
import type { PaddedLevels } from "./grey-levels.ts";
import type { Extent } from "./offsets.ts";
import type { Triple } from "./resample.ts";
import { Tally } from "./tally.ts";
import type { TextureMatrix } from "./texture-matrix.ts";

/** Matrices of zones, one for each slice or the volume: by size and, where distances were given, by the smallest of them. */
export interface ZoneMatrices {
  readonly sizes: TextureMatrix[];
  readonly distances: TextureMatrix[];
}

/**
 * Counts the zones of padded grey levels, inside an arena scope; the levels are used up. One flood finds sizes and distances.
 *
 * @param connections  offsets to the voxels that count as connected
 * @param distance     u16, padded as the levels; null for sizes alone
 */
export function countZones(
  core: Core,
  ng: number,
  padded: PaddedLevels,
  by: Extent,
  connections: readonly Triple[],
  distance: Slot<Uint16Array> | null,
): ZoneMatrices {
  const { arena, exports } = core;
  const steps = arena.from(Int32Array, Int32Array.from(connections, padded.step));
  const walk = [steps.ptr, connections.length, distance?.ptr ?? 0] as const;
  const matrices: ZoneMatrices = { sizes: [], distances: [] };
  for (const { from, to, voxels } of padded.stretches(by)) {
    arena.scope(() => {
      const stack = arena.empty(Int32Array, voxels);
      const level = arena.empty(Uint16Array, voxels);
      const size = arena.empty(Int32Array, voxels);
      const nearest = arena.empty(Int32Array, distance ? voxels : 0);
      const zones = voxels === 0 ? 0 : exports.findZones(padded.levels.ptr, from, to, ...walk, stack.ptr, level.ptr, size.ptr, nearest.ptr);
      matrices.sizes.push(countPairs(core, ng, level.ptr, size, zones, voxels));
      if (distance) matrices.distances.push(countPairs(core, ng, level.ptr, nearest, zones, voxels));
    });
  }
  return matrices;
}

/**
 * The matrix of zones by (level, value). Values are ranked first: sizes that differ are few, since they add up to the voxels, so the
 * matrix of ranks stays small also where one zone fills half of a large ROI.
 */
function countPairs(core: Core, ng: number, level: number, values: Slot<Int32Array>, zones: number, voxels: number): TextureMatrix {
  return core.arena.scope(() => countRanked(core, ng, level, values, zones, voxels));
}

function countRanked(core: Core, ng: number, level: number, values: Slot<Int32Array>, zones: number, voxels: number): TextureMatrix {
  const { arena, exports } = core;
  let highest = 0;
  for (const value of values.view().subarray(0, zones)) if (value > highest) highest = value;
  const seen = arena.zeros(Uint8Array, highest + 1);
  exports.markValues(values.ptr, zones, seen.ptr);
  const rank = arena.empty(Int32Array, highest + 1);
  const ranked: number[] = [];
  const [isSeen, ranks] = [seen.view(), rank.view()];
  for (let value = 0; value <= highest; value++) if (isSeen[value] === 1) ranks[value] = ranked.push(value) - 1;
  const tally = new Tally(core, ng, Math.max(1, ranked.length), zones);
  tally.walk(0, zones, (from, to, keys) => exports.rankedKeys(level, values.ptr, from, to, rank.ptr, ranked.length, keys));
  const matrix = tally.take(voxels);
  return { ...matrix, column: matrix.column.map((r) => ranked[r - 1]!) };
}
