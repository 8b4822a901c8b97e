import { ShapeError } from "../../errors.ts";
import { normalQuantile, normalTwoSided, tTwoSided } from "../distributions.ts";
import { rankScores, type RankedScores } from "./roc.ts";

/** How each patient's score stands among the scores of the other outcome. */
export interface Placements {
  /** Their mean over the cases, which is the AUC. */
  readonly auc: number;
  /** For each case, in the order given: the share of controls below it, ties counted half. */
  readonly cases: Float64Array;
  /** For each control, in the order given: the share of cases above it, ties counted half. */
  readonly controls: Float64Array;
}

/** An AUC with its interval. With one case or one control the variance has no value: variance, lo and hi are NaN. */
export interface AucInterval {
  readonly auc: number;
  readonly variance: number;
  readonly lo: number;
  readonly hi: number;
}

/** Two correlated AUCs compared. */
export interface DelongTest {
  readonly aucA: number;
  readonly aucB: number;
  /** Variance of aucA - aucB. */
  readonly variance: number;
  readonly z: number;
  readonly p: number;
}

/**
 * DeLong's placement values.
 *
 *   case i:     V10(i) = ( #{controls < s_i} + #{controls = s_i} / 2 ) / controls
 *   control j:  V01(j) = ( #{cases > s_j}    + #{cases = s_j} / 2 )    / cases
 *
 * Both are counted in one pass over the patients sorted once by score, O(n log n) in all.
 *
 * @throws as `rankScores`
 * @see DeLong, DeLong & Clarke-Pearson 1988; Sun & Xu 2014 for O(n log n), which they reach through midranks
 */
export function placements(outcome: ArrayLike<number>, scores: ArrayLike<number>): Placements {
  return placementsOf(rankScores(outcome, scores));
}

/** `placements` of scores already sorted. */
export function placementsOf({ cases: m, controls: n, order, sorted, isCase }: RankedScores): Placements {
  const cases = new Float64Array(m);
  const controls = new Float64Array(n);
  const slot = new Uint32Array(m + n);
  for (let i = 0, a = 0, b = 0; i < slot.length; i++) slot[i] = isCase[i] === 1 ? a++ : b++;
  let halfPairs = 0;
  let casesBelow = 0;
  let controlsBelow = 0;
  for (let first = 0, end = 0; first < order.length; first = end) {
    let casesHere = 0;
    for (end = first; end < order.length && sorted[end] === sorted[first]; end++) casesHere += isCase[order[end]!]!;
    const controlsHere = end - first - casesHere;
    const twiceBelow = 2 * controlsBelow + controlsHere;
    const twiceAbove = 2 * (m - casesBelow) - casesHere;
    halfPairs += casesHere * twiceBelow;
    for (let k = first; k < end; k++) {
      const row = order[k]!;
      if (isCase[row] === 1) cases[slot[row]!] = twiceBelow / (2 * n);
      else controls[slot[row]!] = twiceAbove / (2 * m);
    }
    casesBelow += casesHere;
    controlsBelow += controlsHere;
  }
  return { auc: halfPairs / (2 * m * n), cases, controls };
}

/**
 * The AUC with DeLong's interval.
 *
 *   variance = var(V10) / cases + var(V01) / controls,   auc -+ z * sqrt(variance), clipped to [0, 1]
 *
 * var is the sample variance (divided by count - 1). A perfect ranking has variance 0 and the interval [1, 1], which says nothing about the
 * precision of the study.
 *
 * @param confidence  0.95 for a 95% interval
 * @throws as `rankScores`
 * @see DeLong et al. 1988; clipped as in pROC's ci.auc
 */
export function aucInterval(outcome: ArrayLike<number>, scores: ArrayLike<number>, confidence = 0.95): AucInterval {
  return intervalOf(placements(outcome, scores), confidence);
}

/** `aucInterval` of placements already found. */
export function intervalOf({ auc, cases, controls }: Placements, confidence = 0.95): AucInterval {
  const variance = sampleVariance(cases) / cases.length + sampleVariance(controls) / controls.length;
  const half = normalQuantile(1 - (1 - confidence) / 2) * Math.sqrt(variance);
  return { auc, variance, lo: Math.max(0, auc - half), hi: Math.min(1, auc + half) };
}

/**
 * DeLong's interval on the logit scale, which stays within 0 and 1 by itself and holds the true AUC more often in small studies with high areas.
 *
 *   logit(auc) -+ z * sqrt(variance) / ( auc (1 - auc) ),   taken back by 1 / (1 + e^-x)
 *
 * @returns  lo and hi; NaN for an area of 0 or 1, whose logit is infinite, and where the variance has no value
 * @see Pepe 2003, The statistical evaluation of medical tests, 5.2.4. Coverage: docs/statistics.md
 */
export function logitIntervalOf(at: Placements, confidence = 0.95): Pick<AucInterval, "lo" | "hi"> {
  const { auc, variance } = intervalOf(at, confidence);
  const middle = Math.log(auc / (1 - auc));
  const half = (normalQuantile(1 - (1 - confidence) / 2) * Math.sqrt(variance)) / (auc * (1 - auc));
  const back = (x: number) => 1 / (1 + Math.exp(-x));
  return { lo: back(middle - half), hi: back(middle + half) };
}

/**
 * DeLong's test of two scores on the same patients, two-sided.
 *
 *   z = (aucA - aucB) / sqrt( var(V10a - V10b) / cases + var(V01a - V01b) / controls )
 *
 * Curves that rank every pair alike have difference 0 and variance 0: z = 0, p = 1. With variance 0 and a difference, z is infinite and p = 0. With one case or one control z and p are NaN.
 *
 * @param outcome  1 = event, 0 = none; the same patients in the same order for both scores
 * @throws as `rankScores`
 * @see DeLong et al. 1988; Sun & Xu 2014. pROC's roc.test(paired = TRUE, method = "delong")
 */
export function delongTest(outcome: ArrayLike<number>, scoresA: ArrayLike<number>, scoresB: ArrayLike<number>): DelongTest {
  if (scoresA.length !== scoresB.length) {
    throw new ShapeError(`delong: ${scoresA.length} scores against ${scoresB.length}; a paired test needs both scores for every patient`);
  }
  return comparePlacements(placements(outcome, scoresA), placements(outcome, scoresB));
}

/** `delongTest` of placements already found: compare many scores without placing each again for every pair. */
export function comparePlacements(a: Placements, b: Placements): DelongTest {
  const cases = a.cases.map((value, i) => value - b.cases[i]!);
  const controls = a.controls.map((value, i) => value - b.controls[i]!);
  const variance = sampleVariance(cases) / cases.length + sampleVariance(controls) / controls.length;
  const difference = a.auc - b.auc;
  const z = difference === 0 && variance === 0 ? 0 : difference / Math.sqrt(variance);
  return { aucA: a.auc, aucB: b.auc, variance, z, p: normalTwoSided(z) };
}

/** Two independent AUCs compared. */
export interface UnpairedDelongTest {
  readonly aucA: number;
  readonly aucB: number;
  /** Variance of aucA - aucB. */
  readonly variance: number;
  readonly t: number;
  /** Degrees of freedom; not whole. */
  readonly df: number;
  readonly p: number;
}

/**
 * DeLong's test of the AUCs of two groups of patients, two-sided.
 *
 *   t = (aucA - aucB) / sqrt(Va + Vb),    df = (Va + Vb)^2 / ( Va^2 / (na - 1) + Vb^2 / (nb - 1) )
 *
 * with V the DeLong variance and n the number of patients of each group. Edges as in `delongTest`.
 *
 * @see DeLong et al. 1988; Satterthwaite 1946. pROC's roc.test(paired = FALSE, method = "delong")
 */
export function compareUnpaired(a: Placements, b: Placements): UnpairedDelongTest {
  const [va, vb] = [a, b].map(
    ({ cases, controls }) => sampleVariance(cases) / cases.length + sampleVariance(controls) / controls.length,
  ) as [number, number];
  const [na, nb] = [a, b].map(({ cases, controls }) => cases.length + controls.length) as [number, number];
  const variance = va + vb;
  const difference = a.auc - b.auc;
  const df = variance === 0 ? na + nb - 2 : variance ** 2 / (va ** 2 / (na - 1) + vb ** 2 / (nb - 1));
  const t = difference === 0 && variance === 0 ? 0 : difference / Math.sqrt(variance);
  return { aucA: a.auc, aucB: b.auc, variance, t, df, p: Number.isFinite(t) ? tTwoSided(t, df) : Number.isNaN(t) ? t : 0 };
}

function sampleVariance(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return squares / (values.length - 1);
}
