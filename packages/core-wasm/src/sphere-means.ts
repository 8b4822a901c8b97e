// Mean intensity of the sphere around each voxel of a mask.
import type { Core } from "./core.ts";
import { ShapeError } from "./errors.ts";
import type { Triple } from "./resample.ts";

/** A row of a sphere: the voxels (z + dz, y + dy, x - half .. x + half). */
interface Chord {
  readonly dz: number;
  readonly dy: number;
  readonly half: number;
}

/**
 * The mean of every voxel whose centre lies within a radius of the centre of a voxel, for each voxel of a mask.
 *
 * A sphere is summed by its chords along x, and a chord is the difference of two running sums, so that a thousand voxels cost some hundred
 * differences. Sums are f64: those of whole numbers are exact. Where the image ends, the sphere is what there is of it.
 *
 * @param intensity  f32 [nz, ny, nx]
 * @param mask       u8 [nz, ny, nx], non-zero inside; spheres reach beyond it
 * @param spacing    mm
 * @param radius     mm
 * @returns f64, one mean for each voxel inside, in their order
 * @throws ShapeError for arrays that do not fit; DeviceError where memory does not suffice
 */
export function sphereMeans(
  core: Core,
  intensity: Float32Array,
  mask: Uint8Array,
  [nz, ny, nx]: Triple,
  spacing: Triple,
  radius: number,
): Float64Array {
  const size = nz * ny * nx;
  if (intensity.length !== size || mask.length !== size) {
    throw new ShapeError(
      `sphereMeans: a box of shape [${[nz, ny, nx].join(", ")}] holds ${size} voxels, intensity has ${intensity.length} and mask ${mask.length}`,
    );
  }
  const { arena, exports } = core;
  const chords = chordsOfSphere(radius, spacing);
  const reach = Math.max(...chords.map(({ dz }) => dz));
  const reachY = Math.max(...chords.map(({ dy }) => dy));
  const widest = Math.max(...chords.map(({ half }) => half));
  // Running sums go on before and after the row, so that a chord that leaves the image is cut off there.
  const stride = nx + 1 + 2 * widest;
  const slots = 2 * reach + 1;
  let inside = 0;
  for (let row = 0; row < size; row += nx) inside += countInside(mask, row, nx);
  const means = new Float64Array(inside);
  arena.scope(() => {
    const running = arena.zeros(Float64Array, slots * ny * stride + 8);
    const wanted = arena.empty(Int32Array, 2 * chords.length);
    const out = arena.empty(Float64Array, nx + 8);
    const [sums, offsets, result] = [running.view(), wanted.view(), out.view()];
    const rowOf = (z: number, y: number) => ((z % slots) * ny + y) * stride;
    for (let z = 0, done = 0, k = 0; z < nz; z++) {
      for (; done <= Math.min(z + reach, nz - 1); done++) {
        for (let y = 0; y < ny; y++) sumAlong(intensity, (done * ny + y) * nx, nx, widest, sums, rowOf(done, y));
      }
      let [there, whole, isShared]: [readonly Chord[], number, boolean] = [chords, 0, false];
      for (let y = 0, row = z * ny * nx; y < ny; y++, row += nx) {
        const first = firstInside(mask, row, nx);
        if (first === nx) continue;
        const last = lastInside(mask, row, nx);
        const origin = rowOf(z, y) + widest;
        // Rows of one slice share their chords, but for those near its border.
        const isInner = y >= reachY && y + reachY < ny;
        if (!isInner || !isShared) {
          isShared = isInner;
          there = chords.filter(({ dz, dy }) => z + dz >= 0 && z + dz < nz && y + dy >= 0 && y + dy < ny);
          whole = 0;
          there.forEach(({ dz, dy, half }, i) => {
            const centre = rowOf(z + dz, y + dy) + widest - origin;
            offsets[2 * i] = centre - half;
            offsets[2 * i + 1] = centre + half + 1;
            whole += 2 * half + 1;
          });
        }
        exports.sphereSums(running.ptr + 8 * (origin + first), wanted.ptr, there.length, last - first + 1, out.ptr);
        k = divideRow(mask, row, first, last, result, whole, widest, nx, there, means, k);
      }
    }
  });
  return means;
}

function chordsOfSphere(radius: number, [sz, sy, sx]: Triple): Chord[] {
  const chords: Chord[] = [];
  const [reachZ, reachY] = [Math.floor(radius / sz), Math.floor(radius / sy)];
  for (let dz = -reachZ; dz <= reachZ; dz++) {
    for (let dy = -reachY; dy <= reachY; dy++) {
      const left = radius ** 2 - (dz * sz) ** 2 - (dy * sy) ** 2;
      if (left >= 0) chords.push({ dz, dy, half: Math.floor(Math.sqrt(left) / sx) });
    }
  }
  return chords;
}

/** Running sums of a row of nx voxels: `margin` zeros, the sums of the first 0, 1, ... nx voxels, and `margin` times the last. */
function sumAlong(intensity: Float32Array, from: number, nx: number, margin: number, sums: Float64Array, to: number): void {
  let sum = 0;
  sums.fill(0, to, to + margin + 1);
  for (let x = 0; x < nx; x++) {
    sum += intensity[from + x]!;
    sums[to + margin + 1 + x] = sum;
  }
  sums.fill(sum, to + margin + 1 + nx, to + nx + 1 + 2 * margin);
}

/** Voxels of a sphere around x in a row of nx voxels. */
function voxelsAt(chords: readonly Chord[], x: number, nx: number): number {
  return chords.reduce((count, { half }) => count + Math.min(nx, x + half + 1) - Math.max(0, x - half), 0);
}

// One function a row, because the engine compiles once what is called often, and a loop over everything anew for every case.

function countInside(mask: Uint8Array, row: number, nx: number): number {
  let count = 0;
  for (let i = row; i < row + nx; i++) if (mask[i] !== 0) count++;
  return count;
}

/** The first x of a row that is inside; nx where none is. */
function firstInside(mask: Uint8Array, row: number, nx: number): number {
  let x = 0;
  while (x < nx && mask[row + x] === 0) x++;
  return x;
}

/** The last x of a row that is inside; -1 where none is. */
function lastInside(mask: Uint8Array, row: number, nx: number): number {
  let x = nx - 1;
  while (x >= 0 && mask[row + x] === 0) x--;
  return x;
}

/** Divides the sums of a row, from `first` on, by the voxels of their spheres; the number of means so far. */
function divideRow(
  mask: Uint8Array,
  row: number,
  first: number,
  last: number,
  sums: Float64Array,
  whole: number,
  widest: number,
  nx: number,
  chords: readonly Chord[],
  means: Float64Array,
  k: number,
): number {
  let next = k;
  for (let x = first; x <= last; x++) {
    if (mask[row + x] === 0) continue;
    const isWhole = x >= widest && x + widest < nx;
    means[next++] = sums[x - first]! / (isWhole ? whole : voxelsAt(chords, x, nx));
  }
  return next;
}
