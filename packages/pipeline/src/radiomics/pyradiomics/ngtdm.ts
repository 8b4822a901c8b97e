// PyRadiomics' class ngtdm: how far grey levels lie from the mean of their neighbourhood.
import type { PyradiomicsFeature } from "./feature.ts";

/** The non-empty rows of the matrix. */
export interface ToneDifference {
  /** Grey levels that occur, rising. */
  readonly level: readonly number[];
  /** Their share of the voxels. */
  readonly share: readonly number[];
  /** Sum over their voxels of |level - mean of the neighbours in the ROI|. */
  readonly difference: readonly number[];
  readonly voxels: number;
}

/**
 * @param voxels      number of voxels for each level from 1; PyRadiomics counts those without a neighbour too, IBSI does not
 * @param difference  summed differences for each level from 1
 * @returns null when no voxel counts
 */
export function toneDifferenceOf(voxels: ArrayLike<number>, difference: ArrayLike<number>): ToneDifference | null {
  const level = Array.from(voxels, (_, k) => k + 1).filter((l) => voxels[l - 1]! > 0);
  const total = level.reduce((sum, l) => sum + voxels[l - 1]!, 0);
  if (total === 0) return null;
  return { level, share: level.map((l) => voxels[l - 1]! / total), difference: level.map((l) => difference[l - 1]!), voxels: total };
}

/** sum over the levels that occur of  p(i) s(i). */
const weighted = ({ share, difference }: ToneDifference) => share.reduce((sum, p, k) => sum + p * difference[k]!, 0);

const totalDifference = ({ difference }: ToneDifference) => difference.reduce((sum, s) => sum + s, 0);

/** sum over pairs of levels that occur of  term(index of i, index of j). */
function overPairs({ level }: ToneDifference, term: (i: number, j: number) => number): number {
  let sum = 0;
  for (let i = 0; i < level.length; i++) for (let j = 0; j < level.length; j++) sum += term(i, j);
  return sum;
}

function contrast(m: ToneDifference): number {
  const n = m.level.length;
  if (n === 1) return 0;
  const spread = overPairs(m, (i, j) => m.share[i]! * m.share[j]! * (m.level[i]! - m.level[j]!) ** 2) / (n * (n - 1));
  return (spread * totalDifference(m)) / m.voxels;
}

function busyness(m: ToneDifference): number {
  const change = overPairs(m, (i, j) => Math.abs(m.level[i]! * m.share[i]! - m.level[j]! * m.share[j]!));
  return change === 0 ? 0 : weighted(m) / change;
}

function complexity(m: ToneDifference): number {
  const { level, share, difference, voxels } = m;
  const pair = (i: number, j: number) =>
    (Math.abs(level[i]! - level[j]!) * (share[i]! * difference[i]! + share[j]! * difference[j]!)) / (share[i]! + share[j]!);
  return overPairs(m, pair) / voxels;
}

function strength(m: ToneDifference): number {
  const total = totalDifference(m);
  return total === 0 ? 0 : overPairs(m, (i, j) => (m.share[i]! + m.share[j]!) * (m.level[i]! - m.level[j]!) ** 2) / total;
}

/** The features of the class; p(i) is the share of a grey level, s(i) its summed difference, Ngp the number of levels that occur. */
export const NGTDM: readonly PyradiomicsFeature<ToneDifference>[] = [
  { name: "Busyness", formula: "sum p(i) s(i) / sum |i p(i) - j p(j)|; 0 where the divisor is 0", compute: busyness },
  {
    name: "Coarseness",
    formula: "1 / sum p(i) s(i); 1e6 where the sum is 0",
    compute: (m) => (weighted(m) === 0 ? 1e6 : 1 / weighted(m)),
  },
  { name: "Complexity", formula: "sum |i - j| (p(i) s(i) + p(j) s(j)) / (p(i) + p(j)) / N", compute: complexity },
  { name: "Contrast", formula: "sum p(i) p(j) (i - j)^2 / (Ngp (Ngp - 1)) * sum s(i) / N; 0 for one level", compute: contrast },
  { name: "Strength", formula: "sum (p(i) + p(j)) (i - j)^2 / sum s(i); 0 where the divisor is 0", compute: strength },
];
