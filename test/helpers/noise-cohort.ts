// Cohorts in which nothing is to be found, and the usual mistake on them.
import { columnsOf, type FeatureTable } from "../../packages/pipeline/src/learn/columns/feature-table.ts";
import { selectColumns } from "../../packages/pipeline/src/learn/select/select.ts";
import { METHOD_SETTINGS } from "../../packages/pipeline/src/learn/settings.ts";
import { randomFor, randomNormal } from "../../packages/pipeline/src/random.ts";

/** Patients and events of the paper's internal cohort (docs/method.md, section 1). */
export const PATIENTS = 56;
export const EVENTS = 10;

/** Patients, features and outcome. */
export interface NoiseCohort {
  readonly table: FeatureTable;
  readonly outcome: Uint8Array;
}

/** 56 patients with 10 events and features that know nothing of them: independent standard normal numbers. */
export function noiseCohort(seed: number, features: number): NoiseCohort {
  const random = randomFor(seed, "noise");
  return {
    table: {
      ids: Array.from({ length: PATIENTS }, (_, i) => `P${String(i).padStart(2, "0")}`),
      names: Array.from({ length: features }, (_, j) => `f${j}`),
      values: Float64Array.from({ length: PATIENTS * features }, () => randomNormal(random)),
    },
    outcome: Uint8Array.from({ length: PATIENTS }, (_, i) => (i < EVENTS ? 1 : 0)),
  };
}

/** The mistake: features are selected on all patients, the held-out ones included, before cross-validation. */
export function selectedOutside({ table, outcome }: NoiseCohort): NoiseCohort {
  const { selected } = selectColumns(table.values, table.names.length, outcome, METHOD_SETTINGS.select, true, () =>
    randomFor(0, "the method's selection draws nothing"),
  );
  const names = selected.map(({ column }) => table.names[column]!);
  return { table: { ids: table.ids, names, values: columnsOf(table, names) }, outcome };
}

/** Mean, standard deviation and standard error of the mean. */
export function spreadOf(values: readonly number[]): { readonly mean: number; readonly sd: number; readonly error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return { mean, sd, error: sd / Math.sqrt(values.length) };
}
