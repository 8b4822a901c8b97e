import { randomFor, randomInt } from "../../random.ts";
import type { Placements } from "./delong.ts";
import { normalQuantile, normalUpperTail } from "../distributions.ts";
import type { RankedScores } from "./roc.ts";
import type { Interval } from "../proportion.ts";

/** AUCs of resampled patients and the intervals they give. */
export interface BootstrapAuc {
  readonly replicates: number;
  readonly seed: number;
  /** Standard deviation of the replicates' AUCs. */
  readonly se: number;
  readonly percentile: Interval;
  /** Bias-corrected and accelerated; null where it has no value: a perfect ranking, or replicates all on one side of the AUC. */
  readonly bca: Interval | null;
}

/** Fewer leave the ends of a 95% interval to a handful of replicates. */
const DEFAULT_REPLICATES = 2000;

/**
 * The AUC's bootstrap intervals: cases and controls are drawn with replacement, each from their own (stratified), so that every replicate has as many
 * of both as the study.
 *
 *   percentile: quantiles (1 - confidence) / 2 and (1 + confidence) / 2 of the replicates' AUCs
 *   BCa:        quantiles Phi( z0 + (z0 + z) / (1 - a (z0 + z)) ),   z = -+ the normal quantile,
 *               z0 = Phi^-1( share of replicates below the AUC, equal ones counted half ),
 *               a = ( sum d10^3 / m^3 + sum d01^3 / n^3 ) / ( 6 ( sum d10^2 / m^2 + sum d01^2 / n^2 )^(3/2) )
 *
 * d10 and d01 are DeLong's placements of the m cases and n controls less the AUC: up to a factor, how the AUC changes when a patient is left out. Quantiles are
 * of type 7. The replicates are drawn one after another from the seed, so that more of them begin with the same ones.
 *
 * @param ranked      the scores, sorted
 * @param at          the placements of the same scores
 * @param confidence  0.95 for a 95% interval
 * @see Efron 1987, Better bootstrap confidence intervals; Davison & Hinkley 1997, 5.3.2 for several samples. pROC's ci.auc(method = "bootstrap"); SciPy's bootstrap(method = "BCa")
 */
export function bootstrapAuc(
  ranked: RankedScores,
  at: Placements,
  {
    replicates = DEFAULT_REPLICATES,
    seed = 1,
    confidence = 0.95,
  }: { readonly replicates?: number; readonly seed?: number; readonly confidence?: number } = {},
): BootstrapAuc {
  return { replicates, seed, ...intervalsOf(resampledAucs(ranked, replicates, seed), at, confidence) };
}

/**
 * What replicates say of the AUC (see `bootstrapAuc`).
 *
 * @param unsorted  AUCs of resampled patients, two or more
 */
export function intervalsOf(unsorted: Float64Array, at: Placements, confidence = 0.95): Omit<BootstrapAuc, "replicates" | "seed"> {
  const aucs = unsorted.slice().sort();
  const replicates = aucs.length;
  let sum = 0;
  for (const auc of aucs) sum += auc;
  let squares = 0;
  for (const auc of aucs) squares += (auc - sum / replicates) ** 2;
  return {
    se: Math.sqrt(squares / (replicates - 1)),
    percentile: [quantile(aucs, (1 - confidence) / 2), quantile(aucs, (1 + confidence) / 2)],
    bca: bcaInterval(aucs, at, confidence),
  };
}

/** The AUC of each replicate: controls are drawn into counts, whose sums below each case are then looked up for the cases drawn. */
function resampledAucs({ cases: m, controls: n, order, sorted, isCase }: RankedScores, replicates: number, seed: number): Float64Array {
  // for the sorted cases: how many controls are below, and how many at or below
  const below = new Uint32Array(m);
  const upTo = new Uint32Array(m);
  for (let first = 0, end = 0, i = 0, j = 0; first < order.length; first = end) {
    const start = i;
    const controlsBelow = j;
    for (end = first; end < order.length && sorted[end] === sorted[first]; end++) {
      if (isCase[order[end]!] === 1) i++;
      else j++;
    }
    below.fill(controlsBelow, start, i);
    upTo.fill(j, start, i);
  }
  const drawnUpTo = new Uint32Array(n + 1);
  const random = randomFor(seed, "bootstrap auc");
  return Float64Array.from({ length: replicates }, () => {
    drawnUpTo.fill(0);
    for (let k = 0; k < n; k++) drawnUpTo[randomInt(random, n) + 1]!++;
    for (let j = 0; j < n; j++) drawnUpTo[j + 1]! += drawnUpTo[j]!;
    let halfPairs = 0;
    for (let k = 0; k < m; k++) {
      const i = randomInt(random, m);
      halfPairs += drawnUpTo[below[i]!]! + drawnUpTo[upTo[i]!]!;
    }
    return halfPairs / (2 * m * n);
  });
}

/** The BCa interval of rising replicates. */
function bcaInterval(aucs: Float64Array, { auc, cases, controls }: Placements, confidence: number): Interval | null {
  let below = 0;
  for (const value of aucs) below += value < auc ? 1 : value === auc ? 0.5 : 0;
  const z0 = normalQuantile(below / aucs.length);
  let [squares, cubes] = [0, 0];
  for (const part of [cases, controls]) {
    let [square, cube] = [0, 0];
    for (const value of part) {
      const d = value - auc;
      square += d * d;
      cube += d * d * d;
    }
    squares += square / part.length ** 2;
    cubes += cube / part.length ** 3;
  }
  const a = cubes / (6 * squares ** 1.5);
  const z = normalQuantile((1 + confidence) / 2);
  const at = (shift: number) => quantile(aucs, normalUpperTail(-(z0 + shift / (1 - a * shift))));
  const [lo, hi] = [at(z0 - z), at(z0 + z)];
  return Number.isFinite(lo) && Number.isFinite(hi) ? [lo, hi] : null;
}

/** Quantile of type 7 (R's and NumPy's default) of rising values. */
function quantile(rising: Float64Array, q: number): number {
  const h = (rising.length - 1) * q;
  const i = Math.floor(h);
  return rising[i]! + (h - i) * (rising[Math.min(i + 1, rising.length - 1)]! - rising[i]!);
}
