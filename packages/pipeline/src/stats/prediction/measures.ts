import { clopperPearson, wilson, type Interval } from "../proportion.ts";
import type { Confusion } from "./roc.ts";

/** A share of patients with its 95% intervals. */
export interface Rate {
  readonly count: number;
  readonly of: number;
  /** null for a share of nobody. */
  readonly value: number | null;
  /** Clopper and Pearson's. */
  readonly exact: Interval;
  readonly wilson: Interval;
}

/** What a threshold does, in the measures of diagnostic studies. A measure that divides by 0 is null. */
export interface Measures {
  readonly accuracy: Rate;
  readonly sensitivity: Rate;
  readonly specificity: Rate;
  /** Positive and negative predictive value, at the prevalence of this table. */
  readonly ppv: Rate;
  readonly npv: Rate;
  /** 2 TP / (2 TP + FP + FN). */
  readonly f1: number | null;
  /** (TP TN - FP FN) / sqrt((TP + FP)(TP + FN)(TN + FP)(TN + FN)), -1 .. 1. */
  readonly mcc: number | null;
  /** (sensitivity + specificity) / 2. */
  readonly balancedAccuracy: number | null;
}

/**
 * Accuracy, sensitivity, specificity and predictive values with exact and Wilson intervals; F1, Matthews' correlation, balanced accuracy.
 *
 * The intervals hold for a threshold that was chosen elsewhere; one chosen on the same patients makes them too narrow and their middle too high.
 *
 * @see Matthews 1975; Clopper & Pearson 1934; Wilson 1927. scikit-learn gives 0 where F1 or Matthews' correlation divide by 0
 */
export function measures({ truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn }: Confusion): Measures {
  const rate = (count: number, of: number): Rate => ({
    count,
    of,
    value: of > 0 ? count / of : null,
    exact: clopperPearson(count, of),
    wilson: wilson(count, of),
  });
  const [sensitivity, specificity] = [rate(tp, tp + fn), rate(tn, tn + fp)];
  const margins = Math.sqrt(tp + fp) * Math.sqrt(tp + fn) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn);
  return {
    accuracy: rate(tp + tn, tp + fp + tn + fn),
    sensitivity,
    specificity,
    ppv: rate(tp, tp + fp),
    npv: rate(tn, tn + fn),
    f1: 2 * tp + fp + fn > 0 ? (2 * tp) / (2 * tp + fp + fn) : null,
    mcc: margins > 0 ? (tp * tn - fp * fn) / margins : null,
    balancedAccuracy: sensitivity.value === null || specificity.value === null ? null : (sensitivity.value + specificity.value) / 2,
  };
}
