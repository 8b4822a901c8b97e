import { plattProbability, plattScaling, type Core } from "@islet/core-wasm";
import type { Random } from "../random.ts";
import type { TwoGroupTest } from "../stats/groups/two-groups.ts";
import { classifierDecisions, trainClassifier, type ClassifierChoice, type StoredClassifier } from "./classify/classifier.ts";
import { combatOf, fitCombat, harmonised, type Combat } from "./columns/combat.ts";
import { columnsOf, type FeatureTable } from "./columns/feature-table.ts";
import { innerFoldCount, stratifiedFolds } from "./validate/folds.ts";
import { gridOf, randomChoices } from "./classify/grid.ts";
import { fitImputer, imputed, imputerOf, type Imputer } from "./columns/impute.ts";
import { fitScaler, rowsScaled, type Scaler } from "./columns/scaler.ts";
import { searchGrid } from "./classify/search-grid.ts";
import { selectColumns } from "./select/select.ts";
import type { LearnSettings } from "./settings.ts";
import { labelsOf } from "./classify/svm.ts";

/** What a reader of a fold's result must know. */
type FoldFlag =
  /** A step of selection would have kept nothing, so the feature with the smallest p was kept. */
  | "nothing-passed"
  /** Platt's slope is positive: on unseen rows the model ranked the wrong way round, and its probabilities say so. */
  | "platt-inverted"
  /** The solver of the final fit stopped at its limit of steps. */
  | "not-converged"
  /** Some batch has fewer than 2 rows in the training part, so its rows were not harmonised. */
  | "batch-not-harmonised";

/** A model fitted on one training part: everything needed to score a patient, and how it came about. Plain JSON. */
export interface FoldModel {
  /** Rows and events it was fitted on. */
  readonly n: number;
  readonly events: number;
  /** Number of features that selection chose from. */
  readonly candidates: number;
  /** Names of the features that selection kept. */
  readonly selected: string[];
  /** How each selected feature differs between the outcomes, in the same order. */
  readonly tests: (TwoGroupTest & { readonly name: string })[];
  /** Columns of the model in order: the selected features, then those that are always in. */
  readonly features: string[];
  /** How missing values are filled; absent where none may be missing. */
  readonly imputer?: Imputer;
  /** How scanners or centres are brought together; absent where they are not. */
  readonly combat?: Combat;
  readonly scaler: Scaler;
  readonly params: ClassifierChoice;
  readonly innerFolds: number;
  /** Mean AUC of the inner folds at `params`. Optimistic: features were selected on the same rows. */
  readonly innerAuc: number;
  readonly classifier: StoredClassifier;
  /** risk = 1 / (1 + exp(a * decision + b)); a = -1, b = 0 are the log odds as they are. */
  readonly platt: { readonly a: number; readonly b: number };
  readonly flags: FoldFlag[];
}

/** What of a fold model predicts. */
export type ScoringFold = Pick<FoldModel, "features" | "imputer" | "combat" | "scaler" | "classifier" | "platt">;

/** What `fitFoldModel` is free to choose; every field has its default in `crossValidate`. */
export interface FitSettings extends Pick<
  LearnSettings,
  "impute" | "missingFlag" | "harmonise" | "select" | "scale" | "classifier" | "classWeight" | "search" | "innerFolds" | "calibration"
> {
  /** Names of columns that are in the model without selection. */
  readonly always: readonly string[];
  /** Tolerance of the classifier's optimality conditions. */
  readonly tolerance: number;
  /** Choices to search instead of those of `classifier` and `search`. */
  readonly grid?: readonly ClassifierChoice[];
}

/** A stream of random numbers for a use within one fit. */
export type StreamOf = (use: string) => Random;

/**
 * Fits a model on training rows: missing values, harmonisation, selection, scaling, search in inner stratified folds, classifier, calibration.
 *
 * Sees nothing but the rows it is given.
 *
 * @param table    checked; training rows only, with batches where the settings harmonise: then the candidates that are no 0/1 columns are
 * @param outcome  1 = event, 0 = none; at least 2 of each
 * @param stream   of the inner folds and of what else draws
 */
export function fitFoldModel(core: Core, table: FeatureTable, outcome: Uint8Array, settings: FitSettings, stream: StreamOf): FoldModel {
  const flags: FoldFlag[] = [];
  const imputer = settings.impute === "none" ? null : fitImputer(table, settings.impute, settings.missingFlag);
  const filled = imputer ? imputed(imputer, table) : table;
  const always = new Set(settings.always);
  const candidates = filled.names.filter((name) => !always.has(name));
  const combat = settings.harmonise && filled.batches ? combatOn(filled, candidates) : null;
  const level = combat ? { ...filled, values: harmonised(combat, filled.values, filled.names, filled.batches!) } : filled;
  if (combat && filled.batches!.some((batch) => !combat.batches.includes(batch))) flags.push("batch-not-harmonised");

  const balanced = settings.classWeight === "balanced";
  const { selected, nothingPassed } = selectColumns(
    columnsOf(level, candidates),
    candidates.length,
    outcome,
    settings.select,
    balanced,
    () => stream("lasso"),
  );
  const tests = selected.map(({ column, test, p }) => ({ name: candidates[column]!, test, p }));
  const features = [...tests.map((test) => test.name), ...settings.always];

  const raw = columnsOf(level, features);
  const scaler = fitScaler(raw, features.length, settings.scale);
  const x = rowsScaled(scaler, raw);
  const y = labelsOf(outcome);
  const innerFolds = innerFoldCount(outcome, settings.innerFolds, table.groups);
  const fold = stratifiedFolds(outcome, innerFolds, stream("inner folds"), table.groups);
  const training = { balanced, tolerance: settings.tolerance };
  const grid = settings.grid ?? choicesOf(settings, stream);
  const { params, innerAuc, decisions } = searchGrid(core, x, y, features.length, fold, innerFolds, grid, training);
  const classifier = trainClassifier(core, x, y, features.length, params, training);
  const usesPlatt = settings.calibration === "platt" || (settings.calibration === "auto" && "kernel" in params);
  const { a, b } = usesPlatt ? plattScaling(decisions, y) : { a: -1, b: 0 };
  if (nothingPassed) flags.push("nothing-passed");
  if (a > 0) flags.push("platt-inverted");
  if (!classifier.isConverged) flags.push("not-converged");
  return {
    n: y.length,
    events: outcome.reduce((sum, value) => sum + value, 0),
    candidates: candidates.length,
    selected: tests.map((test) => test.name),
    tests,
    features,
    ...(imputer && { imputer: imputerOf(imputer, features) }),
    ...(combat && { combat: combatOf(combat, features) }),
    scaler,
    params,
    innerFolds,
    innerAuc,
    classifier,
    platt: { a, b },
    flags,
  };
}

function choicesOf({ search, classifier }: FitSettings, stream: StreamOf): readonly ClassifierChoice[] {
  return search.kind === "grid" ? gridOf(classifier) : randomChoices(classifier, search.draws, stream("random search"));
}

/** ComBat on the candidates that are measurements: a column of zeros and ones has no level to shift. */
function combatOn(table: FeatureTable, candidates: readonly string[]): Combat | null {
  const values = columnsOf(table, candidates);
  const width = candidates.length;
  const isMeasurement = candidates.map((_, j) => {
    for (let k = j; k < values.length; k += width) if (values[k] !== 0 && values[k] !== 1) return true;
    return false;
  });
  const measured = candidates.filter((_, j) => isMeasurement[j]);
  return fitCombat(columnsOf(table, measured), measured, table.batches!);
}

/**
 * The risk of each patient of a table by one fold model, 0 .. 1.
 *
 * @param table  may miss values where the model fills them; batches are looked at where the model harmonises
 * @throws ConfigError naming a feature that the table lacks
 */
export function predictFoldModel(core: Core, model: ScoringFold, table: FeatureTable): Float64Array {
  const { imputer, combat, features } = model;
  const wanted = imputer ? Object.keys(imputer.fill) : features;
  const raw: FeatureTable = { ids: table.ids, names: wanted, values: columnsOf(table, wanted) };
  const filled = columnsOf(imputer ? imputed(imputer, raw) : raw, features);
  const level = combat && table.batches ? harmonised(combat, filled, features, table.batches) : filled;
  const x = rowsScaled(model.scaler, level);
  return classifierDecisions(core, model.classifier, x, table.ids.length).map((decision) => plattProbability(decision, model.platt));
}
