// The discretised ROI in wasm memory, and the stretches of it that are counted on their own.
import type { Slot } from "./arena.ts";
import type { Core } from "./core.ts";
import { ShapeError } from "./errors.ts";
import type { Extent } from "./offsets.ts";
import type { Triple } from "./resample.ts";

/** A discretised ROI: what every texture family counts. */
export interface GreyLevelVolume {
  /** Voxels (z, y, x). */
  readonly shape: Triple;
  /** 0 outside the ROI, 1..ng inside. */
  readonly levels: Uint16Array;
  /** Number of grey levels, Ng. */
  readonly ng: number;
}

/** A stretch of a padded volume: a slice or the whole, from its first voxel to one past its last. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Voxels of the ROI in it. */
  readonly voxels: number;
}

/**
 * Grey levels with zeros around them. Every neighbour within reach of a voxel is then one step away in memory, so that a kernel walks
 * a plain array and never asks where the volume ends.
 */
export interface PaddedLevels {
  readonly levels: Slot<Uint16Array>;
  /** Voxels of padding at every face. */
  readonly reach: number;
  /** Voxels from one row, and from one slice, to the next. */
  readonly row: number;
  readonly slice: number;
  /** The slices one by one, or the volume as one; those without a voxel of the ROI too. */
  stretches(by: Extent): readonly Stretch[];
  /** The step in memory to an offset (z, y, x). */
  step(offset: Triple): number;
}

/**
 * Copies grey levels into wasm memory with as much padding as the offsets need, inside an arena scope.
 *
 * @param where    the caller, for messages
 * @param offsets  those along which neighbours are looked for
 * @throws ShapeError when the levels do not fill the shape or exceed ng, or an offset leaves the slice though slices are counted one by one
 */
export function padLevels(core: Core, where: string, volume: GreyLevelVolume, by: Extent, offsets: readonly Triple[]): PaddedLevels {
  const { shape, levels, ng } = volume;
  const [nz, ny, nx] = shape;
  if (levels.length !== nz * ny * nx)
    throw new ShapeError(`${where}: a grid of shape [${shape.join(", ")}] holds ${nz * ny * nx} voxels, levels has ${levels.length}`);
  if (by === "slice" && offsets.some(([z]) => z !== 0))
    throw new ShapeError(`${where}: an offset leaves the slice, but slices were to be counted one by one; use offsets of extent "slice"`);
  const reach = Math.max(1, ...offsets.flat().map(Math.abs));
  const [row, slice] = [nx + 2 * reach, (nx + 2 * reach) * (ny + 2 * reach)];
  const { arena, exports } = core;
  const padded = arena.zeros(Uint16Array, slice * (nz + 2 * reach));
  const voxels = arena.scope(() => {
    const input = arena.from(Uint16Array, levels);
    const counted = arena.empty(Uint32Array, nz);
    const highest = exports.padLevels(input.ptr, nz, ny, nx, reach, padded.ptr, counted.ptr);
    if (highest > ng) throw new ShapeError(`${where}: grey levels lie in 0..${ng} (ng), level ${highest} came`);
    return counted.copy();
  });
  const first = (reach * (ny + 2 * reach) + reach) * row + reach;
  const length = (ny - 1) * row + nx;
  const stretch = (from: number, slices: number): Stretch => ({
    from: first + from * slice,
    to: first + (from + slices - 1) * slice + length,
    voxels: voxels.subarray(from, from + slices).reduce((sum, n) => sum + n, 0),
  });
  return {
    levels: padded,
    reach,
    row,
    slice,
    stretches: (by) => (by === "volume" ? [stretch(0, nz)] : Array.from({ length: nz }, (_, z) => stretch(z, 1))),
    step: ([z, y, x]) => z * slice + y * row + x,
  };
}
