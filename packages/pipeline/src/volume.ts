// The only image types in the product. Every triple is (z, y, x); x is contiguous.

/** Three numbers in the order (z, y, x). */
export type Triple = readonly [z: number, y: number, x: number];

/**
 * Where a grid of voxels lies in the patient.
 *
 *   position(k) = origin + sum over axes a of  direction[a] * spacing[a] * k[a]
 *
 * Positions are in millimetres in the LPS frame, written (z, y, x): z grows to superior, y to posterior, x to the patient's left.
 */
export interface Geometry {
  /** Number of voxels along (z, y, x). */
  readonly shape: Triple;
  /** Distance between voxel centres along (z, y, x), mm, positive. */
  readonly spacing: Triple;
  /** Position of the centre of voxel (0, 0, 0), (z, y, x), mm. */
  readonly origin: Triple;
  /** Unit vector of each array axis, in (z, y, x) components: direction[0] belongs to the z axis. The canonical frame has them within 45 degrees of the axes, mostly the identity. */
  readonly direction: readonly [Triple, Triple, Triple];
}

/** The same voxels in the order of their file, before its axes were turned into the canonical frame. Vectors are (x, y, z), LPS, mm. */
export interface StoredGrid {
  /** Each axis of the file, fastest first. */
  readonly axes: readonly [StoredAxis, StoredAxis, StoredAxis];
  /** Centre of the file's first voxel. */
  readonly origin: readonly [x: number, y: number, z: number];
}

/** One axis of a file. */
export interface StoredAxis {
  readonly size: number;
  readonly spacing: number;
  /** Unit vector. */
  readonly direction: readonly [x: number, y: number, z: number];
  /** The canonical axis that it became, and whether it was turned round. */
  readonly axis: 0 | 1 | 2;
  readonly isFlipped: boolean;
}

/** Intensities on a grid: HU for CT, scanner units for MR. */
export interface Volume extends Geometry {
  readonly data: Float32Array;
  /** Whether the file holds floating point numbers, or scales whole ones; missing where no such file was read (DICOM, computed volumes). */
  readonly isFloating?: boolean;
  /** What the file's type of whole numbers can hold; missing for others. */
  readonly range?: readonly [lowest: number, highest: number];
  /** Missing where it was computed. */
  readonly stored?: StoredGrid;
  /** The numbers of a file of 64-bit ones, in the order of that file, of which `of` has seven digits: they are those of `data` as long as it is that array. */
  readonly doubles?: { readonly values: Float64Array; readonly of: Float32Array };
}

/** A region on a grid: 1 inside, 0 outside. */
export interface Mask extends Geometry {
  readonly data: Uint8Array;
  /** Of the file it was read from, where its voxels are that file's. */
  readonly stored?: StoredGrid;
  /** The region as it was drawn, where that was on another grid and it came onto this one by the nearest neighbour. */
  readonly drawn?: Mask;
}

/** A region on a grid by the smallest box that holds it; beyond the box nothing is inside. */
export interface BoxedMask extends Geometry {
  /** The box's first voxel (z, y, x), and one past its last. */
  readonly from: Triple;
  readonly to: Triple;
  /** Of the box's voxels, x fastest: 1 inside, 0 outside. */
  readonly inside: Uint8Array;
  /** Of the file it was read from, where its voxels are that file's. */
  readonly stored?: StoredGrid;
}

/** The axis-aligned direction of the canonical frame. */
export const AXIS_ALIGNED: Geometry["direction"] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Number of voxels of a grid. */
export function voxelCount({ shape }: Pick<Geometry, "shape">): number {
  return shape[0] * shape[1] * shape[2];
}

/** A boxed mask as a mask of its whole grid. */
export function wholeMask({ shape, spacing, origin, direction, stored, from, to, inside }: BoxedMask): Mask {
  const data = new Uint8Array(voxelCount({ shape }));
  const nx = to[2] - from[2];
  for (let z = from[0], i = 0; z < to[0]; z++) {
    for (let y = from[1]; y < to[1]; y++, i += nx) data.set(inside.subarray(i, i + nx), (z * shape[1] + y) * shape[2] + from[2]);
  }
  return { shape, spacing, origin, direction, ...(stored && { stored }), data };
}

/** Position (z, y, x) in mm of a (possibly fractional) index (z, y, x). */
export function positionOf({ origin, spacing, direction }: Geometry, index: Triple): Triple {
  const at = (c: 0 | 1 | 2) =>
    origin[c] + direction[0][c] * spacing[0] * index[0] + direction[1][c] * spacing[1] * index[1] + direction[2][c] * spacing[2] * index[2];
  return [at(0), at(1), at(2)];
}

/** Fractional index (z, y, x) of a position (z, y, x) in mm; the inverse of `positionOf`. The axes are taken to be orthogonal. */
export function indexOf({ origin, spacing, direction }: Geometry, position: Triple): Triple {
  const d: Triple = [position[0] - origin[0], position[1] - origin[1], position[2] - origin[2]];
  const along = (a: 0 | 1 | 2) => (direction[a][0] * d[0] + direction[a][1] * d[1] + direction[a][2] * d[2]) / spacing[a];
  return [along(0), along(1), along(2)];
}

/**
 * Whether two grids are the same voxels of the same patient.
 *
 * @param toleranceMm  largest distance between corresponding corners that still counts as the same, mm
 */
export function isSameGrid(a: Geometry, b: Geometry, toleranceMm = 0.01): boolean {
  if (a.shape.some((n, i) => n !== b.shape[i])) return false;
  const [nz, ny, nx] = a.shape;
  for (const corner of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const index: Triple = [corner & 4 ? nz - 1 : 0, corner & 2 ? ny - 1 : 0, corner & 1 ? nx - 1 : 0];
    const [p, q] = [positionOf(a, index), positionOf(b, index)];
    if (Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) > toleranceMm) return false;
  }
  return true;
}
