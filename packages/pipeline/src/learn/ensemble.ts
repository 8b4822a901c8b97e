import type { Core } from "@islet/core-wasm";
import { ConfigError } from "../errors.ts";
import { checkTable, columnsOf, type FeatureTable } from "./columns/feature-table.ts";
import { predictFoldModel, type ScoringFold } from "./fold-model.ts";

/**
 * The risk of new patients: the mean probability of the fold models.
 *
 *   Z_i = (1/N) sum over n of g_n(x_i)
 *
 * @param folds  the fold models of a cross-validation, at least one
 * @param table  new patients with (at least) the columns the models use, in any order; finite there, or missing where the models fill gaps
 * @returns      0 .. 1, one a patient in the table's order
 * @throws ConfigError naming a feature that the table lacks, or the patient and feature of a value that is not finite
 * @see docs/method.md, section 7
 */
export function predictEnsemble(core: Core, folds: readonly ScoringFold[], table: FeatureTable): Float64Array {
  if (folds.length === 0) throw new ConfigError("model", "holds no fold model; run the study again");
  const names = [...new Set(folds.flatMap((model) => (model.imputer ? Object.keys(model.imputer.fill) : model.features)))];
  const used: FeatureTable = { ids: table.ids, names, values: columnsOf(table, names), ...(table.batches && { batches: table.batches }) };
  checkTable(used, folds.every(({ imputer }) => imputer) ? "allow" : "refuse");
  const risk = new Float64Array(table.ids.length);
  for (const model of folds) {
    for (const [i, value] of predictFoldModel(core, model, used).entries()) risk[i]! += value / folds.length;
  }
  return risk;
}
