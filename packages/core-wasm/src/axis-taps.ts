// Interpolation along one axis as a banded matrix: which inputs an output needs, and with what weights.

/** One axis of a new grid: output voxel i lies at input index start + i * step. Indices beyond the first or last voxel's centre are clamped to it. */
export interface AxisMap {
  readonly length: number;
  readonly start: number;
  readonly step: number;
}

/** `linear`, or `cubic`: the cubic B-spline that passes through the voxels (SciPy's order 3). */
export type Interpolation = "linear" | "cubic";

/** out[o] = sum over t of weights[o * taps + t] * in[first[o] + t]. */
export interface AxisTaps {
  readonly taps: number;
  readonly first: Int32Array;
  readonly weights: Float32Array;
}

/** The pole of the cubic B-spline's prefilter. @see Unser, Aldroubi & Eden 1993, B-spline signal processing, part II, table I */
const POLE = Math.sqrt(3) - 2;
/**
 * Inputs on each side of an output that the cubic spline sees. The prefilter has an infinite response that falls by |POLE| = 0.268 a voxel;
 * what is left out beyond 16 voxels is below 3e-9 of the signal, a twentieth of the rounding of f32.
 */
const REACH = 16;

/** The centred cubic B-spline, zero for |x| >= 2. */
function cubicBSpline(x: number): number {
  const a = Math.abs(x);
  if (a >= 2) return 0;
  return a >= 1 ? (2 - a) ** 3 / 6 : 2 / 3 - a * a * (1 - a / 2);
}

/**
 * The cardinal cubic spline: 1 at 0, 0 at every other whole number; the interpolating spline of samples f is sum over j of f[j] * cardinal(x - j).
 *
 *   cardinal(x) = sqrt(3) * sum over k of  POLE^|k| * cubicBSpline(x - k)
 */
function cardinalSpline(x: number): number {
  const base = Math.floor(x);
  let sum = 0;
  for (let k = base - 1; k <= base + 2; k++) sum += POLE ** Math.abs(k) * cubicBSpline(x - k);
  return Math.sqrt(3) * sum;
}

/** Index of the voxel that a mirror at the centres of the first and last voxel shows at index j. */
function mirrored(j: number, n: number): number {
  if (n === 1) return 0;
  const period = 2 * (n - 1);
  const k = ((j % period) + period) % period;
  return k < n ? k : period - k;
}

/**
 * The weights of one axis.
 *
 * @param n              voxels of the input along the axis
 * @param quantum        the number of taps is a multiple of this
 * @param room           positions that may be read, n and its padding; a tap beyond n has weight 0
 */
export function axisTaps(
  n: number,
  { length, start, step }: AxisMap,
  interpolation: Interpolation,
  quantum: number,
  room: number,
): AxisTaps {
  const reach = interpolation === "cubic" ? REACH : 1;
  const taps = Math.min(Math.ceil((2 * reach) / quantum), Math.ceil(n / quantum)) * quantum;
  const first = new Int32Array(length);
  const weights = new Float32Array(length * taps);
  const row = new Float64Array(taps);
  for (let o = 0; o < length; o++) {
    const c = Math.min(Math.max(start + o * step, 0), n - 1);
    const base = Math.floor(c);
    first[o] = Math.max(0, Math.min(base - reach + 1, room - taps));
    row.fill(0);
    for (let j = base - reach + 1; j <= base + reach; j++) {
      const weight = interpolation === "cubic" ? cardinalSpline(c - j) : 1 - Math.abs(c - j);
      if (weight !== 0) row[mirrored(j, n) - first[o]!]! += weight;
    }
    weights.set(row, o * taps);
  }
  return { taps, first, weights };
}

/** Whether the new axis is the old one. */
export function isSameAxis(n: number, { length, start, step }: AxisMap): boolean {
  return length === n && start === 0 && (step === 1 || n === 1);
}
