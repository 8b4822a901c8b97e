// Co-occurrence matrices of the neighbourhood of every voxel, as maps of features need them.
import type { Core } from "./core.ts";
import { ShapeError } from "./errors.ts";
import { padLevels, type GreyLevelVolume, type PaddedLevels } from "./grey-levels.ts";
import type { Triple } from "./resample.ts";
import type { TextureMatrix } from "./texture-matrix.ts";

/** How a voxel's neighbourhood is counted. */
export interface LocalCoOccurrenceSettings {
  /** Radius of the box around a voxel along (z, y, x), voxels; (1, 1, 1) is 3 x 3 x 3. */
  readonly radius: Triple;
  /** Offsets (z, y, x), one of each pair of opposite ones; those longer than the box find nothing. */
  readonly directions: readonly Triple[];
  readonly isSymmetric?: boolean;
  /** Whether a voxel has one matrix of all directions, or one for each. */
  readonly isMerged?: boolean;
}

/** Cells of one call of the kernel: enough voxels to make the call cheap, few enough to stay in the cache. */
const BLOCK_CELLS = 2 ** 17;

/**
 * Calls `visit` with each voxel of the ROI, in rising order, and the co-occurrence matrices of the box around it.
 *
 *   M[i, j] = number of voxels p with level[p] = i and level[p + direction] = j, both in the box and in the ROI
 *
 * and, for a symmetric matrix, plus its transpose. `voxels` of a matrix is 1: its centre.
 *
 * @param visit  gets the voxel's index into `volume.levels` and one matrix, or one for each direction
 */
export function eachLocalCoOccurrence(
  core: Core,
  volume: GreyLevelVolume,
  { radius, directions, isSymmetric = true, isMerged = false }: LocalCoOccurrenceSettings,
  visit: (voxel: number, matrices: readonly TextureMatrix[]) => void,
): void {
  if (!radius.every((r) => Number.isInteger(r) && r >= 0))
    throw new ShapeError(`eachLocalCoOccurrence: a radius is three whole numbers of voxels from 0; it is [${radius.join(", ")}]`);
  const { arena, exports } = core;
  arena.scope(() => {
    const padded = padLevels(core, "eachLocalCoOccurrence", volume, "volume", [radius]);
    const steps = arena.from(Int32Array, Int32Array.from(directions.flat()));
    const [rz, ry, rx] = radius;
    const keys = 2 * (2 * rz + 1) * (2 * ry + 1) * (2 * rx + 1) * directions.length;
    const perBlock = Math.max(1, Math.floor(BLOCK_CELLS / Math.max(1, keys)));
    const perVoxel = isMerged ? 1 : directions.length;
    const scratch = arena.empty(Uint32Array, keys + 2);

    /** The cells of the voxels at these places, and where each matrix ends. */
    const count = (places: Int32Array) =>
      arena.scope(() => {
        const n = places.length;
        const centres = arena.from(Int32Array, places);
        const rows = arena.empty(Int32Array, n * keys);
        const columns = arena.empty(Int32Array, n * keys);
        const counts = arena.empty(Float64Array, n * keys);
        const ends = arena.zeros(Int32Array, n * perVoxel);
        exports.glcmLocal(
          padded.levels.ptr,
          centres.ptr,
          n,
          padded.row,
          padded.slice,
          rz,
          ry,
          rx,
          steps.ptr,
          directions.length,
          volume.ng,
          isSymmetric,
          isMerged,
          scratch.ptr,
          rows.ptr,
          columns.ptr,
          counts.ptr,
          ends.ptr,
        );
        const last = ends.view().at(-1) ?? 0;
        const [row, column] = [rows, columns].map((slot) => slot.view().slice(0, last)) as [Int32Array, Int32Array];
        return { row, column, count: counts.view().slice(0, last), ends: ends.copy() };
      });

    const { voxels, places } = insideOf(volume, padded);
    for (let from = 0; from < voxels.length; from += perBlock) {
      const { row, column, count: counts, ends } = count(places.subarray(from, from + perBlock));
      for (let m = 0, v = from; m < ends.length; v++) {
        const matrices: TextureMatrix[] = [];
        for (const stop = m + perVoxel; m < stop; m++) {
          const [start, end] = [m === 0 ? 0 : ends[m - 1]!, ends[m]!];
          matrices.push({
            row: row.subarray(start, end),
            column: column.subarray(start, end),
            count: counts.subarray(start, end),
            voxels: 1,
          });
        }
        visit(voxels[v]!, matrices);
      }
    }
  });
}

/** The voxels of the ROI: their indices in the volume, and in the padded one. */
function insideOf({ shape: [nz, ny, nx], levels }: GreyLevelVolume, padded: PaddedLevels): { voxels: Int32Array; places: Int32Array } {
  const total = padded.stretches("volume")[0]!;
  const voxels = new Int32Array(total.voxels);
  const places = new Int32Array(total.voxels);
  for (let z = 0, i = 0, k = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0, at = total.from + padded.step([z, y, 0]); x < nx; x++, i++, at++) {
        if (levels[i] === 0) continue;
        voxels[k] = i;
        places[k++] = at;
      }
    }
  }
  return { voxels, places };
}
