// The intensity statistics of IBSI 1: how intensities are distributed in a region, whatever their place. No discretisation.
import { ShapeError } from "../errors.ts";
import { isSameGrid, type Mask, type Volume } from "../volume.ts";
import { evaluate, type Feature, type FeatureValues } from "./feature.ts";
import { inPieces } from "../pieces.ts";
import { countWhole, intensitiesInside, rangeOf } from "./inside.ts";

export type { FeatureValues } from "./feature.ts";

/** The intensities of a region, or its grey levels, with what several features share. All sums are in f64. */
export interface Intensities {
  /** Rising. */
  readonly sorted: Float64Array;
  readonly mean: number;
  /** sum (x - mean)^k / N for k = 2, 3, 4. */
  readonly moments: readonly [second: number, third: number, fourth: number];
  /** sum x^2. */
  readonly squares: number;
}

/**
 * The 18 intensity statistics of a region, by their IBSI tags (`stat_mean`, ...).
 *
 * @param volume  intensities: HU for CT; for MR after whatever scaling the study chooses. After resampling and windowing.
 * @param mask    the region, on the volume's grid; any non-zero voxel is inside
 * @returns       null with a reason where a definition divides by 0, and everywhere when the region is empty
 * @throws ShapeError when mask and volume are different grids
 * @see IBSI 1 reference manual, section 3.3 (UHIW)
 */
export function intensityStatistics(volume: Volume, mask: Mask): FeatureValues {
  if (!isSameGrid(volume, mask)) {
    throw new ShapeError(
      `intensityStatistics: the mask [${mask.shape}] is not on the volume's grid [${volume.shape}]; resample one onto the other`,
    );
  }
  return statisticsOf(intensitiesInside({ intensity: volume.data, intensityMask: mask.data }));
}

/** The same of the intensities inside a region, in any order. */
export function statisticsOf(inside: Float32Array): FeatureValues {
  return evaluate(INTENSITY_STATISTICS, inside.length === 0 ? null : intensities(inside));
}

/** Mean intensity: sum x / N. IBSI Q4LE. */
export function mean(x: Intensities): number {
  return x.mean;
}

/** Intensity variance: sum (x - mean)^2 / N, without bias correction. IBSI ECT3. */
export function variance({ moments }: Intensities): number {
  return moments[0];
}

/** Skewness: third central moment / variance^(3/2). Positive with a tail to high intensities; 0 by definition in a flat region. IBSI KE2A. */
export function skewness({ moments: [second, third] }: Intensities): number {
  return second === 0 ? 0 : third / second ** 1.5;
}

/** Excess kurtosis: fourth central moment / variance^2 - 3. 0 for a normal distribution, and by definition in a flat region. IBSI IPH6. */
export function kurtosis({ moments: [second, , fourth] }: Intensities): number {
  return second === 0 ? 0 : fourth / second ** 2 - 3;
}

/** Median intensity: the middle value, the mean of the two middle ones when N is even. IBSI Y12H. */
export function median({ sorted }: Intensities): number {
  return percentile(sorted, 50);
}

/** Minimum intensity. IBSI 1GSF. */
export function minimum({ sorted }: Intensities): number {
  return sorted[0]!;
}

/** 10th percentile, a more robust minimum. IBSI QG58. */
export function percentile10({ sorted }: Intensities): number {
  return percentile(sorted, 10);
}

/** 90th percentile, a more robust maximum. IBSI 8DWT. */
export function percentile90({ sorted }: Intensities): number {
  return percentile(sorted, 90);
}

/** Maximum intensity. IBSI 84IY. */
export function maximum({ sorted }: Intensities): number {
  return sorted.at(-1)!;
}

/** Interquartile range: P75 - P25. IBSI SALO. */
export function interquartileRange({ sorted }: Intensities): number {
  return percentile(sorted, 75) - percentile(sorted, 25);
}

/** Intensity range: maximum - minimum. IBSI 2OJQ. */
export function range(x: Intensities): number {
  return maximum(x) - minimum(x);
}

/** Mean absolute deviation: sum |x - mean| / N. IBSI 4FUA. */
export function meanAbsoluteDeviation(x: Intensities): number {
  return meanDistance(x.sorted, x.mean);
}

/** Robust mean absolute deviation: the mean absolute deviation, from their own mean, of the intensities with P10 <= x <= P90. NaN where there are none (a region of two voxels). IBSI 1128. */
export function robustMeanAbsoluteDeviation(x: Intensities): number {
  const lowest = percentile10(x);
  const highest = percentile90(x);
  const inside = x.sorted.subarray(
    firstFrom(x.sorted, (value) => value >= lowest),
    firstFrom(x.sorted, (value) => value > highest),
  );
  return meanDistance(inside, meanOf(inside));
}

/** Median absolute deviation: sum |x - median| / N, a mean of distances and not a median of them. IBSI N72L. */
export function medianAbsoluteDeviation(x: Intensities): number {
  return meanDistance(x.sorted, median(x));
}

/** Coefficient of variation: sqrt(variance) / mean. NaN when the mean is 0; of little use where intensities may be negative (HU). IBSI 7TET. */
export function coefficientOfVariation(x: Intensities): number {
  return x.mean === 0 ? NaN : Math.sqrt(variance(x)) / x.mean;
}

/** Quartile coefficient of dispersion: (P75 - P25) / (P75 + P25). NaN when P75 + P25 is 0. IBSI 9S40. */
export function quartileCoefficientOfDispersion({ sorted }: Intensities): number {
  const [low, high] = [percentile(sorted, 25), percentile(sorted, 75)];
  return high + low === 0 ? NaN : (high - low) / (high + low);
}

/** Energy: sum x^2. Grows with the number of voxels. IBSI N8CA. */
function energy({ squares }: Intensities): number {
  return squares;
}

/** Root mean square: sqrt( sum x^2 / N ). IBSI 5ZWQ. */
function rootMeanSquare(x: Intensities): number {
  return Math.sqrt(x.squares / x.sorted.length);
}

/**
 * Percentile of sorted values, by linear interpolation between the two nearest ranks.
 *
 *   rank = percent/100 * (N - 1),   value = x[floor] + (rank - floor) * (x[floor + 1] - x[floor])
 *
 * IBSI leaves the interpolation open. This is type 7 of Hyndman & Fan 1996, the default of NumPy and R; it gives the published values of the
 * digital phantom, where some other types give 4.2 instead of 4 for the 90th percentile.
 *
 * @param sorted   rising, at least one value
 * @param percent  0 .. 100
 */
function percentile(sorted: Float64Array, percent: number): number {
  const rank = (percent / 100) * (sorted.length - 1);
  const floor = Math.floor(rank);
  const below = sorted[floor]!;
  const above = sorted[Math.min(floor + 1, sorted.length - 1)]!;
  return below + (rank - floor) * (above - below);
}

function intensities(inside: Float32Array): Intensities {
  const sorted = new Float64Array(inside);
  sortRising(sorted);
  return distribution(sorted);
}

/** What the formulas share of some values. @param sorted  rising, at least one value */
export function distribution(sorted: Float64Array): Intensities {
  const count = sorted.length;
  // A flat region has its value as the mean exactly; a rounded mean would give it a variance.
  const average = sorted[0] === sorted[count - 1] ? sorted[0]! : meanOf(sorted);
  const sums = new Float64Array(4);
  inPieces(count, (from, to) => addPowers(sorted, from, to, average, sums));
  const [second, third, fourth, squares] = sums as unknown as [number, number, number, number];
  return { sorted, mean: average, moments: [second / count, third / count, fourth / count], squares };
}

/** Adds the sums of (x - mean)^2, ^3, ^4 and of x^2. */
function addPowers(values: Float64Array, from: number, to: number, average: number, sums: Float64Array): void {
  let second = sums[0]!;
  let third = sums[1]!;
  let fourth = sums[2]!;
  let squares = sums[3]!;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    const d = value - average;
    squares += value * value;
    second += d * d;
    third += d * d * d;
    fourth += d * d * d * d;
  }
  sums[0] = second;
  sums[1] = third;
  sums[2] = fourth;
  sums[3] = squares;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  inPieces(values.length, (from, to) => (sum = addUp(values, from, to, sum)));
  return sum / values.length;
}

function addUp(values: Float64Array, from: number, to: number, before: number): number {
  let sum = before;
  for (let i = from; i < to; i++) sum += values[i]!;
  return sum;
}

/** Whole numbers that lie this close, as HU do, are sorted by counting them: ten times faster. */
const COUNTED_RANGE = 2 ** 16;

/** Sorts values in place, rising. */
export function sortRising(values: Float64Array): void {
  const { low, high, isWhole } = rangeOf(values);
  if (!isWhole || high - low >= COUNTED_RANGE) {
    values.sort();
    return;
  }
  const counts = new Float64Array(values.length === 0 ? 0 : high - low + 1);
  countWhole(values, low, counts);
  let from = 0;
  counts.forEach((count, k) => values.fill(low + k, from, (from += count)));
}

/** The first index from which on something holds of rising values, by halving; their number where it never does. */
export function firstFrom(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(sorted[middle]!)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** sum |x - centre| / N. */
function meanDistance(values: Float64Array, centre: number): number {
  let sum = 0;
  inPieces(values.length, (from, to) => (sum = addDistances(values, from, to, centre, sum)));
  return sum / values.length;
}

function addDistances(values: Float64Array, from: number, to: number, centre: number, before: number): number {
  let sum = before;
  for (let i = from; i < to; i++) sum += Math.abs(values[i]! - centre);
  return sum;
}

const FAMILY = "intensity statistics";

/** The intensity statistics, in the order of IBSI's reference manual. */
export const INTENSITY_STATISTICS: readonly Feature<Intensities>[] = [
  {
    name: "stat_mean",
    ibsiId: "Q4LE",
    family: FAMILY,
    unit: "intensity",
    formula: "sum x / N",
    compute: mean,
  },
  {
    name: "stat_var",
    ibsiId: "ECT3",
    family: FAMILY,
    unit: "intensity^2",
    formula: "sum (x - mean)^2 / N",
    compute: variance,
  },
  {
    name: "stat_skew",
    ibsiId: "KE2A",
    family: FAMILY,
    unit: "1",
    formula: "(sum (x - mean)^3 / N) / variance^(3/2), 0 when flat",
    compute: skewness,
  },
  {
    name: "stat_kurt",
    ibsiId: "IPH6",
    family: FAMILY,
    unit: "1",
    formula: "(sum (x - mean)^4 / N) / variance^2 - 3, 0 when flat",
    compute: kurtosis,
  },
  {
    name: "stat_median",
    ibsiId: "Y12H",
    family: FAMILY,
    unit: "intensity",
    formula: "P50",
    compute: median,
  },
  {
    name: "stat_min",
    ibsiId: "1GSF",
    family: FAMILY,
    unit: "intensity",
    formula: "min x",
    compute: minimum,
  },
  {
    name: "stat_p10",
    ibsiId: "QG58",
    family: FAMILY,
    unit: "intensity",
    formula: "P10",
    compute: percentile10,
  },
  {
    name: "stat_p90",
    ibsiId: "8DWT",
    family: FAMILY,
    unit: "intensity",
    formula: "P90",
    compute: percentile90,
  },
  {
    name: "stat_max",
    ibsiId: "84IY",
    family: FAMILY,
    unit: "intensity",
    formula: "max x",
    compute: maximum,
  },
  {
    name: "stat_iqr",
    ibsiId: "SALO",
    family: FAMILY,
    unit: "intensity",
    formula: "P75 - P25",
    compute: interquartileRange,
  },
  {
    name: "stat_range",
    ibsiId: "2OJQ",
    family: FAMILY,
    unit: "intensity",
    formula: "max x - min x",
    compute: range,
  },
  {
    name: "stat_mad",
    ibsiId: "4FUA",
    family: FAMILY,
    unit: "intensity",
    formula: "sum |x - mean| / N",
    compute: meanAbsoluteDeviation,
  },
  {
    name: "stat_rmad",
    ibsiId: "1128",
    family: FAMILY,
    unit: "intensity",
    formula: "sum |x - mean| / N over P10 <= x <= P90",
    undefinedWhen: "no voxel lies between the 10th and the 90th percentile",
    compute: robustMeanAbsoluteDeviation,
  },
  {
    name: "stat_medad",
    ibsiId: "N72L",
    family: FAMILY,
    unit: "intensity",
    formula: "sum |x - median| / N",
    compute: medianAbsoluteDeviation,
  },
  {
    name: "stat_cov",
    ibsiId: "7TET",
    family: FAMILY,
    unit: "1",
    formula: "sqrt(variance) / mean",
    undefinedWhen: "the mean intensity is 0",
    compute: coefficientOfVariation,
  },
  {
    name: "stat_qcod",
    ibsiId: "9S40",
    family: FAMILY,
    unit: "1",
    formula: "(P75 - P25) / (P75 + P25)",
    undefinedWhen: "the 25th and 75th percentile add up to 0",
    compute: quartileCoefficientOfDispersion,
  },
  {
    name: "stat_energy",
    ibsiId: "N8CA",
    family: FAMILY,
    unit: "intensity^2",
    formula: "sum x^2",
    compute: energy,
  },
  {
    name: "stat_rms",
    ibsiId: "5ZWQ",
    family: FAMILY,
    unit: "intensity",
    formula: "sqrt(sum x^2 / N)",
    compute: rootMeanSquare,
  },
];
