// The intensity histogram of IBSI 1: how grey levels are distributed in a region after discretisation, whatever their place.
import { evaluate, type Feature, type FeatureValues } from "./feature.ts";
import {
  coefficientOfVariation,
  distribution,
  interquartileRange,
  kurtosis,
  maximum,
  mean,
  meanAbsoluteDeviation,
  median,
  medianAbsoluteDeviation,
  minimum,
  percentile10,
  percentile90,
  quartileCoefficientOfDispersion,
  range,
  robustMeanAbsoluteDeviation,
  skewness,
  variance,
  type Intensities,
} from "./intensity.ts";
import { inPieces } from "../pieces.ts";
import type { GreyLevels } from "./region.ts";

/** The grey levels of a region and how often each occurs. */
interface Histogram extends Intensities {
  /** Voxels of level 1, 2, ... Ng. */
  readonly counts: Float64Array;
  /** The slope of the counts at each level; null where there is but one level. */
  readonly gradient: Float64Array | null;
}

/**
 * The 23 intensity histogram features of a region, by their IBSI tags (`ih_mean`, ...).
 *
 * Those that intensity statistics have too are the same formulas on grey levels 1..Ng instead of intensities.
 *
 * @param roi  the discretised region; null where no voxel is left in it
 * @returns    null with a reason where a definition gives no value
 * @see IBSI 1 reference manual, section 3.4 (ZVCW)
 */
export function intensityHistogram(roi: GreyLevels | null): FeatureValues {
  return evaluate(INTENSITY_HISTOGRAM, roi && histogram(roi));
}

/** Mode: the commonest level; of several, the one closest to the mean, and of two as close the lower. IBSI AMMC. */
function mode({ counts, mean: centre }: Histogram): number {
  const most = Math.max(...counts);
  let best = NaN;
  counts.forEach((count, i) => {
    if (count === most && !(Math.abs(i + 1 - centre) >= Math.abs(best - centre))) best = i + 1;
  });
  return best;
}

/** Entropy in bits: - sum p log2 p over occupied levels. 0 in a flat region. IBSI TLU2. */
function entropy({ counts, sorted: { length } }: Histogram): number {
  return counts.reduce((sum, count) => (count === 0 ? sum : sum - (count / length) * Math.log2(count / length)), 0);
}

/** Uniformity: sum p^2. 1 in a flat region. IBSI BJ5W. */
function uniformity({ counts, sorted: { length } }: Histogram): number {
  return counts.reduce((sum, count) => sum + (count / length) ** 2, 0);
}

/** Maximum histogram gradient: the steepest rise of the counts from level to level. NaN where there is but one level. IBSI 12CE. */
function maximumGradient({ gradient }: Histogram): number {
  return gradient ? Math.max(...gradient) : NaN;
}

/** Maximum histogram gradient level: where the counts rise most steeply, the lowest of several. NaN where there is but one level. IBSI 8E6O. */
function maximumGradientLevel({ gradient }: Histogram): number {
  return gradient ? gradient.indexOf(Math.max(...gradient)) + 1 : NaN;
}

/** Minimum histogram gradient: the steepest fall of the counts, negative. NaN where there is but one level. IBSI VQB3. */
function minimumGradient({ gradient }: Histogram): number {
  return gradient ? Math.min(...gradient) : NaN;
}

/** Minimum histogram gradient level: where the counts fall most steeply, the lowest of several. NaN where there is but one level. IBSI RHQZ. */
function minimumGradientLevel({ gradient }: Histogram): number {
  return gradient ? gradient.indexOf(Math.min(...gradient)) + 1 : NaN;
}

/** Counts the levels; null where no voxel has one. */
function histogram({ levels, ng }: GreyLevels): Histogram | null {
  const counts = new Float64Array(ng);
  inPieces(levels.length, (from, to) => countLevels(levels, from, to, counts));
  const voxels = counts.reduce((sum, count) => sum + count, 0);
  if (voxels === 0) return null;
  const sorted = new Float64Array(voxels);
  let from = 0;
  counts.forEach((count, i) => sorted.fill(i + 1, from, (from += count)));
  return { ...distribution(sorted), counts, gradient: ng > 1 ? slope(counts) : null };
}

function countLevels(levels: Uint16Array, from: number, to: number, counts: Float64Array): void {
  for (let i = from; i < to; i++) {
    const level = levels[i]!;
    if (level !== 0) counts[level - 1]!++;
  }
}

/** Half the difference of the neighbours; at the ends the difference to the only one. */
function slope(counts: Float64Array): Float64Array {
  const last = counts.length - 1;
  return counts.map((_, i) => {
    const [below, above] = [Math.max(0, i - 1), Math.min(last, i + 1)];
    return (counts[above]! - counts[below]!) / (above - below);
  });
}

const FAMILY = "intensity histogram";
const ONE_LEVEL = "the region has one grey level";

/** The intensity histogram, in the order of IBSI's reference manual; i are grey levels, n their counts, p = n / N. */
export const INTENSITY_HISTOGRAM: readonly Feature<Histogram>[] = [
  { name: "ih_mean", ibsiId: "X6K6", family: FAMILY, unit: "level", formula: "sum i / N", compute: mean },
  { name: "ih_var", ibsiId: "CH89", family: FAMILY, unit: "level^2", formula: "sum (i - mean)^2 / N", compute: variance },
  {
    name: "ih_skew",
    ibsiId: "88K1",
    family: FAMILY,
    unit: "1",
    formula: "(sum (i - mean)^3 / N) / variance^(3/2), 0 when flat",
    compute: skewness,
  },
  {
    name: "ih_kurt",
    ibsiId: "C3I7",
    family: FAMILY,
    unit: "1",
    formula: "(sum (i - mean)^4 / N) / variance^2 - 3, 0 when flat",
    compute: kurtosis,
  },
  { name: "ih_median", ibsiId: "WIFQ", family: FAMILY, unit: "level", formula: "P50", compute: median },
  { name: "ih_min", ibsiId: "1PR8", family: FAMILY, unit: "level", formula: "min i", compute: minimum },
  { name: "ih_p10", ibsiId: "GPMT", family: FAMILY, unit: "level", formula: "P10", compute: percentile10 },
  { name: "ih_p90", ibsiId: "OZ0C", family: FAMILY, unit: "level", formula: "P90", compute: percentile90 },
  { name: "ih_max", ibsiId: "3NCY", family: FAMILY, unit: "level", formula: "max i", compute: maximum },
  {
    name: "ih_mode",
    ibsiId: "AMMC",
    family: FAMILY,
    unit: "level",
    formula: "argmax n; of several the one closest to the mean",
    compute: mode,
  },
  { name: "ih_iqr", ibsiId: "WR0O", family: FAMILY, unit: "level", formula: "P75 - P25", compute: interquartileRange },
  { name: "ih_range", ibsiId: "5Z3W", family: FAMILY, unit: "level", formula: "max i - min i", compute: range },
  { name: "ih_mad", ibsiId: "D2ZX", family: FAMILY, unit: "level", formula: "sum |i - mean| / N", compute: meanAbsoluteDeviation },
  {
    name: "ih_rmad",
    ibsiId: "WRZB",
    family: FAMILY,
    unit: "level",
    formula: "sum |i - mean| / N over P10 <= i <= P90",
    undefinedWhen: "no voxel lies between the 10th and the 90th percentile",
    compute: robustMeanAbsoluteDeviation,
  },
  { name: "ih_medad", ibsiId: "4RNL", family: FAMILY, unit: "level", formula: "sum |i - median| / N", compute: medianAbsoluteDeviation },
  {
    name: "ih_cov",
    ibsiId: "CWYJ",
    family: FAMILY,
    unit: "1",
    formula: "sqrt(variance) / mean",
    compute: coefficientOfVariation,
  },
  {
    name: "ih_qcod",
    ibsiId: "SLWD",
    family: FAMILY,
    unit: "1",
    formula: "(P75 - P25) / (P75 + P25)",
    compute: quartileCoefficientOfDispersion,
  },
  { name: "ih_entropy", ibsiId: "TLU2", family: FAMILY, unit: "1", formula: "- sum p log2 p", compute: entropy },
  { name: "ih_uniformity", ibsiId: "BJ5W", family: FAMILY, unit: "1", formula: "sum p^2", compute: uniformity },
  {
    name: "ih_max_grad",
    ibsiId: "12CE",
    family: FAMILY,
    unit: "1",
    formula: "max of (n(i+1) - n(i-1)) / 2, at the ends n(2) - n(1) and n(Ng) - n(Ng-1)",
    undefinedWhen: ONE_LEVEL,
    compute: maximumGradient,
  },
  {
    name: "ih_max_grad_g",
    ibsiId: "8E6O",
    family: FAMILY,
    unit: "level",
    formula: "the level of the maximum gradient",
    undefinedWhen: ONE_LEVEL,
    compute: maximumGradientLevel,
  },
  {
    name: "ih_min_grad",
    ibsiId: "VQB3",
    family: FAMILY,
    unit: "1",
    formula: "min of (n(i+1) - n(i-1)) / 2, at the ends n(2) - n(1) and n(Ng) - n(Ng-1)",
    undefinedWhen: ONE_LEVEL,
    compute: minimumGradient,
  },
  {
    name: "ih_min_grad_g",
    ibsiId: "RHQZ",
    family: FAMILY,
    unit: "level",
    formula: "the level of the minimum gradient",
    undefinedWhen: ONE_LEVEL,
    compute: minimumGradientLevel,
  },
];
