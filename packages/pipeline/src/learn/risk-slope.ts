// How a patient's risk changes with each feature: the slope of the mean of the fold models.
import type { Core } from "@islet/core-wasm";
import { columnsOf, type FeatureTable } from "./columns/feature-table.ts";
import { predictFoldModel, type ScoringFold } from "./fold-model.ts";

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
 *   d risk / d x_j = mean over the fold models n of  (g_n(x + h e_j) - g_n(x - h e_j)) / 2h
 *
 * Differences of what `predictEnsemble` averages, so the slope is that of whatever is predicted: any classifier, scaling, harmonisation and calibration. Along a
 * feature that a fold model left out its difference is 0 and not computed.
 * The selection of features and the filling of gaps are held fixed.
 *
 * @param patient  one row, as for `predictEnsemble`; finite in the features that the models use
 */
export function riskSlope(core: Core, folds: readonly ScoringFold[], patient: FeatureTable): RiskSlope {
  const known = new Set(patient.names);
  const names = [...new Set(folds.flatMap(({ features }) => features))].filter((name) => known.has(name));
  const scales = names.map((name) => scaleOf(folds, name));
  const place = new Map(names.map((name, k) => [name, k]));
  const gradient = new Float64Array(names.length);
  for (const fold of folds) {
    const columns = fold.imputer ? Object.keys(fold.imputer.fill) : fold.features;
    const x = columnsOf(patient, columns);
    const own = fold.features.filter((name) => known.has(name));
    const steps = own.map((name) => STEP * scales[place.get(name)!]!.spread);
    const values = new Float64Array(2 * own.length * x.length);
    own.forEach((name, r) => {
      for (const [row, sign] of [
        [2 * r, 1],
        [2 * r + 1, -1],
      ] as const) {
        values.set(x, row * x.length);
        values[row * x.length + columns.indexOf(name)]! += sign * steps[r]!;
      }
    });
    const ids = Array.from({ length: 2 * own.length }, (_, i) => `${i}`);
    const batches = patient.batches && { batches: ids.map(() => patient.batches![0]!) };
    const risk = predictFoldModel(core, fold, { ids, names: columns, values, ...batches });
    own.forEach((name, r) => {
      if (steps[r]! > 0) gradient[place.get(name)!]! += (risk[2 * r]! - risk[2 * r + 1]!) / (2 * steps[r]! * folds.length);
    });
  }
  return { names, gradient, average: Float64Array.from(scales, ({ centre }) => centre) };
}

/** Mean centre and spread of a feature over the models that use it. */
function scaleOf(folds: readonly ScoringFold[], name: string): { centre: number; spread: number } {
  const using = folds.filter(({ features }) => features.includes(name));
  const mean = (part: "centre" | "spread") =>
    using.reduce((sum, { features, scaler }) => sum + scaler[part][features.indexOf(name)]!, 0) / using.length;
  return { centre: mean("centre"), spread: mean("spread") };
}
