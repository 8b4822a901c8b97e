import { plattProbability, plattScaling, trainSvm, type Core, type GridPoint } from "@islet/core-wasm";
import type { Random } from "../random.ts";
import type { TwoGroupTest } from "../stats/two-groups.ts";
import { columnsOf, type FeatureTable } from "./feature-table.ts";
import { innerFoldCount, stratifiedFolds } from "./folds.ts";
import { fitScaler, rowsScaled, type Scaler } from "./scaler.ts";
import { selectColumns } from "./select.ts";
import { balancedWeights, labelsOf, searchGrid, storedDecisions, storeSvm, type StoredSvm } from "./svm.ts";

/** What a reader of a fold's result must know. */
type FoldFlag =
  /** No feature reached p < alpha; the one with the smallest p was kept. */
  | "nothing-passed"
  /** Platt's slope is positive: on unseen rows the model ranked the wrong way round, and its probabilities say so. */
  | "platt-inverted"
  /** The solver of the final fit stopped at its limit of steps. */
  | "not-converged";

/** A model fitted on one training part: everything needed to score a patient, and how it came about. Plain JSON. */
export interface FoldModel {
  /** Rows and events it was fitted on. */
  readonly n: number;
  readonly events: number;
  /** Number of features that selection chose from. */
  readonly candidates: number;
  /** Names of the features that selection kept. */
  readonly selected: string[];
  /** Why: one a selected feature, in the same order. */
  readonly tests: (TwoGroupTest & { readonly name: string })[];
  /** Columns of the model in order: the selected features, then those that are always in. */
  readonly features: string[];
  readonly scaler: Scaler;
  readonly params: GridPoint;
  readonly innerFolds: number;
  /** Mean AUC of the inner folds at `params`. Optimistic: features were selected on the same rows. */
  readonly innerAuc: number;
  readonly svm: StoredSvm;
  /** risk = 1 / (1 + exp(a * decision + b)). */
  readonly platt: { readonly a: number; readonly b: number };
  readonly flags: FoldFlag[];
}

/** What `fitFoldModel` is free to choose; every field has its default in `crossValidate`. */
export interface FitSettings {
  /** Names of columns that are in the model without selection. */
  readonly always: readonly string[];
  /** Features with p below it are kept. */
  readonly alpha: number;
  readonly innerFolds: number;
  readonly grid: readonly GridPoint[];
  /** Tolerance of the SVM's optimality conditions. */
  readonly tolerance: number;
}

/**
 * Fits a model on training rows: selection, z-scores, grid search in inner stratified folds, SVM with balanced weights, Platt scaling.
 *
 * Sees nothing but the rows it is given.
 *
 * @param table    checked; training rows only
 * @param outcome  1 = event, 0 = none; at least 2 of each
 * @param random   the stream of the inner folds
 */
export function fitFoldModel(core: Core, table: FeatureTable, outcome: Uint8Array, settings: FitSettings, random: Random): FoldModel {
  const always = new Set(settings.always);
  const candidates = table.names.filter((name) => !always.has(name));
  const { selected, nothingPassed } = selectColumns(columnsOf(table, candidates), candidates.length, outcome, settings.alpha);
  const tests = selected.map(({ column, test, p }) => ({ name: candidates[column]!, test, p }));
  const features = [...tests.map((test) => test.name), ...settings.always];

  const raw = columnsOf(table, features);
  const scaler = fitScaler(raw, features.length);
  const x = rowsScaled(scaler, raw);
  const y = labelsOf(outcome);
  const innerFolds = innerFoldCount(outcome, settings.innerFolds);
  const fold = stratifiedFolds(outcome, innerFolds, random);
  const { params, innerAuc, decisions } = searchGrid(core, x, y, features.length, fold, innerFolds, settings.grid, settings.tolerance);
  const svm = trainSvm(core, x, y, features.length, { ...params, classWeight: balancedWeights(y), tolerance: settings.tolerance });
  const platt = plattScaling(decisions, y);
  const flags: FoldFlag[] = [];
  if (nothingPassed) flags.push("nothing-passed");
  if (platt.a > 0) flags.push("platt-inverted");
  if (!svm.isConverged) flags.push("not-converged");
  return {
    n: y.length,
    events: outcome.reduce((sum, value) => sum + value, 0),
    candidates: candidates.length,
    selected: tests.map((test) => test.name),
    tests,
    features,
    scaler,
    params,
    innerFolds,
    innerAuc,
    svm: storeSvm(svm),
    platt: { a: platt.a, b: platt.b },
    flags,
  };
}

/**
 * The risk of each patient of a table by one fold model, 0 .. 1.
 *
 * @throws ConfigError naming a feature that the table lacks
 */
export function predictFoldModel(core: Core, model: FoldModel, table: FeatureTable): Float64Array {
  const x = rowsScaled(model.scaler, columnsOf(table, model.features));
  return storedDecisions(core, model.svm, x).map((decision) => plattProbability(decision, model.platt));
}
