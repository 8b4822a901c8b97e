// PyRadiomics' class firstorder: intensities whatever their place.
import { firstFrom, sortRising } from "../intensity.ts";
import { entropy, type PyradiomicsFeature } from "./feature.ts";

/** What the class computes from. */
export interface FirstOrder {
  /** Intensities of the ROI, rising; at least one. */
  readonly sorted: Float64Array;
  readonly mean: number;
  /** sum (x - mean)^k / N for k = 2, 3, 4. */
  readonly moments: readonly [second: number, third: number, fourth: number];
  /** Share of each grey level that occurs. */
  readonly shares: readonly number[];
  /** sum (x + c)^2. */
  readonly energy: number;
  /** mm^3. */
  readonly voxelVolume: number;
}

/**
 * @param values  intensities of the ROI in any order, at least one
 * @param levels  their grey levels
 * @param shift   `voxelArrayShift`: added to intensities before they are squared
 */
export function firstOrderOf(values: Float64Array, levels: Uint16Array, shift: number, voxelVolume: number): FirstOrder {
  const sorted = values.slice();
  sortRising(sorted);
  const mean = meanOf(sorted);
  let [second, third, fourth, squares] = [0, 0, 0, 0];
  for (let i = 0; i < sorted.length; i++) {
    const d = sorted[i]! - mean;
    second += d * d;
    third += d * d * d;
    fourth += d * d * (d * d);
    squares += (sorted[i]! + shift) * (sorted[i]! + shift);
  }
  const n = sorted.length;
  return { sorted, mean, moments: [second / n, third / n, fourth / n], shares: sharesOf(levels), energy: squares, voxelVolume };
}

/** Shares of the levels that occur, in the order of their first voxels. */
function sharesOf(levels: Uint16Array): number[] {
  const counts = new Float64Array(2 ** 16);
  const occurring: number[] = [];
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i]!;
    if (counts[level] === 0) occurring.push(level);
    counts[level]!++;
  }
  return occurring.map((level) => counts[level]! / levels.length);
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Percentile, linear between the two nearest ranks (NumPy's default). */
function percentile({ sorted }: FirstOrder, percent: number): number {
  const rank = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(rank);
  return sorted[below]! + (rank - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - sorted[below]!);
}

/** sum |x - mean| / N. */
function meanAbsoluteDeviation(values: Float64Array): number {
  const centre = meanOf(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]! - centre);
  return sum / values.length;
}

function robustMeanAbsoluteDeviation(x: FirstOrder): number {
  const [low, high] = [percentile(x, 10), percentile(x, 90)];
  const from = firstFrom(x.sorted, (v) => v >= low);
  const to = firstFrom(x.sorted, (v) => v > high);
  return meanAbsoluteDeviation(x.sorted.subarray(from, to));
}

/** The features of the class, x an intensity, c `voxelArrayShift`, N voxels, p the share of a grey level. */
export const FIRST_ORDER: readonly PyradiomicsFeature<FirstOrder>[] = [
  { name: "10Percentile", formula: "10th percentile", compute: (x) => percentile(x, 10) },
  { name: "90Percentile", formula: "90th percentile", compute: (x) => percentile(x, 90) },
  { name: "Energy", formula: "sum (x + c)^2", compute: ({ energy }) => energy },
  { name: "Entropy", formula: "- sum p log2 p over grey levels", compute: ({ shares }) => entropy(shares) },
  { name: "InterquartileRange", formula: "P75 - P25", compute: (x) => percentile(x, 75) - percentile(x, 25) },
  {
    name: "Kurtosis",
    formula: "fourth central moment / variance^2 (3 for a normal distribution, not 0); 0 in a flat region",
    compute: ({ moments: [second, , fourth] }) => (second === 0 ? 0 : fourth / second ** 2),
  },
  { name: "Maximum", formula: "max x", compute: ({ sorted }) => sorted.at(-1)! },
  { name: "MeanAbsoluteDeviation", formula: "sum |x - mean| / N", compute: ({ sorted }) => meanAbsoluteDeviation(sorted) },
  { name: "Mean", formula: "sum x / N", compute: ({ mean }) => mean },
  { name: "Median", formula: "50th percentile", compute: (x) => percentile(x, 50) },
  { name: "Minimum", formula: "min x", compute: ({ sorted }) => sorted[0]! },
  { name: "Range", formula: "max x - min x", compute: ({ sorted }) => sorted.at(-1)! - sorted[0]! },
  {
    name: "RobustMeanAbsoluteDeviation",
    formula: "mean absolute deviation, from their own mean, of P10 <= x <= P90",
    compute: robustMeanAbsoluteDeviation,
  },
  { name: "RootMeanSquared", formula: "sqrt(sum (x + c)^2 / N)", compute: ({ energy, sorted }) => Math.sqrt(energy / sorted.length) },
  {
    name: "Skewness",
    formula: "third central moment / variance^(3/2); 0 in a flat region",
    compute: ({ moments: [second, third] }) => (second === 0 ? 0 : third / second ** 1.5),
  },
  { name: "TotalEnergy", formula: "voxel volume in mm^3 * sum (x + c)^2", compute: ({ voxelVolume, energy }) => voxelVolume * energy },
  { name: "Uniformity", formula: "sum p^2 over grey levels", compute: ({ shares }) => shares.reduce((sum, p) => sum + p * p, 0) },
  { name: "Variance", formula: "sum (x - mean)^2 / N", compute: ({ moments }) => moments[0] },
];

/** Computed only where a parameter file names it, as PyRadiomics does: it is the root of the variance. */
export const STANDARD_DEVIATION: PyradiomicsFeature<FirstOrder> = {
  name: "StandardDeviation",
  formula: "sqrt(sum (x - mean)^2 / N)",
  compute: ({ moments }) => Math.sqrt(moments[0]),
};
