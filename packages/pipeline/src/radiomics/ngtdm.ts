// The neighbourhood grey tone difference features of IBSI 1: how far grey levels lie from the mean of their neighbourhood.
import { toneDifferences, type Core, type ToneDifferences } from "@islet/core-wasm";
import { aggregateSlices, evaluateSamples, SLICE_AGGREGATIONS, upTo } from "./aggregation.ts";
import { NO_VOXEL, type Feature, type FeatureValues } from "./feature.ts";
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
  return evaluateSamples(NGTDM, matrices, toneDifference, roi ? "no voxel of the region has a neighbour in it" : NO_VOXEL);
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

/**
 * Coarseness: 1 / sum p(i) s(i). Large where grey levels change slowly; 10^6, the most it is given, where they do not change at all, as
 * IBSI suggests. IBSI QCDE.
 */
function coarseness(x: ToneDifference): number {
  return Math.min(1 / meanDifference(x), 1e6);
}

/**
 * Contrast: sum over i, j of p(i) p(j) (i-j)^2 / (Ngp (Ngp - 1))  *  sum s(i) / Nv, where the first sum is twice the variance of the levels.
 * 0 in a flat region. IBSI 65HE.
 */
function contrast(x: ToneDifference): number {
  const { levels, p, voxels } = x;
  if (levels.length === 1) return 0;
  const mean = levels.reduce((sum, i, k) => sum + p[k]! * i, 0);
  const variance = levels.reduce((sum, i, k) => sum + p[k]! * (i - mean) ** 2, 0);
  return ((2 * variance) / (levels.length * (levels.length - 1))) * (totalDifference(x) / voxels);
}

/**
 * Busyness: sum p(i) s(i) / sum over i, j of |i p(i) - j p(j)|. The k-th smallest of n values is subtracted from n - 1 - k others and k are
 * subtracted from it, so sorting them spares the pairs. 0 in a flat region; NaN where levels differ but all i p(i) are equal. IBSI NQ30.
 */
function busyness(x: ToneDifference): number {
  const { levels, p } = x;
  if (levels.length === 1) return 0;
  const rates = levels.map((i, k) => i * p[k]!).sort();
  if (isAlike(rates[0]!, rates.at(-1)!)) return NaN;
  const apart = rates.reduce((sum, rate, k) => sum + rate * (2 * k + 1 - rates.length), 0);
  return meanDifference(x) / (2 * apart);
}

/** Whether two numbers differ by no more than rounding. */
function isAlike(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-14 * Math.abs(b);
}

/**
 * Complexity: sum over i, j of |i-j| (p(i) s(i) + p(j) s(j)) / (p(i) + p(j)) / Nv. 0 in a flat region.
 *
 * The sum is 2 sum over i of p(i) s(i) * (sum over j of |i-j| / (p(i) + p(j))), and levels of the same share p(j) are taken together: shares
 * that differ are few where levels are many, so that thousands of levels cost no more than their number times that of the shares. IBSI HDEZ.
 */
function complexity({ levels, p, s, voxels }: ToneDifference): number {
  const shares = [...new Set(p)];
  const group = new Map(shares.map((share, g) => [share, g]));
  const count = new Float64Array(shares.length);
  const sum = new Float64Array(shares.length);
  let total = 0;
  // Once from the lowest level up and once from the highest down: each time the levels j already passed, by group.
  for (const isRising of [true, false]) {
    count.fill(0);
    sum.fill(0);
    for (let step = 0; step < levels.length; step++) {
      const k = isRising ? step : levels.length - 1 - step;
      const i = levels[k]!;
      let apart = 0;
      for (let g = 0; g < shares.length; g++) apart += Math.abs(i * count[g]! - sum[g]!) / (p[k]! + shares[g]!);
      total += p[k]! * s[k]! * apart;
      const own = group.get(p[k]!)!;
      count[own]!++;
      sum[own]! += i;
    }
  }
  return (2 * total) / voxels;
}

/**
 * Strength: sum over i, j of (p(i) + p(j)) (i-j)^2 / sum s(i), where the first sum is 2 (sum (j - c)^2 + Ngp sum p(i) (i - c)^2) for the
 * mean c of the levels that occur. 0 where grey levels do not change. IBSI 1X9X.
 */
function strength(x: ToneDifference): number {
  const { levels, p } = x;
  const total = totalDifference(x);
  const centre = levels.reduce((sum, i) => sum + i, 0) / levels.length;
  const apart = levels.reduce((sum, i, k) => sum + (1 + levels.length * p[k]!) * (i - centre) ** 2, 0);
  return total === 0 ? 0 : (2 * apart) / total;
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
