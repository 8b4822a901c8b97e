// Spatial autocorrelation of a masked volume: sums over all pairs of voxels, in far less time than the square of their number.
import type { Slot } from "./arena.ts";
import type { Core } from "./core.ts";
import { ShapeError } from "./errors.ts";
import type { Triple } from "./resample.ts";

/** Moran's I and Geary's C of the voxels of a mask. */
export interface SpatialAutocorrelation {
  /** N / sum w  x  sum w (x_i - mean) (x_j - mean) / sum (x_i - mean)^2. */
  readonly moranI: number;
  /** (N - 1) / (2 sum w)  x  sum w (x_i - x_j)^2 / sum (x_i - mean)^2. */
  readonly gearyC: number;
}

/** Three sums over ordered pairs i != j with w = 1 / distance: of w d_i d_j, of w, and of w d_i^2; d = (x - mean) / sd. */
type PairSums = readonly [products: number, weights: number, squares: number];

/** By which sums: `spectrum` by Fourier transforms, `pairs` one by one; by default whichever takes less time. */
type AutocorrelationMethod = "spectrum" | "pairs";

/**
 * Moran's I and Geary's C of the intensities inside a mask, weighted by the inverse distance of voxels in mm.
 *
 * Both are made of sums over lags of an autocorrelation, times the lag's weight: sum over i, j of w(j - i) a_i b_j. By Parseval that is a sum over
 * frequencies of W conj(A) B, and only forward transforms are needed, of the mask, of the deviations and of their squares, padded so that nothing wraps around. They run plane by
 * plane of one frequency along x, so that memory grows with the box and not with its padding. All is f64: the sums differ from those over all pairs by rounding
 * alone, below 1e-10 of the value for ROIs of 10^5 voxels. Few voxels in a large box are summed pair by pair.
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
  const size = shape[0] * shape[1] * shape[2];
  if (intensity.length !== size || mask.length !== size) {
    throw new ShapeError(
      `spatialAutocorrelation: a box of shape [${shape.join(", ")}] holds ${size} voxels, intensity has ${intensity.length} and mask ${mask.length}`,
    );
  }
  const { count, mean, sd } = moments(intensity, mask);
  if (count < 2 || sd === 0) return { moranI: NaN, gearyC: NaN };
  const region: Masked = { intensity, mask, shape, spacing, count, mean, sd };
  const chosen = method ?? cheaper(region);
  const [products, weights, squares] = chosen === "pairs" ? sumPairs(core, region) : sumSpectrum(core, region);
  // sum d^2 = N, since d is in standard deviations; (x_i - x_j)^2 summed over ordered pairs is 2 (squares - products).
  return { moranI: products / weights, gearyC: ((count - 1) / weights) * ((squares - products) / count) };
}

/** A masked volume and what its intensities are measured from. */
interface Masked {
  readonly intensity: Float32Array;
  readonly mask: Uint8Array;
  readonly shape: Triple;
  readonly spacing: Triple;
  readonly count: number;
  readonly mean: number;
  readonly sd: number;
}

function moments(intensity: Float32Array, mask: Uint8Array): { count: number; mean: number; sd: number } {
  const found = Float64Array.of(0, 0, Infinity, -Infinity);
  for (let from = 0; from < mask.length; from += PIECE) sumPiece(intensity, mask, from, Math.min(from + PIECE, mask.length), found);
  const [count, sum, low, high] = found as unknown as [number, number, number, number];
  const mean = sum / count;
  let squares = 0;
  for (let from = 0; from < mask.length; from += PIECE) {
    squares = sumSquares(intensity, mask, from, Math.min(from + PIECE, mask.length), mean, squares);
  }
  return { count, mean, sd: low === high ? 0 : Math.sqrt(squares / count) };
}

/** Voxels summed by one call: the engine compiles a function that is called often once, and a loop over everything anew for every case. */
const PIECE = 4096;

/** Goes on with the number of voxels inside, their sum, and the lowest and highest of them. */
function sumPiece(intensity: Float32Array, mask: Uint8Array, from: number, to: number, found: Float64Array): void {
  let count = found[0]!;
  let sum = found[1]!;
  let low = found[2]!;
  let high = found[3]!;
  for (let i = from; i < to; i++) {
    if (mask[i] === 0) continue;
    const value = intensity[i]!;
    count++;
    sum += value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  found.set([count, sum, low, high]);
}

function sumSquares(intensity: Float32Array, mask: Uint8Array, from: number, to: number, mean: number, before: number): number {
  let squares = before;
  for (let i = from; i < to; i++) if (mask[i] !== 0) squares += (intensity[i]! - mean) ** 2;
  return squares;
}

// Measured on one core: nanoseconds for one pair, and for one point of the padded grid.
const NS_PER_PAIR = 3;
const NS_PER_POINT = 30;

function cheaper({ count, shape }: Masked): AutocorrelationMethod {
  const points = shape.map(transformLength).reduce((product, n) => product * n, 1);
  return (NS_PER_PAIR * count * count) / 2 < NS_PER_POINT * points ? "pairs" : "spectrum";
}

function sumPairs({ arena, exports }: Core, { intensity, mask, shape, spacing, count, mean, sd }: Masked): PairSums {
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
    const out = arena.zeros(Float64Array, 3);
    exports.pairSums(voxels.ptr, count, out.ptr);
    return out.copy() as unknown as PairSums;
  });
}

/** The smallest even length with no prime factor beyond 5 that holds every lag of n voxels, -(n - 1) .. n - 1, apart. */
function transformLength(n: number): number {
  for (let length = 2 * n; ; length += 2) {
    let rest = length;
    for (const prime of [2, 3, 5]) while (rest % prime === 0) rest /= prime;
    if (rest === 1) return length;
  }
}

/** cos and -sin of 2 pi t / n, [n, 2]. */
function pushTwiddles({ arena }: Core, n: number): Slot<Float64Array> {
  const slot = arena.empty(Float64Array, 2 * n);
  const view = slot.view();
  for (let t = 0; t < n; t++) {
    const [cosine, sine] = onCircle(t / n);
    view[2 * t] = cosine;
    view[2 * t + 1] = -sine;
  }
  return slot;
}

/**
 * Cosine and sine of a part of a turn, 0..1, by their series on the first eighth and by symmetry beyond it. Engines differ in the last digit of
 * Math.sin and Math.cos; with products and sums alone a browser gives Node's numbers to the bit.
 */
function onCircle(turn: number): readonly [cosine: number, sine: number] {
  if (turn > 0.5) {
    const [c, s] = onCircle(1 - turn);
    return [c, -s];
  }
  if (turn > 0.25) {
    const [c, s] = onCircle(0.5 - turn);
    return [-c, s];
  }
  if (turn > 0.125) {
    const [c, s] = onCircle(0.25 - turn);
    return [s, c];
  }
  const angle = 2 * Math.PI * turn;
  let [cosine, sine] = [1, 1];
  // Below pi / 4 the term of x^20 is 3e-21.
  for (let k = 18; k > 0; k -= 2) {
    cosine = 1 - (angle * angle * cosine) / (k * (k - 1));
    sine = 1 - (angle * angle * sine) / (k * (k + 1));
  }
  return [cosine, angle * sine];
}

const upTo = (multiple: number, n: number) => Math.ceil(n / multiple) * multiple;

/** Bytes that spectra along x may take at once; a larger box goes through in several groups of frequencies. */
const SPECTRA_BYTES = 128 * 2 ** 20;

/** Up to so many voxels along the shortest axis its pairs are summed by their lags; beyond, transforms take less time. */
const MOST_LAGS = 96;

function sumSpectrum(core: Core, masked: Masked): PairSums {
  const rising = risingAxes(masked);
  const shortest = rising.shape[0];
  return core.arena.scope(() => (shortest <= MOST_LAGS ? sumPlanes(core, rising, lagPlanes) : sumPlanes(core, rising, spectrumPlanes)));
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

/** How the planes of kx are summed: with room for what it needs, and what a sum is to be divided by besides the length along x. */
interface Planes {
  /** Lags along z that have a weight, from 0 on. */
  readonly lags: number;
  readonly points: number;
  /** Adds the plane whose spectra begin at `fields`, `quantity` bytes apart, with the plane of `weightSpectra` at `weights`. */
  add(fields: number, quantity: number, weights: number, times: number, sums: number): void;
}

/** The sums over all planes of kx, in groups that fit in memory. */
function sumPlanes(
  core: Core,
  { intensity, mask, shape, spacing, mean, sd }: Masked,
  planesOf: (core: Core, shape: Triple) => Planes,
): PairSums {
  const { arena, exports } = core;
  const [nz, ny, nx] = shape;
  const [mx, my] = [transformLength(nx), transformLength(ny)];
  const planes = planesOf(core, shape);
  const plane = 2 * ny * upTo(8, nz);
  const weightRow = (my / 2 + 1) * upTo(16, planes.lags);
  const group = Math.max(1, Math.floor(SPECTRA_BYTES / (8 * (3 * plane + weightRow))));
  const [image, inside] = [arena.from(Float32Array, intensity), arena.from(Uint8Array, mask)];
  const alongX = pushTwiddles(core, mx);
  const block = 16 * mx;
  const scratch = arena.empty(Float64Array, 3 * block);
  const [a, b, c] = [scratch.ptr, scratch.ptr + 8 * block, scratch.ptr + 16 * block];
  const sums = arena.zeros(Float64Array, 3);
  for (let from = 0; from <= mx / 2; from += group) {
    const to = Math.min(from + group, mx / 2 + 1);
    arena.scope(() => {
      const spectra = arena.empty(Float64Array, 3 * (to - from) * plane);
      const weights = arena.empty(Float64Array, (to - from) * weightRow);
      exports.maskedSpectra(image.ptr, inside.ptr, nz, ny, nx, mean, 1 / sd, mx, alongX.ptr, from, to, a, b, c, spectra.ptr);
      exports.weightSpectra(mx, my / 2, planes.lags - 1, ...spacing, alongX.ptr, from, to, a, b, weights.ptr);
      const quantity = 8 * (to - from) * plane;
      for (let k = from; k < to; k++) {
        const times = k === 0 || k === mx / 2 ? 1 : 2;
        planes.add(spectra.ptr + 8 * (k - from) * plane, quantity, weights.ptr + 8 * (k - from) * weightRow, times, sums.ptr);
      }
    });
  }
  return [...sums.view()].map((sum) => sum / (mx * planes.points)) as unknown as PairSums;
}

/** Planes by transforms along y and sums over the lags along z. */
function lagPlanes(core: Core, [nz, ny]: Triple): Planes {
  const { arena, exports } = core;
  const my = transformLength(ny);
  const alongY = pushTwiddles(core, my).ptr;
  const a = arena.empty(Float64Array, 32 * my).ptr;
  const b = a + 8 * 16 * my;
  const t = arena.empty(Float64Array, 6 * my * upTo(8, nz) + 24 * Math.ceil(nz / 2)).ptr;
  const hp = upTo(16, nz);
  const lags = arena.empty(Float64Array, (my / 2 + 1) * hp).ptr;
  return {
    lags: nz,
    points: my,
    add(fields, quantity, weights, times, sums) {
      exports.weightLags(weights, my, hp, alongY, a, b, lags);
      exports.addLags(fields, quantity, lags, hp, ny, nz, my, alongY, times, a, t, sums);
    },
  };
}

/** Planes by transforms along y and z. */
function spectrumPlanes(core: Core, [nz, ny]: Triple): Planes {
  const { arena, exports } = core;
  const [mz, my] = [transformLength(nz), transformLength(ny)];
  const [hz, hy] = [mz / 2, my / 2];
  const [alongY, alongZ] = [pushTwiddles(core, my).ptr, pushTwiddles(core, mz).ptr];
  const a = arena.empty(Float64Array, 96 * Math.max(my, mz)).ptr;
  const b = a + 8 * 16 * Math.max(my, mz);
  const t = arena.empty(Float64Array, Math.max(6 * upTo(8, nz) * upTo(8, my), upTo(16, hz + 1) * upTo(16, hy + 1))).ptr;
  const plane = arena.empty(Float64Array, (hz + 1) * upTo(16, my)).ptr;
  return {
    lags: hz + 1,
    points: my * mz,
    add(fields, quantity, weights, times, sums) {
      exports.weightPlane(weights, my, mz, alongY, alongZ, a, b, t, plane);
      exports.addPlane(fields, fields + quantity, fields + 2 * quantity, plane, ny, nz, my, mz, alongY, alongZ, times, a, t, sums);
    },
  };
}
