// What each feature does in a cross-validated model.
import type { Core } from "@islet/core-wasm";
import { randomFor, shuffled } from "../../random.ts";
import { rocCurve } from "../../stats/prediction/roc.ts";
import { linearWeights } from "../classify/classifier.ts";
import { columnsOf, tableAt, type FeatureTable } from "../columns/feature-table.ts";
import { predictFoldModel, type FoldModel } from "../fold-model.ts";
import { flagName } from "../columns/impute.ts";

/** One feature over the fold models. */
export interface FeatureRole {
  readonly name: string;
  /** Fold models that have it, by selection or because it is always in. */
  readonly models: number;
  /** The same as a share. */
  readonly share: number;
  /** Mean weight over the linear models that have it, in units of the scaled feature; null where none is linear. */
  readonly weight: number | null;
  /** What shuffling it costs; absent where it was not asked for. */
  readonly importance?: Importance;
}

/**
 * The features of a cross-validation, those in most models first, then by name.
 *
 * A linear weight is a slope of the decision value: its sign says which way a feature speaks, its size depends on the penalty that the fold chose.
 */
export function featureRoles(folds: readonly FoldModel[], importance: Readonly<Record<string, Importance>> = {}): FeatureRole[] {
  const found = new Map<string, { models: number; weights: number[] }>();
  for (const { features, classifier } of folds) {
    const weights = linearWeights(classifier);
    for (const [j, name] of features.entries()) {
      const entry = found.get(name) ?? { models: 0, weights: [] };
      entry.models++;
      if (weights) entry.weights.push(weights[j]!);
      found.set(name, entry);
    }
  }
  return [...found]
    .map(([name, { models, weights }]) => ({
      name,
      models,
      share: models / folds.length,
      weight: weights.length ? weights.reduce((a, b) => a + b, 0) / weights.length : null,
      ...(importance[name] && { importance: importance[name] }),
    }))
    .sort((a, b) => b.models - a.models || (a.name < b.name ? -1 : 1));
}

/** A fold model and the rows that it has not seen. */
export interface HeldOut {
  readonly model: FoldModel;
  readonly rows: readonly number[];
}

/** What shuffling a feature costs. */
export interface Importance {
  /** Mean loss of the pooled AUC over the shuffles; below 0 where shuffling helps. */
  readonly drop: number;
  /** Its standard deviation over the shuffles. */
  readonly sd: number;
}

/**
 * Permutation importance: how much of the pooled AUC is lost when a feature's values are shuffled among all patients and each is predicted again by the models that did
 * not see the patient. Features that repeat each other share their importance: each alone can be done without.
 *
 * @param table    all rows
 * @param held     every model with the rows it predicts; a row's risk is the mean over its models
 * @param repeats  shuffles a feature
 * @see Breiman 2001; Fisher, Rudin & Dominici 2019
 */
export function permutationImportance(
  core: Core,
  table: FeatureTable,
  outcome: Uint8Array,
  held: readonly HeldOut[],
  repeats: number,
  seed: number,
): Record<string, Importance> {
  const needed = [...new Set(held.flatMap(({ model }) => [...model.features, ...Object.keys(model.imputer?.fill ?? {})]))];
  const names = needed.filter((name) => table.names.includes(name));
  const used = { ...table, names, values: columnsOf(table, names) };
  const risksBy = (values: Float64Array, { model, rows }: HeldOut) => predictFoldModel(core, model, tableAt({ ...used, values }, rows));
  const base = held.map((part) => risksBy(used.values, part));
  const auc = pooledAuc(outcome, held, base);
  const result: Record<string, Importance> = {};
  for (const [j, name] of names.entries()) {
    const drops = Array.from({ length: repeats }, (_, r) => {
      const order = shuffled(randomFor(seed, "learn", "importance", name, r), [...outcome.keys()]);
      const values = used.values.slice();
      for (const [i, from] of order.entries()) values[i * names.length + j] = used.values[from * names.length + j]!;
      const risks = held.map((part, k) =>
        part.model.features.some((feature) => feature === name || feature === flagName(name)) ? risksBy(values, part) : base[k]!,
      );
      return auc - pooledAuc(outcome, held, risks);
    });
    const drop = drops.reduce((a, b) => a + b, 0) / repeats;
    result[name] = { drop, sd: repeats > 1 ? Math.sqrt(drops.reduce((sum, value) => sum + (value - drop) ** 2, 0) / (repeats - 1)) : 0 };
  }
  return result;
}

function pooledAuc(outcome: Uint8Array, held: readonly HeldOut[], risks: readonly Float64Array[]): number {
  const sum = new Float64Array(outcome.length);
  const count = new Float64Array(outcome.length);
  for (const [k, { rows }] of held.entries()) {
    for (const [t, i] of rows.entries()) {
      sum[i]! += risks[k]![t]!;
      count[i]!++;
    }
  }
  return rocCurve(
    outcome,
    sum.map((total, i) => total / count[i]!),
  ).auc;
}
