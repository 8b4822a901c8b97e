import { aucInterval } from "../../stats/prediction/delong.ts";
import { aucNullTest } from "../../stats/groups/mann-whitney.ts";
import { confusionAt } from "../../stats/prediction/roc.ts";
import { clusteredAuc } from "../../stats/prediction/clustered-auc.ts";

/** How a model does in a cohort at a frozen threshold. What has no value in the cohort is null, with the reason. */
export interface Evaluation {
  readonly n: number;
  readonly events: number;
  readonly acc: number | null;
  readonly sen: number | null;
  readonly spc: number | null;
  readonly auc: number | null;
  /** DeLong's 95% interval; Obuchowski's where patients come in groups. */
  readonly lo: number | null;
  readonly hi: number | null;
  /** Mann-Whitney, against an AUC of one half; by Obuchowski's variance where patients come in groups. */
  readonly p: number | null;
  /** Why a number above is null; absent when none is. */
  readonly reason?: string;
}

/**
 * Accuracy, sensitivity and specificity of risk >= threshold, and the AUC with its interval and p.
 *
 * A cohort of one class has no AUC, and lacks sensitivity (no event) or specificity (only events). With a single event, or a single
 * patient without it, there is an AUC but no DeLong interval. An empty cohort has nothing.
 *
 * @param threshold  from the internal cohort, never from this one
 * @param outcome    1 = event, 0 = none
 * @param risk       one a patient
 * @param groups     the group of each, where several belong together
 */
export function evaluateAt(threshold: number, outcome: ArrayLike<number>, risk: ArrayLike<number>, groups?: readonly string[]): Evaluation {
  const { accuracy, sensitivity, specificity, truePositives, falseNegatives } = confusionAt(threshold, outcome, risk);
  const n = risk.length;
  const events = truePositives + falseNegatives;
  const rates = { n, events, acc: accuracy, sen: sensitivity, spc: specificity };
  if (events === 0 || events === n) {
    const reason = n === 0 ? "the cohort has no patient" : `${events} of ${n} patients have the event; an AUC needs both outcomes`;
    return { ...rates, auc: null, lo: null, hi: null, p: null, reason };
  }
  const clustered = groups && clusteredAuc(outcome, risk, groups);
  const { auc, lo, hi } = clustered ?? aucInterval(outcome, risk);
  const { p } = clustered ?? aucNullTest(auc, events, n - events);
  if (clustered && Number.isNaN(lo))
    return { ...rates, auc, lo: null, hi: null, p: null, reason: "an interval needs 2 groups with and 2 without the event" };
  if (events === 1 || events === n - 1) {
    return {
      ...rates,
      auc,
      lo: null,
      hi: null,
      p,
      reason: `DeLong's interval needs 2 patients of each outcome; ${events} of ${n} have the event`,
    };
  }
  return { ...rates, auc, lo, hi, p };
}
