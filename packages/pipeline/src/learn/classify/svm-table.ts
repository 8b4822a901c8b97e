// The learner alone, for `islet svm fit` and `islet svm decide`: one SVM on a table, no selection, no search.
import { crossDecisions, plattProbability, plattScaling, trainSvm, type Core, type Platt, type SvmKernel } from "@islet/core-wasm";
import { ConfigError } from "../../errors.ts";
import { randomFor } from "../../random.ts";
import { checkOutcome, checkTable, columnsOf, type FeatureTable } from "../columns/feature-table.ts";
import { smallerClass, stratifiedFolds } from "../validate/folds.ts";
import { fitScaler, rowsScaled, type Scaler } from "../columns/scaler.ts";
import { balancedWeights, labelsOf, storedDecisions, storeSvm, type StoredSvm } from "./svm.ts";

/** What a user may choose; the defaults are those of scikit-learn's SVC, but for the kernel's choice. */
export interface SvmTableOptions {
  /** Default rbf. */
  readonly kernel?: "linear" | "rbf" | "poly";
  /** Default 1. */
  readonly C?: number;
  /** Default 1 / (features x variance of all values), 1 where that variance is 0; for rbf and poly. */
  readonly gamma?: number;
  /** Of poly, default 3. */
  readonly degree?: number;
  /** Of poly, default 0. */
  readonly coef0?: number;
  /** Tolerance of the optimality conditions, default 1e-3. */
  readonly tolerance?: number;
  /** Weights n / (2 * class size) instead of 1. */
  readonly balanced?: boolean;
  /** z-score every column first; the scale is kept in the model. */
  readonly scale?: boolean;
  /** Calibrate probabilities; the seed draws the folds of it, default 1. */
  readonly probability?: boolean;
  readonly seed?: number;
}

/** Folds of the calibration, fewer where the smaller class has fewer members; as libsvm and scikit-learn. */
const CALIBRATION_FOLDS = 5;

/** A fitted SVM with what it needs to read a table. Plain JSON. */
export interface SvmTableModel {
  readonly format: "islet-svm/1";
  readonly features: string[];
  readonly scaler: Scaler | null;
  readonly C: number;
  readonly classWeight: readonly [negative: number, positive: number];
  readonly tolerance: number;
  readonly svm: StoredSvm;
  /** P(event) = 1 / (1 + exp(a decision + b)); null where it was not asked for. */
  readonly platt: Platt | null;
}

/** The JSON of `islet svm decide`, in row order. */
export interface SvmDecisions {
  readonly ids: readonly string[];
  readonly decision: number[];
  /** P(event); null where the model was fitted without `probability`. */
  readonly probability: number[] | null;
}

/**
 * Fits one support vector machine on all rows and columns of a table.
 *
 * @param outcome  1 = event (positive side), 0 = none; both present
 * @throws ConfigError for a parameter out of range, a value that is not finite, or an outcome of one class
 * @see scikit-learn's SVC for the defaults and for gamma "scale"
 */
export function fitSvmTable(core: Core, table: FeatureTable, outcome: Uint8Array, options: SvmTableOptions = {}): SvmTableModel {
  const { kernel = "rbf", C = 1, tolerance = 1e-3, balanced = false } = options;
  requirePositive("C", C);
  requirePositive("tol", tolerance);
  const { degree = 3, coef0 = 0, seed = 1 } = options;
  if (kernel === "poly" && !(Number.isInteger(degree) && degree >= 1 && degree <= 10))
    throw new ConfigError("degree", `expected a whole number from 1 to 10, found ${degree}`);
  if (kernel === "poly" && !(coef0 >= 0 && Number.isFinite(coef0)))
    throw new ConfigError("coef0", `expected a number of 0 or more, found ${coef0}`);
  checkTable(table);
  checkOutcome(table, outcome);
  if (table.names.length === 0) throw new ConfigError("feature table", "has no column to learn from; give at least one feature");
  if (smallerClass(outcome) === 0) {
    throw new ConfigError("outcome", `all ${outcome.length} rows have the same outcome; an SVM needs rows with and without the event`);
  }
  const d = table.names.length;
  const scaler = options.scale ? fitScaler(table.values, d) : null;
  const x = scaler ? rowsScaled(scaler, table.values) : table.values;
  const y = labelsOf(outcome);
  const classWeight = balanced ? balancedWeights(y) : ([1, 1] as const);
  const gamma = kernel === "linear" ? 1 : (options.gamma ?? scaledGamma(x, d));
  requirePositive("gamma", gamma);
  const chosen: SvmKernel = {
    linear: { kind: "linear" } as const,
    rbf: { kind: "rbf", gamma } as const,
    poly: { kind: "poly", gamma, degree, coef0 } as const,
  }[kernel];
  const model = trainSvm(core, x, y, d, { kernel: chosen, C, classWeight, tolerance });
  const platt = options.probability ? calibrated() : null;
  return { format: "islet-svm/1", features: [...table.names], scaler, C, classWeight, tolerance, svm: storeSvm(model), platt };

  /** Platt's sigmoid on decision values of machines that have not seen their rows. */
  function calibrated(): Platt {
    const folds = Math.min(CALIBRATION_FOLDS, smallerClass(outcome));
    if (folds < 2) {
      throw new ConfigError(
        "outcome",
        `the smaller class has ${smallerClass(outcome)} of ${outcome.length} rows; probabilities need at least 2 rows of each, so leave out --probability or add rows`,
      );
    }
    const fold = stratifiedFolds(outcome, folds, randomFor(seed, "svm", "calibration"));
    return plattScaling(crossDecisions(core, x, y, d, fold, folds, [{ kernel: chosen, C }], { balanced, tolerance }), y);
  }
}

/**
 * Decision values of a table's rows: positive is the side of the event.
 *
 * @param table  has the model's features, in any order, among its columns
 * @throws ConfigError naming a feature that the table lacks, or the patient and feature of a value that is not finite; other columns are ignored
 */
export function decideSvmTable(core: Core, model: SvmTableModel, table: FeatureTable): SvmDecisions {
  const raw = columnsOf(table, model.features);
  checkTable({ ids: table.ids, names: model.features, values: raw });
  const x = model.scaler ? rowsScaled(model.scaler, raw) : raw;
  const decision = [...storedDecisions(core, model.svm, x)];
  const { platt } = model;
  return { ids: table.ids, decision, probability: platt && decision.map((value) => plattProbability(value, platt)) };
}

/** 1 / (d * variance of all values), variance divided by their number. */
function scaledGamma(x: Float64Array, d: number): number {
  let sum = 0;
  for (const value of x) sum += value;
  const mean = sum / x.length;
  let squares = 0;
  for (const value of x) squares += (value - mean) ** 2;
  const variance = squares / x.length;
  return variance > 0 ? 1 / (d * variance) : 1;
}

function requirePositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new ConfigError(name, `expected a positive number, found ${value}`);
}
