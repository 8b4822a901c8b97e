import type { Core } from "@islet/core-wasm";
import { ConfigError } from "../errors.ts";
import { randomFor } from "../random.ts";
import { aucInterval } from "../stats/delong.ts";
import { aucNullTest } from "../stats/mann-whitney.ts";
import { confusionAt, rocCurve, youdenThreshold } from "../stats/roc.ts";
import { checkOutcome, checkTable, columnsOf, orderById, rowsAt, type FeatureTable } from "./feature-table.ts";
import { fitFoldModel, predictFoldModel, type FitSettings, type FoldModel } from "./fold-model.ts";
import { outerFoldCount, stratifiedFolds } from "./folds.ts";
import { METHOD_GRID } from "./svm.ts";

/** What a user may choose about cross-validation. */
export interface CrossValidationOptions extends Partial<FitSettings> {
  /** The study's seed. */
  readonly seed: number;
  /** Outer folds, default 10; fewer when the smaller class has fewer members. */
  readonly folds?: number;
  /** Called after each fold with the number done and the number in all. */
  readonly onFold?: (done: number, of: number) => void;
}

/** The model of one fold. Plain JSON. */
export interface FoldRecord extends FoldModel {
  /** 0 .. folds-1, as in the predictions. */
  readonly fold: number;
}

/** A patient's risk by the fold model that did not see the patient. */
export interface Prediction {
  readonly id: string;
  readonly outcome: 0 | 1;
  /** 0 .. 1. */
  readonly risk: number;
  /** The fold in which the patient was held out. */
  readonly fold: number;
}

/** A cross-validated model. Plain JSON: it is cached and bundled. */
export interface CrossValidation {
  readonly n: number;
  readonly events: number;
  /** By rising id. */
  readonly predictions: Prediction[];
  readonly folds: FoldRecord[];
  /** The pooled curve, by falling threshold; the corner (0, 0) is implied. */
  readonly roc: { readonly thresholds: number[]; readonly tpr: number[]; readonly fpr: number[] };
  /** The pooled AUC, DeLong's 95% interval and the Mann-Whitney p against one half. */
  readonly auc: { readonly value: number; readonly lo: number; readonly hi: number; readonly p: number };
  /** The pooled risk with the highest Youden index: risk >= threshold is high risk, here and in any other cohort. */
  readonly threshold: number;
  readonly accuracy: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

/** The method's defaults, see method.md section 7. */
const DEFAULTS: FitSettings & { readonly folds: number } = {
  folds: 10,
  always: [],
  alpha: 0.05,
  innerFolds: 5,
  grid: METHOD_GRID,
  tolerance: 1e-3,
};

/**
 * Nested cross-validation of the whole learner: in each outer fold selection, scaling, grid search, fit and calibration see the training part
 * only; then the held-out patients are predicted. The pooled predictions make one ROC curve.
 *
 * The result depends on the patients, their values, the order of the columns and the seed; not on the order of the rows, which are taken by
 * rising id. Models of the same patients and seed share their folds, so their predictions are paired.
 *
 * Pooling ranks risks of different fold models together, so what calibration differs between folds costs some of the AUC: in small cohorts
 * it lies below that of one model on new patients, whatever the features.
 *
 * @param table    one row a patient, finite values
 * @param outcome  1 = event, 0 = none, in the table's order; at least 3 of each
 * @throws ConfigError for a value that is not finite (naming patient and feature), a duplicate id or name, an `always` column that is not in
 *         the table, no column at all, an outcome other than 0 or 1, or too few patients of a class
 * @see method.md sections 7 and 8
 */
export function crossValidate(core: Core, table: FeatureTable, outcome: Uint8Array, options: CrossValidationOptions): CrossValidation {
  const settings = { ...DEFAULTS, ...options };
  checkTable(table);
  checkOutcome(table, outcome);
  columnsOf(table, settings.always);
  if (table.names.length === 0) throw new ConfigError("feature table", "has no column to learn from; name at least one feature");
  const folds = outerFoldCount(outcome, settings.folds);

  const order = orderById(table);
  const width = table.names.length;
  const values = rowsAt(table.values, width, order);
  const ids = order.map((i) => table.ids[i]!);
  const y = Uint8Array.from(order, (i) => outcome[i]!);
  const fold = stratifiedFolds(y, folds, randomFor(settings.seed, "learn", "folds"));
  const part = (rows: readonly number[]): FeatureTable => ({
    ids: rows.map((i) => ids[i]!),
    names: table.names,
    values: rowsAt(values, width, rows),
  });

  const risk = new Float64Array(y.length);
  const records: FoldRecord[] = [];
  for (let k = 0; k < folds; k++) {
    const rows = ids.map((_, i) => i);
    const train = rows.filter((i) => fold[i] !== k);
    const test = rows.filter((i) => fold[i] === k);
    const random = randomFor(settings.seed, "learn", "inner folds", k);
    const model = fitFoldModel(
      core,
      part(train),
      Uint8Array.from(train, (i) => y[i]!),
      settings,
      random,
    );
    for (const [j, value] of predictFoldModel(core, model, part(test)).entries()) risk[test[j]!] = value;
    records.push({ fold: k, ...model });
    settings.onFold?.(k + 1, folds);
  }
  return {
    n: y.length,
    events: y.reduce((sum, value) => sum + value, 0),
    predictions: ids.map((id, i) => ({ id, outcome: y[i] as 0 | 1, risk: risk[i]!, fold: fold[i]! })),
    folds: records,
    ...pooled(y, risk),
  };
}

/** The pooled curve, its area, and what its Youden threshold does. */
function pooled(
  outcome: Uint8Array,
  risk: Float64Array,
): Pick<CrossValidation, "roc" | "auc" | "threshold" | "accuracy" | "sensitivity" | "specificity"> {
  const curve = rocCurve(outcome, risk);
  const { auc, lo, hi } = aucInterval(outcome, risk);
  const threshold = youdenThreshold(curve);
  const { accuracy, sensitivity, specificity } = confusionAt(threshold, outcome, risk);
  return {
    roc: { thresholds: [...curve.thresholds], tpr: [...curve.tpr], fpr: [...curve.fpr] },
    auc: { value: auc, lo, hi, p: aucNullTest(auc, curve.cases, curve.controls).p },
    threshold,
    accuracy: accuracy!,
    sensitivity: sensitivity!,
    specificity: specificity!,
  };
}
