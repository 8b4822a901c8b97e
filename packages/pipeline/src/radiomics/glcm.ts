// The grey level co-occurrence features of IBSI 1: which grey levels are neighbours of which.
import { coOccurrences, type Core } from "@islet/core-wasm";
import { aggregateDirections, DIRECTIONAL_AGGREGATIONS, evaluateSamples, type DistanceNorm } from "./aggregation.ts";
import { centralMoment, coOccurrence, expectation, meanIndex, type CoOccurrence } from "./co-occurrence.ts";
import { entropyOfCounts } from "./entropy.ts";
import { NO_VOXEL, type Feature, type FeatureValues } from "./feature.ts";
import type { GreyLevels } from "./region.ts";
import type { DirectionalAggregation } from "./settings.ts";

/** How co-occurrences are counted. */
export interface GlcmSettings {
  /** Chebyshev distances between neighbours, voxels; [1] when left out. */
  readonly distances?: readonly number[];
  /** Whether a pair counts both ways round; true when left out, as IBSI wants. */
  readonly isSymmetric?: boolean;
  /** How merged directions are weighted by their length in voxels; "none" when left out. */
  readonly weighting?: DistanceNorm;
}

/**
 * The 25 co-occurrence features of a region for each aggregation, by their IBSI tags (`cm_contrast_3D_comb`, ...).
 *
 * @param roi  the discretised region; null where no voxel is left in it
 * @returns    null with a reason where a definition gives no value, and everywhere where no voxel has a neighbour
 * @see IBSI 1 reference manual, section 3.6 (LFYI)
 */
export function glcmFeatures(
  core: Core,
  roi: GreyLevels | null,
  aggregations: readonly DirectionalAggregation[],
  { distances = [1], isSymmetric = true, weighting = "none" }: GlcmSettings = {},
): FeatureValues {
  const matrices = aggregateDirections(aggregations, distances, weighting, (by, offsets) =>
    roi ? coOccurrences(core, roi, by, offsets, isSymmetric) : [],
  );
  return evaluateSamples(
    GLCM,
    matrices,
    (matrix) => coOccurrence(matrix, roi?.ng ?? 0),
    roi ? "no voxel of the region has a neighbour in it" : NO_VOXEL,
  );
}

/** Joint maximum: the probability of the commonest pair. IBSI GYBY. */
function jointMaximum({ p }: CoOccurrence): number {
  let most = 0;
  for (const share of p) if (share > most) most = share;
  return most;
}

/** Joint average: sum i p(i,j), the mean grey level weighted by its number of neighbours. IBSI 60VM. */
function jointAverage({ px }: CoOccurrence): number {
  return meanIndex(px);
}

/** Joint variance: sum (i - mean)^2 p(i,j), where mean is the joint average. IBSI UR99. */
function jointVariance({ px }: CoOccurrence): number {
  return centralMoment(px, 2);
}

/** Joint entropy, in bits: - sum p log2 p. 0 when a single pair of grey levels fills the region. IBSI TU9B. */
function jointEntropy({ entropies }: CoOccurrence): number {
  return entropies.xy;
}

/** Difference average: sum k p(|i-j| = k). The same number as the dissimilarity. IBSI TF7R. */
function differenceAverage({ difference }: CoOccurrence): number {
  return meanIndex(difference);
}

/** Difference variance: sum (k - mean)^2 p(|i-j| = k), where mean is the difference average. IBSI D3YU. */
function differenceVariance({ difference }: CoOccurrence): number {
  return centralMoment(difference, 2);
}

/** Difference entropy, in bits, of p(|i-j| = k). IBSI NTRS. */
function differenceEntropy({ difference }: CoOccurrence): number {
  return entropyOfCounts(difference, 1);
}

/** Sum average: sum k p(i+j = k). Twice the joint average of a symmetric matrix. IBSI ZGXS. */
function sumAverage({ sum }: CoOccurrence): number {
  return meanIndex(sum);
}

/** Sum variance: sum (k - mean)^2 p(i+j = k), where mean is the sum average. The same number as the cluster tendency. IBSI OEEB. */
function sumVariance({ sum }: CoOccurrence): number {
  return centralMoment(sum, 2);
}

/** Sum entropy, in bits, of p(i+j = k). IBSI P6QZ. */
function sumEntropy({ sum }: CoOccurrence): number {
  return entropyOfCounts(sum, 1);
}

/** Angular second moment: sum p^2. 1 when a single pair of grey levels fills the region. IBSI 8ZQL. */
function angularSecondMoment({ p }: CoOccurrence): number {
  let sum = 0;
  for (const share of p) sum += share * share;
  return sum;
}

/** Contrast: sum (i-j)^2 p(i,j). 0 in a flat region. IBSI ACUI. */
function contrast({ difference }: CoOccurrence): number {
  return expectation(difference, (k) => k * k);
}

/** Dissimilarity: sum |i-j| p(i,j). IBSI 8S9J. */
function dissimilarity({ difference }: CoOccurrence): number {
  return meanIndex(difference);
}

/** Inverse difference: sum p(i,j) / (1 + |i-j|). 1 in a flat region. IBSI IB1Z. */
function inverseDifference({ difference }: CoOccurrence): number {
  return expectation(difference, (k) => 1 / (1 + k));
}

/** Normalised inverse difference: sum p(i,j) / (1 + |i-j| / Ng). IBSI NDRX. */
function normalisedInverseDifference({ difference, ng }: CoOccurrence): number {
  return expectation(difference, (k) => 1 / (1 + k / ng));
}

/** Inverse difference moment: sum p(i,j) / (1 + (i-j)^2). IBSI WF0Z. */
function inverseDifferenceMoment({ difference }: CoOccurrence): number {
  return expectation(difference, (k) => 1 / (1 + k * k));
}

/** Normalised inverse difference moment: sum p(i,j) / (1 + (i-j)^2 / Ng^2). IBSI 1QCO. */
function normalisedInverseDifferenceMoment({ difference, ng }: CoOccurrence): number {
  return expectation(difference, (k) => 1 / (1 + (k / ng) ** 2));
}

/** Inverse variance: sum over i != j of p(i,j) / (i-j)^2. 0 in a flat region. IBSI E8JP. */
function inverseVariance({ difference }: CoOccurrence): number {
  return expectation(difference, (k) => (k === 0 ? 0 : 1 / (k * k)));
}

/** Correlation: (sum i j p(i,j) - mean_x mean_y) / (sd_x sd_y), of row and column. NaN where either has one grey level. IBSI NI2N. */
function correlation(x: CoOccurrence): number {
  const [meanX, meanY] = [meanIndex(x.px), meanIndex(x.py)];
  const spread = Math.sqrt(centralMoment(x.px, 2) * centralMoment(x.py, 2));
  let sum = 0;
  for (let k = 0; k < x.p.length; k++) sum += (x.i[k]! - meanX) * (x.j[k]! - meanY) * x.p[k]!;
  return hasOneLevel(x.px) || hasOneLevel(x.py) ? NaN : sum / spread;
}

/** Autocorrelation: sum i j p(i,j). IBSI QWB0. */
function autocorrelation({ i, j, p }: CoOccurrence): number {
  let sum = 0;
  for (let k = 0; k < p.length; k++) sum += i[k]! * j[k]! * p[k]!;
  return sum;
}

/** Cluster tendency: sum (i + j - mean_x - mean_y)^2 p(i,j). IBSI DG8W. */
function clusterTendency({ sum }: CoOccurrence): number {
  return centralMoment(sum, 2);
}

/** Cluster shade: sum (i + j - mean_x - mean_y)^3 p(i,j). Positive with a tail to high grey levels. IBSI 7NFM. */
function clusterShade({ sum }: CoOccurrence): number {
  return centralMoment(sum, 3);
}

/** Cluster prominence: sum (i + j - mean_x - mean_y)^4 p(i,j). IBSI AE86. */
function clusterProminence({ sum }: CoOccurrence): number {
  return centralMoment(sum, 4);
}

/**
 * First measure of information correlation: (HXY - HXY1) / HX, where HXY1 = - sum p(i,j) log2(px(i) py(j)) = HX + HY. In -1..0, and 0 where
 * neighbours are independent; of a symmetric matrix HX = HY. NaN where the rows have one grey level (HX = 0). IBSI R8DG.
 */
function informationCorrelation1({ px, entropies: { xy, x, y } }: CoOccurrence): number {
  return hasOneLevel(px) ? NaN : (xy - x - y) / x;
}

/**
 * Second measure of information correlation: sqrt(1 - exp(-2 (HXY2 - HXY))), where HXY2 = - sum px(i) py(j) log2(px(i) py(j)) = HX + HY. In 0..1,
 * and 0 where neighbours are independent. IBSI JN9H.
 */
function informationCorrelation2({ entropies: { xy, x, y } }: CoOccurrence): number {
  const shared = x + y - xy;
  return shared > 0 ? Math.sqrt(1 - Math.exp(-2 * shared)) : 0;
}

/** Whether all of a distribution lies at one index. */
function hasOneLevel(share: Float64Array): boolean {
  let occupied = 0;
  for (const p of share) if (p !== 0) occupied++;
  return occupied === 1;
}

const ONE_LEVEL = "the region has one grey level";

const row = (
  name: string,
  ibsiId: string,
  unit: Feature["unit"],
  formula: string,
  compute: (x: CoOccurrence) => number,
  undefinedWhen?: string,
): Feature<CoOccurrence> => ({
  name: `cm_${name}`,
  ibsiId,
  family: "grey level co-occurrence",
  unit,
  formula,
  aggregations: DIRECTIONAL_AGGREGATIONS,
  ...(undefinedWhen === undefined ? {} : { undefinedWhen }),
  compute,
});

/** The co-occurrence features, in the order of IBSI's reference manual; their tags go on with the aggregation. */
export const GLCM: readonly Feature<CoOccurrence>[] = [
  row("joint_max", "GYBY", "1", "max p(i,j)", jointMaximum),
  row("joint_avg", "60VM", "level", "sum i p(i,j)", jointAverage),
  row("joint_var", "UR99", "level^2", "sum (i - mean)^2 p(i,j)", jointVariance),
  row("joint_entr", "TU9B", "1", "- sum p(i,j) log2 p(i,j)", jointEntropy),
  row("diff_avg", "TF7R", "level", "sum k p(|i-j| = k)", differenceAverage),
  row("diff_var", "D3YU", "level^2", "sum (k - mean)^2 p(|i-j| = k)", differenceVariance),
  row("diff_entr", "NTRS", "1", "- sum p(|i-j| = k) log2 p(|i-j| = k)", differenceEntropy),
  row("sum_avg", "ZGXS", "level", "sum k p(i+j = k)", sumAverage),
  row("sum_var", "OEEB", "level^2", "sum (k - mean)^2 p(i+j = k)", sumVariance),
  row("sum_entr", "P6QZ", "1", "- sum p(i+j = k) log2 p(i+j = k)", sumEntropy),
  row("energy", "8ZQL", "1", "sum p(i,j)^2", angularSecondMoment),
  row("contrast", "ACUI", "level^2", "sum (i-j)^2 p(i,j)", contrast),
  row("dissimilarity", "8S9J", "level", "sum |i-j| p(i,j)", dissimilarity),
  row("inv_diff", "IB1Z", "1", "sum p(i,j) / (1 + |i-j|)", inverseDifference),
  row("inv_diff_norm", "NDRX", "1", "sum p(i,j) / (1 + |i-j| / Ng)", normalisedInverseDifference),
  row("inv_diff_mom", "WF0Z", "1", "sum p(i,j) / (1 + (i-j)^2)", inverseDifferenceMoment),
  row("inv_diff_mom_norm", "1QCO", "1", "sum p(i,j) / (1 + (i-j)^2 / Ng^2)", normalisedInverseDifferenceMoment),
  row("inv_var", "E8JP", "1", "sum over i != j of p(i,j) / (i-j)^2", inverseVariance),
  row("corr", "NI2N", "1", "sum (i - mean_x)(j - mean_y) p(i,j) / (sd_x sd_y)", correlation, ONE_LEVEL),
  row("auto_corr", "QWB0", "level^2", "sum i j p(i,j)", autocorrelation),
  row("clust_tend", "DG8W", "level^2", "sum (i + j - mean_x - mean_y)^2 p(i,j)", clusterTendency),
  row("clust_shade", "7NFM", "1", "sum (i + j - mean_x - mean_y)^3 p(i,j)", clusterShade),
  row("clust_prom", "AE86", "1", "sum (i + j - mean_x - mean_y)^4 p(i,j)", clusterProminence),
  row("info_corr1", "R8DG", "1", "(HXY - HX - HY) / HX", informationCorrelation1, ONE_LEVEL),
  row("info_corr2", "JN9H", "1", "sqrt(1 - exp(-2 (HX + HY - HXY)))", informationCorrelation2),
];
