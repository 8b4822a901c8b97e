// Local intensity of IBSI 1: the brightest neighbourhood of 1 cm^3, inside or across the region's border.
import type { Triple } from "../volume.ts";
import { evaluate, type Feature, type FeatureValues } from "./feature.ts";
import type { Region } from "./region.ts";

/** Mean intensities of spheres around voxels of a region. */
interface Peaks {
  /** The highest around a voxel of the highest intensity. */
  readonly local: number;
  /** The highest around any voxel. */
  readonly global: number;
}

/** Radius of a sphere of 1 cm^3, mm: (3 / (4 pi))^(1/3) cm. */
const RADIUS_MM = 10 * (3 / (4 * Math.PI)) ** (1 / 3);

/**
 * The two local intensity features of a region, by their IBSI tags (`loc_peak_loc`, `loc_peak_glob`).
 *
 * A sphere holds every voxel of the image whose centre lies within 6.2 mm of its own centre, also those outside the region; where the
 * image ends, those that there are.
 *
 * @returns null with a reason when the intensity mask is empty
 * @see IBSI 1 reference manual, section 3.2 (9ST6)
 */
export function localIntensity(region: Region): FeatureValues {
  return evaluate(LOCAL_INTENSITY, peaks(region));
}

/** Local intensity peak: the mean of the sphere around the brightest voxel; of several, the highest. IBSI VJGA. */
function localPeak({ local }: Peaks): number {
  return local;
}

/** Global intensity peak: the highest mean of a sphere around any voxel of the region. IBSI 0F91. */
function globalPeak({ global }: Peaks): number {
  return global;
}

/** A row of a sphere: the voxels (z + dz, y + dy, x - half .. x + half). */
interface Chord {
  readonly dz: number;
  readonly dy: number;
  readonly half: number;
}

function chordsOfSphere([sz, sy, sx]: Triple): Chord[] {
  const chords: Chord[] = [];
  const [reachZ, reachY] = [Math.floor(RADIUS_MM / sz), Math.floor(RADIUS_MM / sy)];
  for (let dz = -reachZ; dz <= reachZ; dz++) {
    for (let dy = -reachY; dy <= reachY; dy++) {
      const left = RADIUS_MM ** 2 - (dz * sz) ** 2 - (dy * sy) ** 2;
      if (left >= 0) chords.push({ dz, dy, half: Math.floor(Math.sqrt(left) / sx) });
    }
  }
  return chords;
}

/**
 * Sums each sphere by its chords, and each chord as the difference of two running sums along x, so that a sphere of a thousand voxels
 * costs some hundred differences. Sums are f64: whole HU are exact.
 */
function peaks({ shape, spacing, intensity, intensityMask }: Region): Peaks | null {
  const [nz, ny, nx] = shape;
  const running = runningSums(intensity, nz * ny, nx);
  const chords = chordsOfSphere(spacing);
  const [sum, count] = [new Float64Array(nx), new Float64Array(nx)];
  let [brightest, local, global] = [-Infinity, -Infinity, -Infinity];
  for (let z = 0, row = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, row++) {
      const inside = intensityMask.subarray(row * nx, (row + 1) * nx);
      const first = inside.indexOf(1);
      if (first < 0) continue;
      const last = inside.lastIndexOf(1);
      sum.fill(0);
      count.fill(0);
      for (const { dz, dy, half } of chords) {
        if (z + dz < 0 || z + dz >= nz || y + dy < 0 || y + dy >= ny) continue;
        addChord(running, (row + dz * ny + dy) * (nx + 1), nx, half, first, last, sum, count);
      }
      for (let x = first; x <= last; x++) {
        if (inside[x] === 0) continue;
        const mean = sum[x]! / count[x]!;
        const value = intensity[row * nx + x]!;
        if (mean > global) global = mean;
        if (value > brightest) [brightest, local] = [value, mean];
        else if (value === brightest && mean > local) local = mean;
      }
    }
  }
  return brightest === -Infinity ? null : { local, global };
}

/** For each row of nx voxels, nx + 1 sums of the first 0, 1, ... nx of them. */
function runningSums(intensity: Float32Array, rows: number, nx: number): Float64Array {
  const out = new Float64Array(rows * (nx + 1));
  for (let row = 0, from = 0, to = 0; row < rows; row++, to++) {
    let sum = 0;
    for (let x = 0; x < nx; x++) {
      sum += intensity[from++]!;
      out[++to] = sum;
    }
  }
  return out;
}

/** Adds to sum and count of each x in first..last the voxels x - half .. x + half of the row whose running sums begin at `at`. */
function addChord(
  running: Float64Array,
  at: number,
  nx: number,
  half: number,
  first: number,
  last: number,
  sum: Float64Array,
  count: Float64Array,
): void {
  const [whole, cut] = [Math.max(first, half), Math.min(last, nx - 1 - half)];
  for (let x = first; x <= last; x++) {
    if (x === whole && whole <= cut) {
      for (let from = at + x - half, to = at + x + half + 1; x <= cut; x++) {
        sum[x]! += running[to++]! - running[from++]!;
        count[x]! += 2 * half + 1;
      }
      if (x > last) return;
    }
    const [from, to] = [Math.max(0, x - half), Math.min(nx, x + half + 1)];
    sum[x]! += running[at + to]! - running[at + from]!;
    count[x]! += to - from;
  }
}

const FAMILY = "local intensity";

/** The local intensities, in the order of IBSI's reference manual. */
export const LOCAL_INTENSITY: readonly Feature<Peaks>[] = [
  {
    name: "loc_peak_loc",
    ibsiId: "VJGA",
    family: FAMILY,
    unit: "intensity",
    formula: "mean intensity within 6.2 mm of the brightest voxel",
    compute: localPeak,
  },
  {
    name: "loc_peak_glob",
    ibsiId: "0F91",
    family: FAMILY,
    unit: "intensity",
    formula: "highest mean intensity within 6.2 mm of any voxel of the region",
    compute: globalPeak,
  },
];
