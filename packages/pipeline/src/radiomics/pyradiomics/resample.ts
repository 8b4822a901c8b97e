// Onto another spacing as PyRadiomics has it done by ITK: the grid shares the image's corner, in f64.
import type { Triple } from "../../volume.ts";
import type { Interpolator } from "./parameters.ts";

/** The grid of a resampled crop along one axis. */
export interface ResampleAxis {
  /** Output voxels. */
  readonly length: number;
  /** Index of the first output voxel in the file, and the step to the next. */
  readonly start: number;
  readonly step: number;
  /** Whether the file runs against the volume's axis: its first voxel is the volume's last. */
  readonly isFlipped: boolean;
}

/**
 * The crop of the new grid that PyRadiomics resamples: the ROI's bounding box and `pad` voxels around it, inside the image.
 *
 *   index in the file of output voxel k = (k + 1/2) s' / s - 1/2     (first corners agree; IBSI aligns centres)
 *
 * An axis along which the ROI has one voxel keeps its spacing, and so does one whose new spacing is 0.
 *
 * @param size      voxels of the image along the axis
 * @param from, to  half-open bounds of the ROI in the volume
 */
export function resampleAxis(
  size: number,
  [from, to]: readonly [number, number],
  [spacing, wanted]: readonly [number, number],
  pad: number,
  isFlipped: boolean,
): ResampleAxis {
  const target = wanted === 0 || to - from === 1 ? spacing : wanted;
  const ratio = spacing / target;
  const [first, end] = isFlipped ? [size - to, size - from] : [from, to];
  const low = Math.max(0, Math.floor((first - 0.5) * ratio - pad));
  const high = Math.min(Math.ceil(size * ratio) - 1, Math.ceil((end - 0.5) * ratio + pad));
  return { length: high - low + 1, start: (0.5 * (target - spacing)) / spacing + low / ratio, step: target / spacing, isFlipped };
}

/** Input voxels on either side that the spline's prefilter needs: its response falls by 0.268 a voxel, to 1e-17 after 30. */
const SPLINE_REACH = 30;

/**
 * Interpolates a volume on a crop of a new grid, one axis after the other.
 *
 * The cubic B-spline goes on beyond the image as in a mirror at the outermost voxel centres, as ITK's does. Outside the image
 * (more than half a voxel beyond a centre) the result is 0.
 *
 * @param data    [nz, ny, nx], any array of numbers
 * @param change  applied to every number before it is used
 */
export function resampleTo(
  data: ArrayLike<number>,
  shape: Triple,
  axes: readonly [ResampleAxis, ResampleAxis, ResampleAxis],
  interpolator: Interpolator,
  change: (x: number) => number = (x) => x,
): Float64Array {
  const reach = interpolator === "spline" ? SPLINE_REACH : 1;
  const places = axes.map((axis, a) => placesAlong(axis, shape[a]!));
  const from = places.map((at) => Math.max(0, Math.floor(at[0]!) - reach));
  const to = places.map((at, a) => Math.min(shape[a]!, Math.ceil(at.at(-1)!) + 1 + reach));
  let size = to.map((end, a) => end - from[a]!) as [number, number, number];
  let values: Float64Array = new Float64Array(size[0] * size[1] * size[2]);
  for (let z = 0, i = 0; z < size[0]; z++) {
    for (let y = 0; y < size[1]; y++) {
      let at = ((z + from[0]!) * shape[1] + y + from[1]!) * shape[2] + from[2]!;
      for (let x = 0; x < size[2]; x++, i++, at++) values[i] = change(data[at]!);
    }
  }
  for (const a of [2, 1, 0] as const) {
    const weights = axisWeights(places[a]!, axes[a].isFlipped, size[a], from[a]!, shape[a], interpolator);
    values = alongAxis(values, size, a, weights, interpolator === "spline");
    size = size.with(a, axes[a].length) as [number, number, number];
  }
  return values;
}

/** The volume's index of each output voxel, rising. */
function placesAlong({ length, start, step, isFlipped }: ResampleAxis, size: number): Float64Array {
  return Float64Array.from({ length }, (_, k) => (isFlipped ? size - 1 - (start + (length - 1 - k) * step) : start + k * step));
}

/** For each output voxel the input voxels of the part it is made of, and their weights; none outside the image. */
type AxisWeights = readonly (readonly (readonly [index: number, weight: number])[])[];

function axisWeights(
  places: Float64Array,
  isFlipped: boolean,
  size: number,
  offset: number,
  whole: number,
  interpolator: Interpolator,
): AxisWeights {
  const mirrored = (k: number) => {
    if (size === 1) return 0;
    const period = 2 * (size - 1);
    const m = ((k % period) + period) % period;
    return m < size ? m : period - m;
  };
  const clamp = (i: number) => Math.min(size - 1, Math.max(0, i));
  return Array.from(places, (place) => {
    if (place < -0.5 || place > whole - 0.5) return [];
    const c = place - offset;
    // Half way between two voxels ITK takes the later one of the file.
    if (interpolator === "nearest") return [[clamp(isFlipped ? Math.ceil(c - 0.5) : Math.floor(c + 0.5)), 1] as const];
    const floor = Math.floor(c);
    const t = c - floor;
    if (interpolator === "linear") {
      return [[clamp(floor), 1 - t] as const, [clamp(floor + 1), t] as const];
    }
    const cubic = [(1 - t) ** 3 / 6, (4 - 6 * t * t + 3 * t ** 3) / 6, (1 + 3 * t + 3 * t * t - 3 * t ** 3) / 6, t ** 3 / 6];
    return cubic.map((w, i) => [mirrored(floor - 1 + i), w] as const);
  });
}

/** Replaces one axis: each line is prefiltered where that is asked for, and then weighted. */
function alongAxis(
  values: Float64Array,
  size: readonly [number, number, number],
  axis: 0 | 1 | 2,
  weights: AxisWeights,
  prefilter: boolean,
): Float64Array {
  const stride = axis === 2 ? 1 : axis === 1 ? size[2] : size[1] * size[2];
  const outer = size.slice(0, axis).reduce((n, s) => n * s, 1);
  const out = new Float64Array(outer * weights.length * stride);
  const line = new Float64Array(size[axis]);
  for (let o = 0; o < outer; o++) {
    for (let s = 0; s < stride; s++) {
      const first = o * size[axis] * stride + s;
      for (let k = 0; k < line.length; k++) line[k] = values[first + k * stride]!;
      if (prefilter) splineCoefficients(line);
      for (let k = 0; k < weights.length; k++) {
        let sum = 0;
        for (const [index, weight] of weights[k]!) sum += weight * line[index]!;
        out[(o * weights.length + k) * stride + s] = sum;
      }
    }
  }
  return out;
}

/**
 * Coefficients of the cubic B-spline through the values of a line that goes on as in a mirror, in place.
 *
 * @see Unser, Aldroubi & Eden 1993: a causal and an anticausal recursive filter with pole sqrt(3) - 2
 */
function splineCoefficients(line: Float64Array): void {
  const n = line.length;
  if (n === 1) return;
  const pole = Math.sqrt(3) - 2;
  for (let k = 0; k < n; k++) line[k]! *= 6;
  // The first causal coefficient is the sum over the mirrored line, exact for its period of 2 (n - 1).
  let sum = line[0]! + pole ** (n - 1) * line[n - 1]!;
  for (let k = 1; k < n - 1; k++) sum += (pole ** k + pole ** (2 * n - 2 - k)) * line[k]!;
  line[0] = sum / (1 - pole ** (2 * n - 2));
  for (let k = 1; k < n; k++) line[k]! += pole * line[k - 1]!;
  line[n - 1] = (pole / (pole * pole - 1)) * (line[n - 1]! + pole * line[n - 2]!);
  for (let k = n - 2; k >= 0; k--) line[k] = pole * (line[k + 1]! - line[k]!);
}
