import type { Core } from "@islet/core-wasm";
import type { CrossValidation } from "./cross-validate.ts";
import { orderById, tableAt, type FeatureTable } from "../columns/feature-table.ts";
import { predictFoldModel } from "../fold-model.ts";
import type { LearnSettings } from "../settings.ts";
import { splitsOf } from "./splits.ts";

/**
 * The risks of the patients of a cross-validation by the fold models that did not see them, from other measurements of the same patients: the mean where there are several. With the values that the models
 * were validated on it is the validation's own risk, to the last digit.
 *
 * @param table     the same patients with other values, in any order
 * @param outcome   theirs, in the table's order: it fixes the folds
 * @param settings  of the cross-validation
 * @returns         0 .. 1, one a patient in the table's order; NaN where no fold model left the patient out
 */
export function predictHeldOut(
  core: Core,
  { folds }: Pick<CrossValidation, "folds">,
  table: FeatureTable,
  outcome: Uint8Array,
  settings: LearnSettings & { readonly seed: number },
): Float64Array {
  const order = orderById(table);
  const sorted = tableAt(table, order);
  const splits = splitsOf(
    settings,
    Uint8Array.from(order, (i) => outcome[i]!),
    sorted.groups,
    settings.seed,
  );
  const sum = new Float64Array(order.length);
  const count = new Float64Array(order.length);
  for (const [k, { test }] of splits.entries()) {
    for (const [j, risk] of predictFoldModel(core, folds[k]!, tableAt(sorted, test)).entries()) {
      sum[order[test[j]!]!]! += risk;
      count[order[test[j]!]!]!++;
    }
  }
  return sum.map((value, i) => value / count[i]!);
}
