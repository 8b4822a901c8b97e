// Spatial autocorrelation of a masked volume: sums over all pairs of voxels, in far less time than the square of their number.
import type { Core } from "./core.ts";
import { ShapeError } from "./errors.ts";
import type { Triple } from "./resample.ts";
import { spectralShare, type MaskedVolume } from "./spectral-sums.ts";

/** Moran's I and Geary's C of the voxels of a mask. */
export interface SpatialAutocorrelation {
  /** N / sum w  x  sum w (x_i - mean) (x_j - mean) / sum (x_i - mean)^2. */
  readonly moranI: number;
  /** (N - 1) / (2 sum w)  x  sum w (x_i - x_j)^2 / sum (x_i - mean)^2. */
  readonly gearyC: number;
}

/** In how many shares the sums come. */
export const AUTOCORRELATION_SHARES = 2;

/** One share of the sums over ordered pairs i != j with w = 1 / distance; d = (x - mean) / sd. Plain JSON. */
export interface AutocorrelationShare {
  /** Voxels inside; 0 where fewer than two are, or all are equally bright. The same in every share. */
  readonly count: number;
  /** Of w d_i d_j. */
  readonly products: number;
  /** Of w. */
  readonly weights: number;
  /** Of w d_i^2. */
  readonly squares: number;
}

/** By which sums: `spectrum` by Fourier transforms, `pairs` one by one; by default whichever takes less time. */
type AutocorrelationMethod = "spectrum" | "pairs";

/**
 * Moran's I and Geary's C of the intensities inside a mask, weighted by the inverse distance of voxels in mm: all shares one after another.
 *
 * All is f64: the sums differ from those over all pairs by rounding alone, below 1e-10 of the value for ROIs of 10^5 voxels.
 *
 * @param intensity  f32 [nz, ny, nx]
 * @param mask       u8 [nz, ny, nx], non-zero inside; crop both to the region first
 * @param spacing    mm
 * @returns NaN for both where fewer than two voxels are inside or all are equally bright
 * @throws ShapeError for arrays that do not fit; DeviceError where memory does not suffice
 * @see IBSI N365 and NPT7; Moran 1950, Geary 1954
 */
export function spatialAutocorrelation(
  core: Core,
  intensity: Float32Array,
  mask: Uint8Array,
  shape: Triple,
  spacing: Triple,
  method?: AutocorrelationMethod,
): SpatialAutocorrelation {
  const shares = Array.from({ length: AUTOCORRELATION_SHARES }, (_, share) =>
    autocorrelationShare(core, intensity, mask, shape, spacing, share, method),
  );
  return addAutocorrelation(shares);
}

/** Both coefficients of all shares, in their order: the same bits wherever each was computed. */
export function addAutocorrelation(shares: readonly AutocorrelationShare[]): SpatialAutocorrelation {
  const { count } = shares[0]!;
  if (count === 0) return { moranI: NaN, gearyC: NaN };
  const sum = (of: (share: AutocorrelationShare) => number) => shares.reduce((total, share) => total + of(share), 0);
  const [products, weights, squares] = [sum((share) => share.products), sum((share) => share.weights), sum((share) => share.squares)];
  // sum d^2 = N, since d is in standard deviations; (x_i - x_j)^2 summed over ordered pairs is 2 (squares - products).
  return { moranI: products / weights, gearyC: ((count - 1) / weights) * ((squares - products) / count) };
}

/**
 * One share of the sums of Moran's I and Geary's C, which needs none of the others: any thread may compute it. All take about the same time.
 *
 * Both coefficients are made of sums over lags of an autocorrelation, times the lag's weight, which `spectralShare` finds among the frequencies.
 * Few voxels in a large box are summed pair by pair.
 *
 * @param share  0 .. AUTOCORRELATION_SHARES - 1; the other parameters as `spatialAutocorrelation`
 * @throws ShapeError for arrays that do not fit; DeviceError where memory does not suffice
 */
export function autocorrelationShare(
  core: Core,
  intensity: Float32Array,
  mask: Uint8Array,
  shape: Triple,
  spacing: Triple,
  share: number,
  method?: AutocorrelationMethod,
): AutocorrelationShare {
  const size = shape[0] * shape[1] * shape[2];
  if (intensity.length !== size || mask.length !== size) {
    throw new ShapeError(
      `spatialAutocorrelation: a box of shape [${shape.join(", ")}] holds ${size} voxels, intensity has ${intensity.length} and mask ${mask.length}`,
    );
  }
  const rising = risingAxes({ intensity, mask, shape, spacing });
  return core.arena.scope(() => {
    const volume = measure(core, rising);
    if (volume === null) return { count: 0, products: 0, weights: 0, squares: 0 };
    const { count } = volume;
    const chosen = method ?? cheaper(volume);
    const [products, weights, squares] = chosen === "pairs" ? pairShare(core, rising, volume, share) : spectralShare(core, volume, share);
    return { count, products, weights, squares };
  });
}

/** A box of voxels and which of them are inside. */
interface Masked {
  readonly intensity: Float32Array;
  readonly mask: Uint8Array;
  readonly shape: Triple;
  readonly spacing: Triple;
}

/** The same voxels with their axes in rising order of their lengths: the sums are over pairs, whichever way the box lies. */
function risingAxes(masked: Masked): Masked {
  const order = [0, 1, 2].sort((a, b) => masked.shape[a]! - masked.shape[b]! || a - b) as unknown as Triple;
  if (order.every((axis, a) => axis === a)) return masked;
  const strides: Triple = [masked.shape[1] * masked.shape[2], masked.shape[2], 1];
  const pick = (values: Triple): Triple => [values[order[0]]!, values[order[1]]!, values[order[2]]!];
  const shape = pick(masked.shape);
  const [sz, sy, sx] = pick(strides);
  const intensity = new Float32Array(masked.intensity.length);
  const mask = new Uint8Array(masked.mask.length);
  for (let z = 0, i = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0, from = z * sz + y * sy; x < shape[2]; x++, i++, from += sx) {
        intensity[i] = masked.intensity[from]!;
        mask[i] = masked.mask[from]!;
      }
    }
  }
  return { ...masked, intensity, mask, shape, spacing: pick(masked.spacing) };
}

/** A masked volume with what its intensities are measured from. */
interface Measured extends MaskedVolume {
  /** Voxels inside. */
  readonly count: number;
}

/** Takes a volume into wasm memory, where it stays until the scope ends; null where it has no two voxels that differ. */
function measure({ arena, exports }: Core, { intensity, mask, shape, spacing }: Masked): Measured | null {
  const [nz, ny, nx] = shape;
  const image = arena.empty(Float32Array, intensity.length + 4);
  image.view().set(intensity);
  const inside = arena.from(Uint8Array, mask);
  const perRow = arena.empty(Uint32Array, nz * ny);
  const found = arena.empty(Float64Array, 3);
  exports.maskedMoments(image.ptr, inside.ptr, nz * ny, nx, perRow.ptr, found.ptr);
  const counts = perRow.copy();
  const [sum, low, high] = found.copy() as unknown as [number, number, number];
  const count = counts.reduce((total, n) => total + n, 0);
  if (count < 2 || low === high) return null;
  const mean = sum / count;
  const sd = Math.sqrt(exports.maskedSquares(image.ptr, inside.ptr, nz * ny, nx, perRow.ptr, mean) / count);
  return { intensity: image.ptr, mask: inside.ptr, shape, spacing, mean, sd, counts, count };
}

// Measured on one core: nanoseconds for one pair, and for one point of the padded grid.
const NS_PER_PAIR = 3;
const NS_PER_POINT = 12;

function cheaper({ count, shape }: Measured): AutocorrelationMethod {
  const points = shape.reduce((product, n) => product * 2 * n, 1);
  return (NS_PER_PAIR * count * count) / 2 < NS_PER_POINT * points ? "pairs" : "spectrum";
}

/** The sums over every other voxel's pairs. */
function pairShare(
  { arena, exports }: Core,
  { intensity, mask, shape, spacing }: Masked,
  { count, mean, sd }: Measured,
  share: number,
): [products: number, weights: number, squares: number] {
  return arena.scope(() => {
    // One number more, which the last pair of an odd row of voxels reads and drops.
    const voxels = arena.zeros(Float64Array, 4 * count + 2);
    const view = voxels.view();
    const [, ny, nx] = shape;
    for (let i = 0, k = 0; i < mask.length; i++) {
      if (mask[i] === 0) continue;
      view[k] = Math.floor(i / (ny * nx)) * spacing[0];
      view[count + k] = (Math.floor(i / nx) % ny) * spacing[1];
      view[2 * count + k] = (i % nx) * spacing[2];
      view[3 * count + k] = (intensity[i]! - mean) / sd;
      k++;
    }
    const out = arena.empty(Float64Array, 3);
    exports.pairSums(voxels.ptr, count, share, AUTOCORRELATION_SHARES, out.ptr);
    return [...out.view()] as [number, number, number];
  });
}
