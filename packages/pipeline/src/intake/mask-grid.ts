// A mask onto the voxels of an image: as it is where the grids agree, resampled where geometry allows.
import { IntakeError } from "../errors.ts";
import { indexOf, isSameGrid, positionOf, voxelCount, type Geometry, type Mask, type Triple } from "../volume.ts";

/** Grids whose corners differ by no more than this part of the smallest voxel are the same, with a note beyond rounding. */
const SAME_GRID = 0.1;

/** The part of a mask that must lie in the image; below it, the mask is taken to belong to another image. */
const LEAST_INSIDE = 0.5;

/** Indices come through 32-bit headers: what is this far off a voxel's centre, or off the middle between two, lies on it. */
const SNAP = 1e-4;

/**
 * A mask on the grid of an image. On another grid, a voxel of the image is inside where the mask, interpolated linearly at
 * its centre (0 beyond the mask's own grid), reaches 0.5; or, with `nearest`, where the mask's voxel nearest to its centre is.
 *
 * @param file, imagePath  for messages
 * @param nearest          null for linear; else the orientation of the mask's file: half way between two voxels the file's later one counts
 * @returns the mask, and notes on what was resampled or cut off
 * @throws IntakeError when the mask is empty, vanishes between the image's voxels, or less than half of it lies in the image
 */
export function fitMask(
  mask: Mask,
  image: Geometry,
  file: string,
  imagePath: string,
  nearest: string | null = null,
): { mask: Mask; notes: string[] } {
  if (!mask.data.includes(1)) throw new IntakeError(file, "is empty, expected a region; check that it is the mask of this patient");
  const { shape, spacing, origin, direction } = image;
  const onImage = (data: Uint8Array): Mask => ({ shape, spacing, origin, direction, data });
  const same = sameGrid(mask, image, file, imagePath);
  if (same) return { mask: { ...onImage(mask.data), ...(mask.stored && { stored: mask.stored }) }, notes: same.notes };

  const total = countInside(mask.data);
  const { inside, box } = overlap(mask, image);
  const percent = (n: number) => ((100 * n) / total).toFixed(n / total < 0.01 ? 1 : 0);
  if (inside < LEAST_INSIDE * total) {
    const how = inside === 0 ? "lies outside" : `lies ${percent(total - inside)}% outside`;
    throw new IntakeError(
      file,
      `${how} the image ${imagePath} (${grid(mask)} against ${grid(image)}), expected a mask drawn on it; check that they belong to the same patient and scan`,
    );
  }
  const resampled = onImage(sample(mask, image, box, nearest === null ? linearly(mask) : nearestly(mask, nearest)));
  const voxels = countInside(resampled.data);
  if (voxels === 0)
    throw new IntakeError(
      file,
      `vanishes on the voxels of ${imagePath}: its ${total} voxels (${grid(mask)}) lie between theirs (${grid(image)}); draw it on this image`,
    );
  const ml = (n: number, { spacing: [z, y, x] }: Geometry) => ((n * z * y * x) / 1000).toPrecision(3);
  const notes = [
    `${file}: is on another grid (${grid(mask)}) than ${imagePath} (${grid(image)}) and was resampled to it by ${nearest === null ? "linear interpolation and threshold 0.5" : "the nearest neighbour"}: ${ml(total, mask)} ml became ${ml(voxels, image)} ml`,
  ];
  if (inside < total) notes.push(`${file}: ${percent(total - inside)}% of it lay outside ${imagePath} and was cut off`);
  return { mask: nearest === null ? resampled : { ...resampled, drawn: mask }, notes };
}

/** What must be said where a mask's grid is taken for the image's; null where it is another one. @param file, imagePath  for messages */
export function sameGrid(mask: Geometry, image: Geometry, file: string, imagePath: string): { readonly notes: string[] } | null {
  if (isSameGrid(mask, image)) return { notes: [] };
  if (!isSameGrid(mask, image, SAME_GRID * Math.min(...image.spacing))) return null;
  return {
    notes: [`${file}: its geometry differs from that of ${imagePath} by less than ${SAME_GRID} voxel and was taken to be the same`],
  };
}

function countInside(data: Uint8Array): number {
  let n = 0;
  for (let i = 0; i < data.length; i++) n += data[i]!;
  return n;
}

const grid = ({ shape, spacing }: Geometry) =>
  `${[...shape].reverse().join(" x ")} voxels of ${[...spacing]
    .reverse()
    .map((s) => Number(s.toFixed(3)))
    .join(" x ")} mm`;

/** How many voxels of a mask have their centre in one of the image's voxels, and the image's indices that they reach. */
function overlap(mask: Mask, image: Geometry): { inside: number; box: { low: Triple; high: Triple } } {
  const [nz, ny, nx] = mask.shape;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  let inside = 0;
  // Positions are linear in the index, so three steps and a start say where every voxel lies in the image.
  const at = (index: Triple) => indexOf(image, positionOf(mask, index));
  const start = at([0, 0, 0]);
  const step = [at([1, 0, 0]), at([0, 1, 0]), at([0, 0, 1])].map((p) => p.map((v, c) => v - start[c]!));
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, i++) {
        if (mask.data[i] === 0) continue;
        let isInside = true;
        for (let c = 0; c < 3; c++) {
          const k = start[c]! + z * step[0]![c]! + y * step[1]![c]! + x * step[2]![c]!;
          if (k < -0.5 || k >= image.shape[c]! - 0.5) isInside = false;
          if (k < low[c]!) low[c] = k;
          if (k > high[c]!) high[c] = k;
        }
        if (isInside) inside++;
      }
    }
  }
  // A marked voxel reaches its neighbours' centres through the interpolation: one mask voxel further, in image voxels.
  const reach = [0, 1, 2].map((c) => Math.abs(step[0]![c]!) + Math.abs(step[1]![c]!) + Math.abs(step[2]![c]!));
  const clamp = (v: number, c: number) => Math.min(Math.max(v, 0), image.shape[c]! - 1);
  return {
    inside,
    box: {
      low: [0, 1, 2].map((c) => clamp(Math.floor(low[c]! - reach[c]!), c)) as unknown as Triple,
      high: [0, 1, 2].map((c) => clamp(Math.ceil(high[c]! + reach[c]!), c)) as unknown as Triple,
    },
  };
}

/** Whether a place in a mask, given as a fractional index, is inside. */
type InsideAt = (z: number, y: number, x: number) => boolean;

function linearly(mask: Mask): InsideAt {
  const value = valueOf(mask);
  return (z, y, x) => {
    const [z0, y0, x0] = [Math.floor(z), Math.floor(y), Math.floor(x)];
    const [wz, wy, wx] = [z - z0, y - y0, x - x0];
    let sum = 0;
    for (let corner = 0; corner < 8; corner++) {
      const [dz, dy, dx] = [corner >> 2, (corner >> 1) & 1, corner & 1];
      const weight = (dz ? wz : 1 - wz) * (dy ? wy : 1 - wy) * (dx ? wx : 1 - wx);
      if (weight > 0) sum += weight * value(z0 + dz, y0 + dy, x0 + dx);
    }
    // The weights of eight inside corners add up to 1 only to rounding.
    return sum >= 0.5 - 1e-9;
  };
}

/** @param orientation  of the mask's file, which may run against the mask's axes */
function nearestly(mask: Mask, orientation: string): InsideAt {
  const value = valueOf(mask);
  const [nearZ, nearY, nearX] = ["I", "A", "R"].map((letter) =>
    orientation.includes(letter) ? (v: number) => Math.ceil(v - 0.5 - SNAP) : (v: number) => Math.floor(v + 0.5 + SNAP),
  ) as [(v: number) => number, (v: number) => number, (v: number) => number];
  return (z, y, x) => value(nearZ(z), nearY(y), nearX(x)) === 1;
}

/** The mask's value at an index, 0 beyond its grid. */
function valueOf({ shape: [nz, ny, nx], data }: Mask): (z: number, y: number, x: number) => number {
  return (z, y, x) => (z < 0 || y < 0 || x < 0 || z >= nz || y >= ny || x >= nx ? 0 : data[(z * ny + y) * nx + x]!);
}

/** 1 at the image's voxels inside a box whose centres are inside the mask. */
function sample(mask: Mask, image: Geometry, { low, high }: { low: Triple; high: Triple }, isInside: InsideAt): Uint8Array {
  const out = new Uint8Array(voxelCount(image));
  const at = (index: Triple) => indexOf(mask, positionOf(image, index));
  const start = at([0, 0, 0]);
  const step = [at([1, 0, 0]), at([0, 1, 0]), at([0, 0, 1])].map((p) => p.map((v, c) => v - start[c]!));
  const snapped = (v: number) => (Math.abs(v - Math.round(v)) < SNAP ? Math.round(v) : v);
  for (let k = low[0]; k <= high[0]; k++) {
    for (let j = low[1]; j <= high[1]; j++) {
      for (let i = low[2]; i <= high[2]; i++) {
        const [z, y, x] = [0, 1, 2].map((c) => snapped(start[c]! + k * step[0]![c]! + j * step[1]![c]! + i * step[2]![c]!)) as [
          number,
          number,
          number,
        ];
        if (isInside(z, y, x)) out[(k * image.shape[1] + j) * image.shape[2] + i] = 1;
      }
    }
  }
  return out;
}
