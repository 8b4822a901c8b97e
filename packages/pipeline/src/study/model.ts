// One model of a study: its table, its cross-validation, and its word on the external cohort.
import type { Core } from "@islet/core-wasm";
import { crossValidate, type CrossValidation } from "../learn/cross-validate.ts";
import { predictEnsemble } from "../learn/ensemble.ts";

/** A model's features: one row a patient, row-major. */
export interface ModelRows {
  readonly ids: string[];
  readonly values: number[];
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
  readonly folds: number;
}

/** What a model says; plain JSON. */
export interface ModelResult {
  readonly crossValidation: CrossValidation;
  /** Mean probability of the fold models for each external patient, in the task's order. */
  readonly externalRisk: number[] | null;
}

/** Cross-validates a model on the internal cohort and lets its fold models predict the external one. */
export function computeModel(core: Core, { names, always, internal, outcome, external, seed, folds }: ModelTask): ModelResult {
  const table = ({ ids, values }: ModelRows) => ({ ids, names, values: Float64Array.from(values) });
  const crossValidation = crossValidate(core, table(internal), Uint8Array.from(outcome), { seed, folds, always });
  return {
    crossValidation,
    externalRisk: external && external.ids.length ? [...predictEnsemble(core, crossValidation.folds, table(external))] : null,
  };
}
