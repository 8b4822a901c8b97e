import { ConfigError, ShapeError } from "../../errors.ts";
import { risingOrder } from "../rising-order.ts";

/** Patients in the order of their scores, sorted once for everything that asks who stands above whom. */
export interface RankedScores {
  /** Number of patients with the event. */
  readonly cases: number;
  /** Number of patients without it. */
  readonly controls: number;
  /** Rows by rising score; equal scores keep the order given. */
  readonly order: Uint32Array;
  /** The scores in that order. */
  readonly sorted: Float64Array;
  /** 1 at the rows (as given) with the event. */
  readonly isCase: Uint8Array;
}

/**
 * A receiver operating characteristic: one point for every distinct score, from the highest down.
 *
 * A patient is called positive when score >= threshold, so `thresholds[i]` gives `truePositives[i]` and `falsePositives[i]`.
 * The corner (0, 0), where nobody is called positive, is implied and not listed; the last point is (1, 1).
 */
export interface RocCurve {
  /** Number of patients with the event. */
  readonly cases: number;
  /** Number of patients without it. */
  readonly controls: number;
  readonly auc: number;
  /** Distinct scores, falling. */
  readonly thresholds: Float64Array;
  readonly truePositives: Uint32Array;
  readonly falsePositives: Uint32Array;
  /** truePositives / cases, the sensitivity. */
  readonly tpr: Float64Array;
  /** falsePositives / controls, 1 - specificity. */
  readonly fpr: Float64Array;
}

/** What a threshold does to a cohort. A rate over no patients is null. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
  /** (truePositives + trueNegatives) / all. */
  readonly accuracy: number | null;
  /** truePositives / cases. */
  readonly sensitivity: number | null;
  /** trueNegatives / controls. */
  readonly specificity: number | null;
}

/**
 * Sorts the scores of both outcomes together, by radix, so that 100 000 take a few milliseconds.
 *
 * @param outcome  1 = event (case), 0 = none (control)
 * @param scores   one a patient, higher = more likely a case; infinite is allowed
 * @throws ShapeError when the lengths differ or a score is NaN; ConfigError when one class is absent
 */
export function rankScores(outcome: ArrayLike<number>, scores: ArrayLike<number>): RankedScores {
  const n = scores.length;
  if (outcome.length !== n) throw new ShapeError(`roc: ${outcome.length} outcomes for ${n} scores; give one score a patient`);
  const isCase = new Uint8Array(n);
  let cases = 0;
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(scores[i]!)) throw new ShapeError(`roc: score ${i} is not a number; leave the patient out or give the score`);
    if (outcome[i] === 0) continue;
    isCase[i] = 1;
    cases++;
  }
  if (cases === 0 || cases === n) {
    throw new ConfigError(
      "outcome",
      `an ROC curve needs patients with and without the event, but ${cases} of ${n} have it; check the outcome column`,
    );
  }
  const order = risingOrder(scores);
  const sorted = new Float64Array(n);
  for (let k = 0; k < n; k++) sorted[k] = scores[order[k]!]!;
  return { cases, controls: n - cases, order, sorted, isCase };
}

/**
 * The ROC curve of a score and the area under it.
 *
 *   AUC = ( pairs with case > control  +  pairs tied / 2 ) / ( cases * controls )
 *
 * Counted in whole and half pairs, so the area is the nearest double to the exact fraction. The direction of a score is never flipped:
 * an AUC below one half says that the score ranks the wrong way round.
 *
 * @returns 0 .. 1; one half for a score that carries nothing
 * @throws as `rankScores`
 */
export function rocCurve(outcome: ArrayLike<number>, scores: ArrayLike<number>): RocCurve {
  return curveOf(rankScores(outcome, scores));
}

/** `rocCurve` of scores already sorted. */
export function curveOf({ cases, controls, order, sorted, isCase }: RankedScores): RocCurve {
  const n = order.length;
  const thresholds = new Float64Array(n);
  const truePositives = new Uint32Array(n);
  const falsePositives = new Uint32Array(n);
  let points = 0;
  let tp = 0;
  let fp = 0;
  let halfPairs = 0;
  for (let last = n - 1, next = 0; last >= 0; last = next) {
    const threshold = sorted[last]!;
    const casesAbove = tp;
    const controlsAbove = fp;
    for (next = last; next >= 0 && sorted[next] === threshold; next--) {
      if (isCase[order[next]!] === 1) tp++;
      else fp++;
    }
    halfPairs += (fp - controlsAbove) * (casesAbove + tp);
    thresholds[points] = threshold;
    truePositives[points] = tp;
    falsePositives[points++] = fp;
  }
  return {
    cases,
    controls,
    auc: halfPairs / (2 * cases * controls),
    thresholds: thresholds.slice(0, points),
    truePositives: truePositives.slice(0, points),
    falsePositives: falsePositives.slice(0, points),
    tpr: shares(truePositives, points, cases),
    fpr: shares(falsePositives, points, controls),
  };
}

/** The first `points` counts as shares of `all`. */
function shares(counts: Uint32Array, points: number, all: number): Float64Array {
  const values = new Float64Array(points);
  for (let i = 0; i < points; i++) values[i] = counts[i]! / all;
  return values;
}

/**
 * The observed score with the highest Youden index, J = sensitivity + specificity - 1.
 *
 * Equal J: the lowest of the thresholds, which has the highest sensitivity. J is compared in whole pairs
 * (J * cases * controls), so no rounding decides. A score that ranks the wrong way round still gets a threshold, usually its lowest score: everybody positive, J = 0.
 *
 * @see Youden 1950, Index for rating diagnostic tests. docs/method.md, section 8, for the two decisions.
 */
export function youdenThreshold(curve: RocCurve): number {
  let best = 0;
  let bestPairs = -Infinity;
  for (let i = 0; i < curve.thresholds.length; i++) {
    const pairs = curve.truePositives[i]! * curve.controls - curve.falsePositives[i]! * curve.cases;
    if (pairs >= bestPairs) {
      bestPairs = pairs;
      best = i;
    }
  }
  return curve.thresholds[best]!;
}

/**
 * Counts and rates of calling a patient positive when score >= threshold.
 *
 * @param outcome  1 = event, 0 = none; one class may be absent, then its rate is null
 */
export function confusionAt(threshold: number, outcome: ArrayLike<number>, scores: ArrayLike<number>): Confusion {
  if (outcome.length !== scores.length) {
    throw new ShapeError(`confusionAt: ${outcome.length} outcomes for ${scores.length} scores; give one score a patient`);
  }
  let truePositives = 0;
  let falsePositives = 0;
  let cases = 0;
  for (let i = 0; i < scores.length; i++) {
    const isCase = outcome[i] !== 0;
    if (isCase) cases++;
    if (scores[i]! < threshold) continue;
    if (isCase) truePositives++;
    else falsePositives++;
  }
  const falseNegatives = cases - truePositives;
  const trueNegatives = scores.length - cases - falsePositives;
  const rate = (part: number, whole: number) => (whole > 0 ? part / whole : null);
  return {
    truePositives,
    falsePositives,
    trueNegatives,
    falseNegatives,
    accuracy: rate(truePositives + trueNegatives, scores.length),
    sensitivity: rate(truePositives, truePositives + falseNegatives),
    specificity: rate(trueNegatives, trueNegatives + falsePositives),
  };
}
