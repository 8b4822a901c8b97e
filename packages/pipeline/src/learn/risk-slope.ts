// How a patient's risk changes with each feature: the slope of the mean of the fold models.
import type { Core } from "@islet/core-wasm";
import { predictEnsemble } from "./ensemble.ts";
import { columnsOf, type FeatureTable } from "./feature-table.ts";
import type { ScoringFold } from "./fold-model.ts";

/** A step of a difference, in spreads of the feature: its square and the rounding of f64 over it are both below 1e-8 of the slope. */
const STEP = 1e-4;

/** The slope of a patient's risk along the features that the models use. */
export interface RiskSlope {
  readonly names: readonly string[];
  /** d risk / d feature; 0 along a feature that is the same in every model's training part. */
  readonly gradient: Float64Array;
  /** Centre of each feature (its mean, under z-scores) over the models that use it. */
  readonly average: Float64Array;
}

/**
 * The slope of the ensemble's risk at one patient.
 *
 *   d risk / d x_j = (risk(x + h e_j) - risk(x - h e_j)) / 2h
 *
 * Differences of `predictEnsemble` itself, so the slope is that of whatever is predicted: any classifier, scaling, harmonisation and calibration.
 * The selection of features and the filling of gaps are held fixed.
 *
 * @param patient  one row, as for `predictEnsemble`; finite in the features that the models use
 */
export function riskSlope(core: Core, folds: readonly ScoringFold[], patient: FeatureTable): RiskSlope {
  const known = new Set(patient.names);
  const names = [...new Set(folds.flatMap(({ features }) => features))].filter((name) => known.has(name));
  const scales = names.map((name) => scaleOf(folds, name));
  const x = columnsOf(patient, patient.names);
  const index = new Map(patient.names.map((name, j) => [name, j]));
  const rows = names.flatMap((name, k) =>
    [1, -1].map((sign) => x.map((value, j) => (j === index.get(name) ? value + sign * STEP * scales[k]!.spread : value))),
  );
  const table: FeatureTable = {
    ids: rows.map((_, i) => `${i}`),
    names: patient.names,
    values: Float64Array.from(rows.flatMap((row) => [...row])),
    ...(patient.batches && { batches: rows.map(() => patient.batches![0]!) }),
  };
  const risk = predictEnsemble(core, folds, table);
  const gradient = Float64Array.from(scales, ({ spread }, k) => (spread > 0 ? (risk[2 * k]! - risk[2 * k + 1]!) / (2 * STEP * spread) : 0));
  return { names, gradient, average: Float64Array.from(scales, ({ centre }) => centre) };
}

/** Mean centre and spread of a feature over the models that use it. */
function scaleOf(folds: readonly ScoringFold[], name: string): { centre: number; spread: number } {
  const using = folds.filter(({ features }) => features.includes(name));
  const mean = (part: "centre" | "spread") =>
    using.reduce((sum, { features, scaler }) => sum + scaler[part][features.indexOf(name)]!, 0) / using.length;
  return { centre: mean("centre"), spread: mean("spread") };
}
