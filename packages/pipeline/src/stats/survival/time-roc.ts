import { ConfigError, ShapeError } from "../../errors.ts";
import { censoringWeights } from "./concordance.ts";
import { normalQuantile } from "../distributions.ts";
import type { FollowUp } from "./follow-up.ts";
import { risingOrder } from "../rising-order.ts";

/** How well a score tells those who have the event by a time from those still free of it. */
export interface TimeRoc {
  readonly time: number;
  /** Patients with the event by the time. */
  readonly cases: number;
  /** Patients followed beyond the time. */
  readonly controls: number;
  /** Patients censored by the time; the weights of the cases stand in for them. */
  readonly censored: number;
  readonly auc: number;
  /** Infinitesimal jackknife, the estimated censoring included. */
  readonly se: number;
  readonly lo: number;
  readonly hi: number;
  /** By falling threshold: the weighted share of cases, and the share of controls, with a score at or above it. */
  readonly curve: readonly { readonly threshold: number; readonly sensitivity: number; readonly specificity: number }[];
}

/**
 * The cumulative/dynamic ROC curve of a score at a time, by inverse probability of censoring.
 *
 *   cases: event at T_i <= t, weight w_i = 1 / G(T_i-);   controls: T_j > t, weight 1;   G the Kaplan-Meier curve of the censoring
 *   AUC(t) = sum over pairs of  w_i ( [s_i > s_j] + [s_i = s_j] / 2 )  /  ( controls * sum of w )
 *   se^2 = sum over patients of (dAUC / d weight of the patient)^2
 *
 * Events count before censorings of the same time. Right when censoring does not depend on the score. The interval is AUC -+ z se, clipped to [0, 1].
 * Sorted, O(n log n).
 *
 * @param score  one a patient, higher = earlier event
 * @param at     the time t, in the unit of the follow-up
 * @throws ShapeError when lengths differ or a score is NaN; ConfigError when nobody has the event by t, or nobody is followed beyond it
 * @see Heagerty, Lumley & Pepe 2000 for the definition; Uno et al. 2007; Hung & Chiang 2010. scikit-survival's cumulative_dynamic_auc
 */
export function timeRoc({ time, event }: FollowUp, score: ArrayLike<number>, at: number, confidence = 0.95): TimeRoc {
  const n = time.length;
  if (score.length !== n) throw new ShapeError(`time roc: ${score.length} scores for ${n} patients; give one a patient`);
  for (let i = 0; i < n; i++)
    if (Number.isNaN(score[i]!)) throw new ShapeError(`time roc: score ${i} is not a number; leave the patient out or give the score`);
  const order = risingOrder(time);
  const sorted = censoringWeights(time, event, order);
  const weight = new Float64Array(n);
  for (let k = 0; k < n; k++) weight[order[k]!] = Math.sqrt(sorted[k]!);
  const isCase = (i: number) => event[i] === 1 && time[i]! <= at;
  const isControl = (i: number) => time[i]! > at;

  // down the scores: what lies above a patient, and what is tied, counted half
  const byScore = risingOrder(score).reverse();
  const totals = { cases: 0, controls: 0, weight: 0 };
  for (let i = 0; i < n; i++) {
    if (isCase(i)) {
      totals.cases++;
      totals.weight += weight[i]!;
    } else if (isControl(i)) totals.controls++;
  }
  if (totals.cases === 0) throw new ConfigError(`time ${at}`, "nobody has the event by then; ask for a later time");
  if (totals.controls === 0) throw new ConfigError(`time ${at}`, "nobody is followed beyond it; ask for an earlier time");
  /** For a case the share of controls below it, for a control the weighted share of cases above it. */
  const share = new Float64Array(n);
  const curve: { threshold: number; sensitivity: number; specificity: number }[] = [];
  let casesAbove = 0;
  let controlsAbove = 0;
  let pairs = 0;
  for (let first = 0, end = 0; first < n; first = end) {
    let tiedCases = 0;
    let tiedControls = 0;
    for (; end < n && score[byScore[end]!] === score[byScore[first]!]; end++) {
      const i = byScore[end]!;
      if (isCase(i)) tiedCases += weight[i]!;
      else if (isControl(i)) tiedControls++;
    }
    const controlsBelow = totals.controls - controlsAbove - tiedControls + tiedControls / 2;
    for (let k = first; k < end; k++) {
      const i = byScore[k]!;
      share[i] = isCase(i) ? controlsBelow / totals.controls : (casesAbove + tiedCases / 2) / totals.weight;
    }
    pairs += (tiedCases * controlsBelow) / totals.controls;
    casesAbove += tiedCases;
    controlsAbove += tiedControls;
    curve.push({
      threshold: score[byScore[first]!]!,
      sensitivity: Math.min(1, casesAbove / totals.weight),
      specificity: 1 - controlsAbove / totals.controls,
    });
  }
  const auc = pairs / totals.weight;
  const influence = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (isCase(i)) influence[i] = (weight[i]! * (share[i]! - auc)) / totals.weight;
    else if (isControl(i)) influence[i] = (share[i]! - auc) / totals.controls;
  }
  addCensoring(influence, time, event, order, isCase);
  const se = Math.sqrt(influence.reduce((sum, value) => sum + value * value, 0));
  const half = normalQuantile(1 - (1 - confidence) / 2) * se;
  return {
    time: at,
    cases: totals.cases,
    controls: totals.controls,
    censored: n - totals.cases - totals.controls,
    auc,
    se,
    lo: Math.max(0, auc - half),
    hi: Math.min(1, auc + half),
    curve,
  };
}

/**
 * Adds what each patient does to the AUC through G.
 *
 *   d log w_i / d weight of l = sum over s < T_i of  ( [l censored at s] - [l at risk at s] d / Y ) / ( Y - d )
 *
 * with d censored at s among Y at risk (those with an event at s no longer are); it acts on the AUC by H(s), the sum of the direct influences of the
 * cases after s.
 */
function addCensoring(
  influence: Float64Array,
  time: Float64Array,
  event: Uint8Array,
  order: Uint32Array,
  isCase: (i: number) => boolean,
): void {
  const n = order.length;
  let later = 0;
  for (let i = 0; i < n; i++) if (isCase(i)) later += influence[i]!;
  const direct = influence.slice();
  let drift = 0;
  for (let first = 0, end = 0; first < n; first = end) {
    let atRisk = n - first;
    let censored = 0;
    for (; end < n && time[order[end]!] === time[order[first]!]; end++) {
      const i = order[end]!;
      if (isCase(i)) later -= direct[i]!;
      if (event[i] === 1) {
        atRisk--;
        influence[i]! += drift;
      } else censored++;
    }
    if (censored === 0) continue;
    const effect = atRisk > censored ? later / (atRisk - censored) : 0;
    drift -= (effect * censored) / atRisk;
    for (let k = first; k < end; k++) if (event[order[k]!] !== 1) influence[order[k]!]! += drift + effect;
  }
}
