// A scored patient's features, under the names that the fold models know.
import { IntakeError } from "../errors.ts";
import type { FeatureTable } from "../learn/columns/feature-table.ts";
import { oneHot } from "../learn/columns/one-hot.ts";
import { isMissing } from "../intake/csv.ts";
import { blockOf } from "../study/blocks.ts";
import type { BundleModel } from "../study/bundle/schema.ts";
import type { Bundle } from "../study/bundle/bundle.ts";
import type { CaseResult } from "../study/case.ts";
import { columnPrefix } from "../study/features.ts";
import type { PatientInputs } from "./inputs.ts";

/** One patient's features, and what must be said of them. */
export interface FeatureRow {
  /** One row: every column that some fold model looks at; NaN where a value is missing and the models fill it. */
  readonly table: FeatureTable;
  readonly warnings: readonly string[];
}

/**
 * The row of a patient whose scans have been computed.
 *
 * @param results  of every phase of the model
 * @throws IntakeError where a feature that the model needs has no value, with the reason
 */
export function featureRow({ model }: Bundle, inputs: PatientInputs, results: ReadonlyMap<string, CaseResult>): FeatureRow {
  const found = new Map<string, { readonly value: number; readonly why: string }>();
  for (const block of model.blocks) for (const [name, entry] of valuesOf(block, model, inputs, results)) found.set(name, entry);
  for (const { name, kind, levels } of model.variables) {
    const cell = inputs.variables?.[name] ?? "";
    const why = "no value was given";
    if (kind === "number") found.set(name, { value: isMissing(cell) ? NaN : Number(cell), why });
    else {
      const { columns, code } = oneHot(name, levels);
      code(isMissing(cell) ? null : cell).forEach((value, k) => found.set(columns[k]!, { value, why }));
    }
  }
  const names = columnsOfFolds(model).filter((name) => found.has(name));
  const gaps = names.filter((name) => Number.isNaN(found.get(name)!.value));
  if (gaps.length > 0 && !model.fillsGaps) {
    const { why } = found.get(gaps[0]!)!;
    throw new IntakeError(`feature ${gaps[0]}`, `has no value (${why}), and the model learnt without gaps; mend the mask or the scan`);
  }
  return {
    table: {
      ids: ["patient"],
      names,
      values: Float64Array.from(names, (name) => found.get(name)!.value),
      ...(inputs.batch !== undefined && { batches: [inputs.batch] }),
    },
    warnings:
      gaps.length > 0 ? [`${gaps.length} of ${names.length} features have no value and are filled as in training: ${listed(gaps)}`] : [],
  };
}

/** The columns that some fold model looks at, in the order in which they first occur. */
function columnsOfFolds({ folds }: Pick<BundleModel, "folds">): string[] {
  return [...new Set(folds.flatMap((fold) => (fold.imputer ? Object.keys(fold.imputer.fill) : fold.features)))];
}

/** The first names of a list. */
export function listed(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}

function valuesOf(
  block: string,
  model: BundleModel,
  inputs: PatientInputs,
  results: ReadonlyMap<string, CaseResult>,
): [string, { value: number; why: string }][] {
  const { kind, phase, preset } = blockOf(block, { radiomics: { preset: model.preset as never } });
  const prefix = columnPrefix(block);
  if (kind === "features") {
    return Object.entries(inputs.tables?.[phase] ?? {}).map(([column, cell]) => [
      prefix + column,
      { value: isMissing(cell) ? NaN : Number(cell), why: "its cell is empty" },
    ]);
  }
  const result = results.get(phase);
  if (kind === "deep") return (result?.deep?.features ?? []).map((value, i) => [`${prefix}${i}`, { value, why: "" }]);
  const { features = {}, reasons = {} } = result?.radiomics?.[preset] ?? {};
  return Object.entries(features).map(([tag, value]) => [
    prefix + tag,
    { value: value ?? NaN, why: reasons[tag] ?? "no reason was given" },
  ]);
}
