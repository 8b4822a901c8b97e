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
  return arena.scope(() => {
    const found = arena.empty(Int32Array, 3 * nz * ny);
    arena.scope(() => exports.rowSpans(arena.from(Uint8Array, mask).ptr, nz * ny, nx, found.ptr));
    const spans = found.copy();
    let inside = 0;
    for (let row = 0; row < nz * ny; row++) inside += spans[3 * row + 2]!;
    const means = new Float64Array(inside);
    const running = arena.zeros(Float64Array, slots * ny * stride + 8);
    const slice = arena.empty(Float32Array, ny * nx);
    const wanted = arena.empty(Int32Array, 2 * chords.length);
    const out = arena.empty(Float64Array, nx + 8);
    const [voxels, offsets, result] = [slice.view(), wanted.view(), out.view()];
    const rowOf = (z: number, y: number) => ((z % slots) * ny + y) * stride;
    for (let z = 0, done = 0, k = 0; z < nz; z++) {
      for (; done <= Math.min(z + reach, nz - 1); done++) {
        voxels.set(intensity.subarray(done * ny * nx, (done + 1) * ny * nx));
        exports.runningSums(slice.ptr, ny, nx, widest, running.ptr + 8 * rowOf(done, 0));
      }
      let [there, whole, isShared]: [readonly Chord[], number, boolean] = [chords, 0, false];
      for (let y = 0, row = z * ny * nx; y < ny; y++, row += nx) {
        const [first, last] = [spans[3 * (z * ny + y)]!, spans[3 * (z * ny + y) + 1]!];
        if (last < 0) continue;
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
    return means;
  });
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

/** Voxels of a sphere around x in a row of nx voxels. */
function voxelsAt(chords: readonly Chord[], x: number, nx: number): number {
  return chords.reduce((count, { half }) => count + Math.min(nx, x + half + 1) - Math.max(0, x - half), 0);
}

/** Divides the sums of a row, from `first` on, by the voxels of their spheres; the number of means so far. A function a row: the engine compiles once what is called often. */
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
