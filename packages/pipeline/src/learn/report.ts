import type { CrossValidation, FoldRecord, Prediction } from "./cross-validate.ts";

/** The JSON of `islet learn cv`. */
export interface LearnReport {
  readonly n: number;
  readonly events: number;
  readonly auc: number;
  readonly ci: readonly [lo: number, hi: number];
  readonly p: number;
  readonly acc: number;
  readonly sen: number;
  readonly spc: number;
  readonly threshold: number;
  readonly folds: readonly FoldRecord[];
  readonly predictions: readonly Prediction[];
}

/** A cross-validation under the names that `islet learn cv` prints. */
export function learnReport({
  n,
  events,
  auc,
  accuracy,
  sensitivity,
  specificity,
  threshold,
  folds,
  predictions,
}: CrossValidation): LearnReport {
  return {
    n,
    events,
    auc: auc.value,
    ci: [auc.lo, auc.hi],
    p: auc.p,
    acc: accuracy,
    sen: sensitivity,
    spc: specificity,
    threshold,
    folds,
    predictions,
  };
}
