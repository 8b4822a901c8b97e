import type { RocCurve } from "./roc.ts";

/** A precision-recall curve: one point for every distinct score, from the highest down. */
export interface PrecisionRecall {
  /** truePositives / positives called at each threshold. */
  readonly precision: Float64Array;
  /** The sensitivity at each threshold. */
  readonly recall: Float64Array;
  /** Area under the steps; a score that carries nothing has about the prevalence. */
  readonly averagePrecision: number;
}

/**
 * Precision against recall, and its average.
 *
 *   average precision = sum over thresholds of  (recall(i) - recall(i-1)) * precision(i)
 *
 * Steps, not straight lines: between two points the precision does not run straight, and trapezoids are too kind.
 *
 * @see Davis & Goadrich 2006. scikit-learn's average_precision_score
 */
export function precisionRecall(curve: RocCurve): PrecisionRecall {
  const precision = Float64Array.from(curve.truePositives, (tp, i) => tp / (tp + curve.falsePositives[i]!));
  let averagePrecision = 0;
  let before = 0;
  for (const [i, tp] of curve.truePositives.entries()) {
    averagePrecision += ((tp - before) / curve.cases) * precision[i]!;
    before = tp;
  }
  return { precision, recall: curve.tpr, averagePrecision };
}
