// The neighbourhood grey tone difference features of IBSI 1: how far grey levels lie from the mean of their neighbourhood.
import { toneDifferences, type Core, type ToneDifferences } from "@islet/core-wasm";
import { aggregateSlices, evaluateSamples, SLICE_AGGREGATIONS, upTo } from "./aggregation.ts";
import type { Feature, FeatureValues } from "./feature.ts";
import type { GreyLevels } from "./region.ts";
import type { SliceAggregation } from "./settings.ts";

/** How tone differences are counted. */
export interface NgtdmSettings {
  /** Chebyshev radius of the neighbourhood, voxels; 1 when left out. */
  readonly radius?: number;
}

/** The grey levels that occur (Ngp of them), rising, among the voxels that have a neighbour in the region. */
interface ToneDifference {
  readonly levels: Float64Array;
  /** p(i): share of these voxels. */
  readonly p: Float64Array;
  /** s(i): sum of the distances from the neighbourhoods' means. */
  readonly s: Float64Array;
  /** Nv: number of these voxels. */
  readonly voxels: number;
}

/**
 * The 5 tone difference features of a region for each aggregation, by their IBSI tags (`ngt_coarseness_3D`, ...).
 *
 * @param roi  the discretised region; null where no voxel is left in it
 * @returns    null with a reason where a definition gives no value, and everywhere where no voxel has a neighbour
 * @see IBSI 1 reference manual, section 3.10 (IPET)
 */
export function ngtdmFeatures(
  core: Core,
  roi: GreyLevels | null,
  aggregations: readonly SliceAggregation[],
  { radius = 1 }: NgtdmSettings = {},
): FeatureValues {
  const matrices = aggregateSlices(aggregations, upTo(radius), (by, offsets) => (roi ? toneDifferences(core, roi, by, offsets) : []));
  const samples = matrices.map(([aggregation, all]) => [aggregation, all.map(toneDifference)] as const);
  return evaluateSamples(NGTDM, samples, roi ? "no voxel of the region has a neighbour in it" : "the region has no voxel");
}

/** The rows of a matrix that are not empty; null where all are. */
function toneDifference({ voxels, difference }: ToneDifferences): ToneDifference | null {
  const total = voxels.reduce((sum, n) => sum + n, 0);
  if (total === 0) return null;
  const occupied = Array.from(voxels.keys()).filter((k) => voxels[k]! > 0);
  return {
    levels: Float64Array.from(occupied, (k) => k + 1),
    p: Float64Array.from(occupied, (k) => voxels[k]! / total),
    s: Float64Array.from(occupied, (k) => difference[k]!),
    voxels: total,
  };
}

/** sum p(i) s(i). */
function meanDifference({ p, s }: ToneDifference): number {
  return p.reduce((sum, share, k) => sum + share * s[k]!, 0);
}

/** sum s(i). */
function totalDifference({ s }: ToneDifference): number {
  return s.reduce((sum, difference) => sum + difference, 0);
}

/** sum over all pairs of levels that occur, each both ways round, of a term that is 0 for a level and itself. */
function overPairs({ levels }: ToneDifference, term: (a: number, b: number) => number): number {
  let sum = 0;
  for (let a = 0; a < levels.length; a++) for (let b = 0; b < a; b++) sum += term(a, b);
  return 2 * sum;
}

/**
 * Coarseness: 1 / sum p(i) s(i). Large where grey levels change slowly; 10^6, the most it is given, where they do not change at all, as
 * IBSI suggests. IBSI QCDE.
 */
function coarseness(x: ToneDifference): number {
  return Math.min(1 / meanDifference(x), 1e6);
}

/** Contrast: sum p(i) p(j) (i-j)^2 / (Ngp (Ngp - 1))  *  sum s(i) / Nv. 0 in a flat region. IBSI 65HE. */
function contrast(x: ToneDifference): number {
  const { levels, p, voxels } = x;
  if (levels.length === 1) return 0;
  const spread = overPairs(x, (a, b) => p[a]! * p[b]! * (levels[a]! - levels[b]!) ** 2);
  return (spread / (levels.length * (levels.length - 1))) * (totalDifference(x) / voxels);
}

/** Busyness: sum p(i) s(i) / sum |i p(i) - j p(j)|. 0 in a flat region; NaN where levels differ but all i p(i) are equal. IBSI NQ30. */
function busyness(x: ToneDifference): number {
  const { levels, p } = x;
  if (levels.length === 1) return 0;
  const rate = overPairs(x, (a, b) => Math.abs(levels[a]! * p[a]! - levels[b]! * p[b]!));
  return rate === 0 ? NaN : meanDifference(x) / rate;
}

/** Complexity: sum |i-j| (p(i) s(i) + p(j) s(j)) / (p(i) + p(j)) / Nv. 0 in a flat region. IBSI HDEZ. */
function complexity(x: ToneDifference): number {
  const { levels, p, s, voxels } = x;
  return overPairs(x, (a, b) => ((levels[a]! - levels[b]!) * (p[a]! * s[a]! + p[b]! * s[b]!)) / (p[a]! + p[b]!)) / voxels;
}

/** Strength: sum (p(i) + p(j)) (i-j)^2 / sum s(i). 0 where grey levels do not change. IBSI 1X9X. */
function strength(x: ToneDifference): number {
  const { levels, p } = x;
  const total = totalDifference(x);
  return total === 0 ? 0 : overPairs(x, (a, b) => (p[a]! + p[b]!) * (levels[a]! - levels[b]!) ** 2) / total;
}

const row = (name: string, ibsiId: string, formula: string, compute: (x: ToneDifference) => number): Feature<ToneDifference> => ({
  name: `ngt_${name}`,
  ibsiId,
  family: "neighbourhood grey tone difference",
  unit: "1",
  formula,
  aggregations: SLICE_AGGREGATIONS,
  compute,
});

/** The tone difference features, in the order of IBSI's reference manual; their tags go on with the aggregation. */
export const NGTDM: readonly Feature<ToneDifference>[] = [
  row("coarseness", "QCDE", "1 / sum p(i) s(i), at most 10^6", coarseness),
  row("contrast", "65HE", "sum p(i) p(j) (i-j)^2 / (Ngp (Ngp - 1)) * sum s(i) / Nv", contrast),
  {
    ...row("busyness", "NQ30", "sum p(i) s(i) / sum |i p(i) - j p(j)|", busyness),
    undefinedWhen: "every grey level times its share of the voxels is the same number",
  },
  row("complexity", "HDEZ", "sum |i-j| (p(i) s(i) + p(j) s(j)) / (p(i) + p(j)) / Nv", complexity),
  row("strength", "1X9X", "sum (p(i) + p(j)) (i-j)^2 / sum s(i)", strength),
];
