// One model of a study: its table, its cross-validation, and its word on the external cohort.
import type { Core } from "@islet/core-wasm";
import { crossValidate, type CrossValidation } from "../learn/validate/cross-validate.ts";
import { predictEnsemble } from "../learn/ensemble.ts";
import type { FeatureTable } from "../learn/columns/feature-table.ts";
import { permutationTest, permutedAucs, type PermutationTest } from "../learn/validate/permutation.ts";
import type { LearnSettings } from "../learn/settings.ts";

/** A model's features: one row a patient, row-major; NaN where a value is missing. */
export interface ModelRows {
  readonly ids: string[];
  readonly values: number[];
  /** The group and the batch of each patient, where `learn` names their columns. */
  readonly groups?: string[];
  readonly batches?: string[];
}

/** What a model is computed from; plain JSON, since it is the key of the cached result. */
export interface ModelTask {
  readonly model: string;
  readonly names: string[];
  /** Names of columns that are added after selection. */
  readonly always: string[];
  /** Internal patients and their outcomes. */
  readonly internal: ModelRows;
  readonly outcome: number[];
  readonly external: ModelRows | null;
  readonly seed: number;
  readonly learn: LearnSettings;
  /** Columns that together code one category. */
  readonly categories: string[][];
}

/** What a model says; plain JSON. */
export interface ModelResult {
  readonly crossValidation: CrossValidation;
  /** Mean probability of the fold models for each external patient, in the task's order. */
  readonly externalRisk: number[] | null;
  /** The test of the whole learner on shuffled outcomes; absent where `learn.permutations` is 0. */
  readonly permutation?: PermutationTest;
}

/** Cross-validates a model on the internal cohort, lets its fold models predict the external one, and where the task asks for it tests the learner on shuffled outcomes. */
export function computeModel(core: Core, task: ModelTask): ModelResult {
  const { external, learn } = task;
  const { table, outcome, options } = learnable(task);
  const crossValidation = crossValidate(core, table, outcome, options);
  return {
    crossValidation,
    externalRisk: external && external.ids.length ? [...predictEnsemble(core, crossValidation.folds, tableOf(task, external))] : null,
    ...(learn.permutations > 0 && { permutation: permutationTest(core, table, outcome, crossValidation.auc.value, options) }),
  };
}

/** A share of a task's permutation test: the AUCs of the draws from `from` to before `to`. */
export function computePermutations(core: Core, task: ModelTask, from: number, to: number): number[] {
  const { table, outcome, options } = learnable(task);
  return permutedAucs(core, table, outcome, options, from, to);
}

function learnable(task: ModelTask) {
  const { always, internal, seed, learn } = task;
  return { table: tableOf(task, internal), outcome: Uint8Array.from(task.outcome), options: { ...learn, seed, always } };
}

function tableOf({ names, categories }: ModelTask, { values, ...rows }: ModelRows): FeatureTable {
  return { ...rows, names, categories, values: Float64Array.from(values) };
}
