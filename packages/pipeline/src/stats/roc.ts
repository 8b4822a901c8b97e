import { ConfigError, ShapeError } from "../errors.ts";

/** Scores of the two outcomes, each sorted upwards. */
export interface ScoresByOutcome {
  readonly cases: Float64Array;
  readonly controls: Float64Array;
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
 * Splits scores by outcome and sorts each part.
 *
 * @param outcome  1 = event (case), 0 = none (control)
 * @param scores   one a patient, higher = more likely a case; infinite is allowed
 * @throws ShapeError when the lengths differ or a score is NaN; ConfigError when one class is absent
 */
export function scoresByOutcome(outcome: ArrayLike<number>, scores: ArrayLike<number>): ScoresByOutcome {
  const n = scores.length;
  if (outcome.length !== n) throw new ShapeError(`roc: ${outcome.length} outcomes for ${n} scores; give one score a patient`);
  let cases = 0;
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(scores[i]!)) throw new ShapeError(`roc: score ${i} is not a number; leave the patient out or give the score`);
    if (outcome[i] !== 0) cases++;
  }
  if (cases === 0 || cases === n) {
    throw new ConfigError(
      "outcome",
      `an ROC curve needs patients with and without the event, but ${cases} of ${n} have it; check the outcome column`,
    );
  }
  const split = { cases: new Float64Array(cases), controls: new Float64Array(n - cases) };
  for (let i = 0, a = 0, b = 0; i < n; i++) {
    if (outcome[i] !== 0) split.cases[a++] = scores[i]!;
    else split.controls[b++] = scores[i]!;
  }
  split.cases.sort();
  split.controls.sort();
  return split;
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
 * @throws as `scoresByOutcome`
 */
export function rocCurve(outcome: ArrayLike<number>, scores: ArrayLike<number>): RocCurve {
  const split = scoresByOutcome(outcome, scores);
  const cases = split.cases.length;
  const controls = split.controls.length;
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let tp = 0;
  let fp = 0;
  let halfPairs = 0;
  while (tp < cases || fp < controls) {
    const nextCase = tp < cases ? split.cases[cases - 1 - tp]! : -Infinity;
    const nextControl = fp < controls ? split.controls[controls - 1 - fp]! : -Infinity;
    const threshold = Math.max(nextCase, nextControl);
    const before = tp;
    const controlsBefore = fp;
    while (tp < cases && split.cases[cases - 1 - tp] === threshold) tp++;
    while (fp < controls && split.controls[controls - 1 - fp] === threshold) fp++;
    halfPairs += (fp - controlsBefore) * (before + tp);
    thresholds.push(threshold);
    truePositives.push(tp);
    falsePositives.push(fp);
  }
  return {
    cases,
    controls,
    auc: halfPairs / (2 * cases * controls),
    thresholds: Float64Array.from(thresholds),
    truePositives: Uint32Array.from(truePositives),
    falsePositives: Uint32Array.from(falsePositives),
    tpr: Float64Array.from(truePositives, (count) => count / cases),
    fpr: Float64Array.from(falsePositives, (count) => count / controls),
  };
}

/**
 * The observed score with the highest Youden index, J = sensitivity + specificity - 1.
 *
 * Equal J: the lowest of the thresholds, which has the highest sensitivity. J is compared in whole pairs
 * (J * cases * controls), so no rounding decides. A score that ranks the wrong way round still gets a threshold, usually its lowest score: everybody positive, J = 0.
 *
 * @see Youden 1950, Index for rating diagnostic tests. method.md section 8 for the two decisions.
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
