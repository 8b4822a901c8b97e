// Regions for tests of hand-crafted features: made of a formula or cut out of a phantom, moved, turned and padded.
import type { Phantom } from "./ibsi.ts";

type Triple = readonly [z: number, y: number, x: number];

/** What features are computed from; the pipeline's `Region`. */
export interface TestRegion {
  readonly shape: Triple;
  readonly spacing: Triple;
  readonly intensity: Float32Array;
  readonly morphological: Uint8Array;
  readonly intensityMask: Uint8Array;
}

/** A region of the voxels where `inside` holds, with the intensities given; both by index (z, y, x). */
export function regionOf(
  shape: Triple,
  spacing: Triple,
  inside: (z: number, y: number, x: number) => boolean,
  intensity: (z: number, y: number, x: number) => number = () => 0,
): TestRegion {
  const [nz, ny, nx] = shape;
  const values = new Float32Array(nz * ny * nx);
  const mask = new Uint8Array(nz * ny * nx);
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, i++) {
        values[i] = intensity(z, y, x);
        mask[i] = inside(z, y, x) ? 1 : 0;
      }
    }
  }
  return { shape, spacing, intensity: values, morphological: mask, intensityMask: mask };
}

/** A phantom as a region; re-segmented to a range of intensities where one is given. */
export function regionOfPhantom({ shape, spacing, intensity, mask }: Phantom, range?: readonly [low: number, high: number]): TestRegion {
  const kept = range ? mask.map((inside, i) => (inside !== 0 && intensity[i]! >= range[0] && intensity[i]! <= range[1] ? 1 : 0)) : mask;
  return { shape, spacing, intensity, morphological: mask, intensityMask: kept };
}

/** The same voxels read through another index: voxel k of the result is voxel `from(k)` of the region, which is outside where that is null. */
function reindexed(region: TestRegion, shape: Triple, spacing: Triple, from: (z: number, y: number, x: number) => Triple): TestRegion {
  const [nz, ny, nx] = region.shape;
  const at = (z: number, y: number, x: number) => {
    const [a, b, c] = from(z, y, x);
    return a < 0 || b < 0 || c < 0 || a >= nz || b >= ny || c >= nx ? -1 : (a * ny + b) * nx + c;
  };
  const read = (data: ArrayLike<number>) => (z: number, y: number, x: number) => data[at(z, y, x)] ?? 0;
  const morphological = regionOf(shape, spacing, (z, y, x) => read(region.morphological)(z, y, x) !== 0, read(region.intensity));
  const { intensityMask } = regionOf(shape, spacing, (z, y, x) => read(region.intensityMask)(z, y, x) !== 0);
  return { ...morphological, intensityMask };
}

/** The region mirrored along an axis (0 = z, 1 = y, 2 = x). */
export function flipped(region: TestRegion, axis: 0 | 1 | 2): TestRegion {
  return reindexed(region, region.shape, region.spacing, (...k) => k.map((i, a) => (a === axis ? region.shape[a]! - 1 - i : i)) as never);
}

/** The region turned by 90 degrees about an axis (0 = z, 1 = y, 2 = x), spacing and all. */
export function turned(region: TestRegion, axis: 0 | 1 | 2): TestRegion {
  const [p, q] = ([0, 1, 2] as const).filter((a) => a !== axis) as [0 | 1 | 2, 0 | 1 | 2];
  const swap = (t: Triple) => t.map((v, a) => (a === p ? t[q]! : a === q ? t[p]! : v)) as unknown as Triple;
  return reindexed(region, swap(region.shape), swap(region.spacing), (...k) => {
    const back = [...swap(k)];
    back[p] = region.shape[p]! - 1 - back[p]!;
    return back as never;
  });
}

/** The region in a larger box, with this many voxels more on either side of each axis. */
export function padded(region: TestRegion, before: Triple, after: Triple): TestRegion {
  const shape = region.shape.map((n, a) => n + before[a]! + after[a]!) as unknown as Triple;
  return reindexed(region, shape, region.spacing, (...k) => k.map((i, a) => i - before[a]!) as never);
}
