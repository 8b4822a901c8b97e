// Could the whole learner have done as well on outcomes that mean nothing?
import type { Core } from "@islet/core-wasm";
import { randomFor, shuffled } from "../../random.ts";
import { crossValidate, type CrossValidationOptions } from "./cross-validate.ts";
import type { FeatureTable } from "../columns/feature-table.ts";

/** The permutation test of a cross-validated AUC. */
export interface PermutationTest {
  readonly permutations: number;
  /** (1 + runs with an AUC at least as high) / (1 + permutations). */
  readonly p: number;
  /** Of the AUC under shuffled outcomes. */
  readonly mean: number;
  readonly sd: number;
  /** The AUC of every run, in the order of the draws. */
  readonly aucs: number[];
}

/**
 * Permutation test of the whole learner: the outcomes are shuffled among the patients, and everything is run again, every fold from imputation to calibration.
 *
 * Where rows come in groups of one outcome, the groups' outcomes are shuffled; otherwise the rows'. The p is never 0: with N permutations the smallest is 1 / (1 + N).
 *
 * @param auc  the AUC of the true outcomes, by the same options
 * @see Ojala & Garriga 2010, Permutation tests for studying classifier performance (their test 1)
 */
export function permutationTest(
  core: Core,
  table: FeatureTable,
  outcome: Uint8Array,
  auc: number,
  options: CrossValidationOptions & { readonly permutations: number },
): PermutationTest {
  return judgedByPermutations(auc, permutedAucs(core, table, outcome, options, 0, options.permutations));
}

/**
 * The AUCs of the draws from `from` to before `to`. Each draw has a stream of its own, so shares on several threads give what one thread gives.
 *
 * @param options  those of the cross-validation
 */
export function permutedAucs(
  core: Core,
  table: FeatureTable,
  outcome: Uint8Array,
  options: CrossValidationOptions,
  from: number,
  to: number,
): number[] {
  const { onFold: _, ...settings } = options;
  const byId = table.ids.map((_, i) => i).sort((a, b) => (table.ids[a]! < table.ids[b]! ? -1 : 1));
  return Array.from({ length: to - from }, (_, k) => {
    const labels = shuffledOutcome(table, outcome, byId, randomFor(options.seed, "learn", "permutation", from + k));
    return crossValidate(core, table, labels, settings).auc.value;
  });
}

/** The test from the AUCs of all draws. */
export function judgedByPermutations(auc: number, aucs: number[]): PermutationTest {
  const permutations = aucs.length;
  const mean = aucs.reduce((a, b) => a + b, 0) / permutations;
  return {
    permutations,
    p: (1 + aucs.filter((value) => value >= auc).length) / (1 + permutations),
    mean,
    sd: permutations > 1 ? Math.sqrt(aucs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (permutations - 1)) : NaN,
    aucs,
  };
}

/** The outcomes in another order, the same for any order of the rows. */
function shuffledOutcome({ groups }: FeatureTable, outcome: Uint8Array, byId: readonly number[], random: () => number): Uint8Array {
  const out = new Uint8Array(outcome.length);
  const units = new Map<string, number[]>();
  for (const i of byId) {
    const name = groups ? groups[i]! : String(i);
    units.set(name, [...(units.get(name) ?? []), i]);
  }
  const isPure = [...units.values()].every((rows) => rows.every((i) => outcome[i] === outcome[rows[0]!]));
  const members = isPure ? [...units.values()] : byId.map((i) => [i]);
  const labels = shuffled(
    random,
    members.map(([i]) => outcome[i!]!),
  );
  for (const [u, rows] of members.entries()) for (const i of rows) out[i] = labels[u]!;
  return out;
}
