/** The net benefit of acting on a risk, at one threshold. */
export interface DecisionPoint {
  readonly threshold: number;
  /** Patients with risk >= threshold, with and without the event. */
  readonly truePositives: number;
  readonly falsePositives: number;
  /** In true positives a patient: acting on the risk, on everybody; on nobody it is 0. */
  readonly netBenefit: number;
  readonly treatAll: number;
  /** Actions avoided a 100 patients, beside acting on everybody, for the same true positives. */
  readonly avoidedPer100: number;
}

/**
 * Decision-curve analysis: is acting on a risk better than acting on everybody or nobody?
 *
 *   net benefit(t) = TP / n  -  FP / n * t / (1 - t)
 *   avoided(t)     = 100 (net benefit - treat all) / ( t / (1 - t) )
 *
 * The threshold t is the risk at which one would act: t / (1 - t) false alarms weigh as much as one case found.
 * Risks are sorted once; each threshold is a binary search.
 *
 * @param outcome     1 = event, 0 = none
 * @param risks       probabilities 0 .. 1, one a patient, at least one
 * @param thresholds  each above 0 and below 1
 * @see Vickers & Elkin 2006
 */
export function decisionCurve(outcome: ArrayLike<number>, risks: ArrayLike<number>, thresholds: readonly number[]): DecisionPoint[] {
  const n = risks.length;
  const part = (isCase: boolean) =>
    Float64Array.from(risks)
      .filter((_, i) => (outcome[i] !== 0) === isCase)
      .sort();
  const [cases, controls] = [part(true), part(false)];
  return thresholds.map((threshold) => {
    const odds = threshold / (1 - threshold);
    const truePositives = countFrom(cases, threshold);
    const falsePositives = countFrom(controls, threshold);
    const netBenefit = (truePositives - falsePositives * odds) / n;
    const treatAll = (cases.length - controls.length * odds) / n;
    return { threshold, truePositives, falsePositives, netBenefit, treatAll, avoidedPer100: (100 * (netBenefit - treatAll)) / odds };
  });
}

/** Number of values at or above x in a rising array. */
function countFrom(sorted: Float64Array, x: number): number {
  let lo = 0;
  let hi = sorted.length;
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    if (sorted[middle]! < x) lo = middle + 1;
    else hi = middle;
  }
  return sorted.length - lo;
}
