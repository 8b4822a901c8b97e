import type { Core } from "@islet/core-wasm";
import { ConfigError } from "../../errors.ts";
import { aucInterval } from "../../stats/prediction/delong.ts";
import { aucNullTest } from "../../stats/groups/mann-whitney.ts";
import { confusionAt, rocCurve } from "../../stats/prediction/roc.ts";
import { bootstrapEstimate, type BootstrapEstimate } from "./bootstrap-estimate.ts";
import { clusteredAuc } from "../../stats/prediction/clustered-auc.ts";
import { checkOutcome, checkTable, columnsOf, orderById, tableAt, type FeatureTable } from "../columns/feature-table.ts";
import { fitFoldModel, predictFoldModel, type FitSettings, type FoldModel } from "../fold-model.ts";
import { permutationImportance, type Importance } from "./importance.ts";
import { METHOD_SETTINGS, type LearnSettings, type ThresholdRule } from "../settings.ts";
import { splitsOf } from "./splits.ts";
import { thresholdBy } from "./threshold.ts";

/** What a user may choose about cross-validation; what is left out is the method's. */
export interface CrossValidationOptions extends Partial<FitSettings & LearnSettings> {
  /** The study's seed. */
  readonly seed: number;
  /** Called after each fold with the number done and the number in all. */
  readonly onFold?: (done: number, of: number) => void;
}

/** The model of one fold. Plain JSON. */
export interface FoldRecord extends FoldModel {
  /** 0 .. folds-1, as in the predictions; of a bootstrap, the resample. */
  readonly fold: number;
  /** Which drawing of the folds; absent in the first. */
  readonly repeat?: number;
}

/** A patient's risk by the fold models that did not see the patient: the mean where there are several. */
export interface Prediction {
  readonly id: string;
  readonly outcome: 0 | 1;
  /** 0 .. 1. */
  readonly risk: number;
  /** The fold in which the patient was held out, of the first repeat; null where the patient was left out of several bootstrap samples. */
  readonly fold: number | null;
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
  /**
   * The pooled AUC, its 95% interval and p against one half: DeLong's and Mann-Whitney's, or both by Obuchowski's variance where rows come in groups;
   * then `groups` is their number.
   */
  readonly auc: { readonly value: number; readonly lo: number; readonly hi: number; readonly p: number; readonly groups?: number };
  /** The pooled risk that the rule chose: risk >= threshold is high risk, here and in any other cohort. */
  readonly threshold: number;
  readonly accuracy: number;
  readonly sensitivity: number;
  readonly specificity: number;
  /** The AUC of each drawing of the folds by itself; absent where there is one. */
  readonly repeats?: { readonly auc: number[]; readonly mean: number; readonly sd: number };
  /** The .632+ estimates; absent without a bootstrap. */
  readonly bootstrap?: BootstrapEstimate;
  /** What shuffling each feature costs, by its name; absent where it was not asked for. */
  readonly importance?: Readonly<Record<string, Importance>>;
}

/**
 * Validation of the whole learner on patients it has not seen: in each split everything that learns sees the training part only - missing values, harmonisation,
 * selection, scaling, search, fit and calibration; then the held-out patients are predicted. The pooled predictions make one ROC curve.
 *
 * The result depends on the patients, their values, the order of the columns and the seed; not on the order of the rows, which are taken by
 * rising id. Models of the same patients and seed share their folds, so their predictions are paired.
 *
 * Pooling ranks risks of different fold models together, so what calibration differs between folds costs some of the AUC: in small cohorts
 * it lies below that of one model on new patients, whatever the features. Leave-one-out suffers most.
 *
 * @param table    one row a patient; finite values, or NaN where `impute` fills them
 * @param outcome  1 = event, 0 = none, in the table's order; at least 3 of each
 * @throws ConfigError for a value that is not finite (naming patient and feature), a duplicate id or name, an `always` column that is not in
 *         the table, no column at all, an outcome other than 0 or 1, or too few patients of a class
 * @see docs/method.md, sections 7 and 8
 */
export function crossValidate(core: Core, table: FeatureTable, outcome: Uint8Array, options: CrossValidationOptions): CrossValidation {
  const settings = { ...METHOD_SETTINGS, always: [], tolerance: 1e-3, ...options };
  checkTable(table, settings.impute === "none" ? "refuse" : "allow");
  checkOutcome(table, outcome);
  columnsOf(table, settings.always);
  if (table.names.length === 0) throw new ConfigError("feature table", "has no column to learn from; name at least one feature");
  if (settings.harmonise && !table.batches) throw new ConfigError("harmonise", "needs the batch of every row; name the column that has it");

  const order = orderById(table);
  const sorted = tableAt(table, order);
  const y = Uint8Array.from(order, (i) => outcome[i]!);
  const splits = splitsOf(settings, y, sorted.groups, settings.seed);
  const isBootstrap = settings.validation === "bootstrap";
  // Copies of a row must not be on both sides of an inner split.
  const grouped = isBootstrap ? { ...sorted, groups: sorted.groups ?? sorted.ids } : sorted;

  const risks: { readonly row: number; readonly repeat: number; readonly fold: number; readonly risk: number }[] = [];
  const records: FoldRecord[] = [];
  for (const { fold, repeat, train, test, stream } of splits) {
    const labels = Uint8Array.from(train, (i) => y[i]!);
    const model = fitFoldModel(core, tableAt(grouped, train), labels, settings, stream);
    for (const [j, risk] of predictFoldModel(core, model, tableAt(sorted, test)).entries())
      risks.push({ row: test[j]!, repeat, fold, risk });
    records.push({ fold, ...(repeat > 0 && { repeat }), ...model });
    settings.onFold?.(records.length, splits.length);
  }

  const risk = meanRisk(risks, y.length);
  const firstFold = new Map(risks.filter(({ repeat }) => repeat === 0).map(({ row, fold }) => [row, fold]));
  const apparent = () => {
    const model = fitFoldModel(core, sorted, y, settings, (use) => splits[0]!.stream(`${use}, all rows`));
    return predictFoldModel(core, model, sorted);
  };
  return {
    n: y.length,
    events: y.reduce((sum, value) => sum + value, 0),
    predictions: sorted.ids.map((id, i) => ({ id, outcome: y[i] as 0 | 1, risk: risk[i]!, fold: isBootstrap ? null : firstFold.get(i)! })),
    folds: records,
    ...pooled(y, risk, settings.threshold, sorted.groups),
    ...(settings.validation === "k-fold" && settings.repeats > 1 && { repeats: aucOfRepeats(y, risks, settings.repeats) }),
    ...(isBootstrap && { bootstrap: bootstrapEstimate(y, apparent(), risks) }),
    ...(settings.importance > 0 && {
      importance: permutationImportance(
        core,
        sorted,
        y,
        records.map((model, k) => ({ model, rows: splits[k]!.test })),
        settings.importance,
        settings.seed,
      ),
    }),
  };
}

/** The mean risk of each row over the models that did not see it. */
function meanRisk(risks: readonly { readonly row: number; readonly risk: number }[], n: number): Float64Array {
  const sum = new Float64Array(n);
  const count = new Float64Array(n);
  for (const { row, risk } of risks) {
    sum[row]! += risk;
    count[row]!++;
  }
  if (count.includes(0)) throw new ConfigError("resamples", "some patient is in every bootstrap sample; ask for more resamples");
  return sum.map((total, i) => total / count[i]!);
}

function aucOfRepeats(
  y: Uint8Array,
  risks: readonly { readonly row: number; readonly repeat: number; readonly risk: number }[],
  repeats: number,
): NonNullable<CrossValidation["repeats"]> {
  const auc = Array.from({ length: repeats }, (_, r) => {
    const own = risks.filter(({ repeat }) => repeat === r);
    return rocCurve(
      own.map(({ row }) => y[row]!),
      own.map(({ risk }) => risk),
    ).auc;
  });
  const mean = auc.reduce((a, b) => a + b, 0) / repeats;
  return { auc, mean, sd: Math.sqrt(auc.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (repeats - 1)) };
}

/** The pooled curve, its area, and what its threshold does. */
function pooled(
  outcome: Uint8Array,
  risk: Float64Array,
  rule: ThresholdRule,
  groups: readonly string[] | undefined,
): Pick<CrossValidation, "roc" | "auc" | "threshold" | "accuracy" | "sensitivity" | "specificity"> {
  const curve = rocCurve(outcome, risk);
  const clustered = groups && clusteredAuc(outcome, risk, groups);
  const { auc, lo, hi } = clustered ?? aucInterval(outcome, risk);
  const p = clustered ? clustered.p : aucNullTest(auc, curve.cases, curve.controls).p;
  const threshold = thresholdBy(rule, curve);
  const { accuracy, sensitivity, specificity } = confusionAt(threshold, outcome, risk);
  return {
    roc: { thresholds: [...curve.thresholds], tpr: [...curve.tpr], fpr: [...curve.fpr] },
    auc: { value: auc, lo, hi, p, ...(clustered && { groups: clustered.clusters }) },
    threshold,
    accuracy: accuracy!,
    sensitivity: sensitivity!,
    specificity: specificity!,
  };
}
