// Boxes of voxels: around a mask, around a rough annotation, and cut out of a grid.
import { IntakeError } from "../errors.ts";
import { cornersOf, type RoughRoi } from "../intake/rough-roi.ts";
import { indexOf, positionOf, voxelCount, type Geometry, type Mask, type Triple, type Volume } from "../volume.ts";

/** A box of voxel indices (z, y, x), half-open: `from` is inside, `to` is not. */
export interface IndexBox {
  readonly from: Triple;
  readonly to: Triple;
}

/** How far outside a box a voxel's centre may lie and still count as on its face, mm: positions come through 32-bit floats and rounded decimals. */
const ON_THE_FACE_MM = 1e-3;

/** The part of a region that must lie in the image; below it, the region is taken to belong to another image. */
const LEAST_INSIDE = 0.5;

/** The grid of a box: same voxels, same places in the patient. */
export function cropGeometry(grid: Geometry, { from, to }: IndexBox): Geometry {
  return {
    shape: [to[0] - from[0], to[1] - from[1], to[2] - from[2]],
    spacing: grid.spacing,
    origin: positionOf(grid, from),
    direction: grid.direction,
  };
}

/** The voxels inside a box, as a volume or mask of its own in its place in the patient. The box lies in the grid. */
export function crop<T extends Volume | Mask>(image: T, box: IndexBox): T {
  const geometry = cropGeometry(image, box);
  const from = (z: number, y: number) => ((z + box.from[0]) * image.shape[1] + y + box.from[1]) * image.shape[2] + box.from[2];
  const data =
    image.data instanceof Uint8Array ? cropBytes(image.data, from, geometry.shape) : cropNumbers(image.data, from, geometry.shape);
  return { ...image, ...geometry, data };
}

/** Where each row (z, y) of a crop begins in the whole. */
type RowStart = (z: number, y: number) => number;

// A loop for each kind of array: one that meets both takes several times as long, and a view of a row costs more than a row.

function cropBytes(data: Uint8Array, from: RowStart, [nz, ny, nx]: Triple): Uint8Array {
  const out = new Uint8Array(nz * ny * nx);
  for (let z = 0, at = 0; z < nz; z++) for (let y = 0; y < ny; y++, at += nx) copyBytes(data, from(z, y), nx, out, at);
  return out;
}

function copyBytes(from: Uint8Array, first: number, nx: number, to: Uint8Array, at: number): void {
  for (let x = 0; x < nx; x++) to[at + x] = from[first + x]!;
}

function cropNumbers(data: Float32Array, from: RowStart, [nz, ny, nx]: Triple): Float32Array {
  const out = new Float32Array(nz * ny * nx);
  for (let z = 0, at = 0; z < nz; z++) for (let y = 0; y < ny; y++, at += nx) copyNumbers(data, from(z, y), nx, out, at);
  return out;
}

function copyNumbers(from: Float32Array, first: number, nx: number, to: Float32Array, at: number): void {
  for (let x = 0; x < nx; x++) to[at + x] = from[first + x]!;
}

/**
 * The smallest box that holds every voxel of a mask.
 *
 * @throws IntakeError when the mask is empty
 */
export function boundingBox(mask: Mask): IndexBox {
  const [nz, ny, nx] = mask.shape;
  const low = [nz, ny, nx];
  const high = [-1, -1, -1];
  // From one voxel inside to the first of a later row, by the engine's own search: rows without any cost next to nothing.
  for (let i = mask.data.indexOf(1); i >= 0;) {
    const row = Math.floor(i / nx);
    const end = (row + 1) * nx;
    const [z, y] = [Math.floor(row / ny), row % ny];
    low[0] = Math.min(low[0]!, z);
    high[0] = z;
    low[1] = Math.min(low[1]!, y);
    high[1] = Math.max(high[1]!, y);
    low[2] = Math.min(low[2]!, i - row * nx);
    high[2] = Math.max(high[2]!, mask.data.lastIndexOf(1, end - 1) - row * nx);
    i = end < mask.data.length ? mask.data.indexOf(1, end) : -1;
  }
  if (high[0]! < 0) {
    throw new IntakeError(
      "mask",
      `none of its ${nz} x ${ny} x ${nx} voxels is inside, expected at least one; the region may be smaller than a voxel of this grid`,
    );
  }
  return { from: [low[0]!, low[1]!, low[2]!], to: [high[0]! + 1, high[1]! + 1, high[2]! + 1] };
}

/**
 * The processed region of a rough annotation on a grid: all voxels whose centres lie inside the smallest cuboid that
 * holds the annotation's corners, faces included, and at least one voxel in each direction.
 *
 * The cuboid has the grid's own axes, which are the patient's in all but oblique scans: there it follows the slices
 * that the reader saw.
 *
 * @param file  the annotation, for messages
 * @returns the half-open box of indices, and a note when part of the cuboid lay outside the image and was cut off
 * @throws IntakeError when less than half of the cuboid lies in the image
 * @see Song et al. 2021: the processed ROI
 */
export function roughCuboid(rough: RoughRoi, grid: Geometry, file: string): { box: IndexBox; notes: string[] } {
  const corners = cornersOf(rough).map((corner) => indexOf(grid, corner));
  const low = [0, 1, 2].map((a) => Math.min(...corners.map((c) => c[a]!)));
  const high = [0, 1, 2].map((a) => Math.max(...corners.map((c) => c[a]!)));

  const inside = shareInside(low, high, grid.shape);
  const percent = (100 * inside).toFixed(inside < 0.01 ? 1 : 0);
  if (inside < LEAST_INSIDE) {
    throw new IntakeError(
      file,
      `${inside === 0 ? "the annotated box lies outside the image" : `only ${percent}% of the annotated box lies in the image, expected at least ${100 * LEAST_INSIDE}%`}; ` +
        "check that it was drawn on this image and that coordinateSystem (LPS or RAS) is right",
    );
  }

  const from: number[] = [];
  const to: number[] = [];
  for (const a of [0, 1, 2]) {
    const slack = ON_THE_FACE_MM / grid.spacing[a]!;
    const middle = Math.round((low[a]! + high[a]!) / 2);
    let first = Math.ceil(low[a]! - slack);
    let last = Math.floor(high[a]! + slack);
    if (first > last) first = last = middle;
    from.push(Math.min(Math.max(first, 0), grid.shape[a]! - 1));
    to.push(Math.max(Math.min(last, grid.shape[a]! - 1), from[a]!) + 1);
  }
  const lost = 100 * (1 - inside);
  const notes =
    lost > 1e-7 ? [`${file}: ${lost.toFixed(lost < 1 ? 1 : 0)}% of the annotated box lay outside the image and was cut off`] : [];
  return { box: { from: [from[0]!, from[1]!, from[2]!], to: [to[0]!, to[1]!, to[2]!] }, notes };
}

/** The part of a box of fractional indices that lies on a grid's voxels; a side shorter than a voxel counts as one. */
function shareInside(low: readonly number[], high: readonly number[], shape: Triple): number {
  return [0, 1, 2].reduce((share, a) => {
    const middle = (low[a]! + high[a]!) / 2;
    const half = Math.max((high[a]! - low[a]!) / 2, 0.5);
    const covered = Math.min(middle + half, shape[a]! - 0.5) - Math.max(middle - half, -0.5);
    return share * Math.max(0, Math.min(1, covered / (2 * half)));
  }, 1);
}

/** A mask of a whole grid that is 1 inside a box. The box lies in the grid. */
export function maskOfBox(grid: Geometry, { from, to }: IndexBox): Mask {
  const { shape, spacing, origin, direction } = grid;
  const [, ny, nx] = shape;
  const data = new Uint8Array(voxelCount(grid));
  for (let z = from[0]; z < to[0]; z++) {
    for (let y = from[1]; y < to[1]; y++) data.fill(1, (z * ny + y) * nx + from[2], (z * ny + y) * nx + to[2]);
  }
  return { shape, spacing, origin, direction, data };
}
