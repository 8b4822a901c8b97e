// The experiment that tells honest cross-validation from the usual mistake: noise must stay noise.
import { loadCore } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { randomFor, randomNormal } from "../random.ts";
import { crossValidate } from "./cross-validate.ts";
import { columnsOf, type FeatureTable } from "./feature-table.ts";
import { selectColumns } from "./select.ts";
import { METHOD_SETTINGS } from "./settings.ts";

const COHORTS = 20;
const PATIENTS = 56;
const EVENTS = 10;
const FEATURES = 200;

function noise(seed: number): { table: FeatureTable; outcome: Uint8Array } {
  const random = randomFor(seed, "noise");
  return {
    table: {
      ids: Array.from({ length: PATIENTS }, (_, i) => `P${String(i).padStart(2, "0")}`),
      names: Array.from({ length: FEATURES }, (_, j) => `f${j}`),
      values: Float64Array.from({ length: PATIENTS * FEATURES }, () => randomNormal(random)),
    },
    outcome: Uint8Array.from({ length: PATIENTS }, (_, i) => (i < EVENTS ? 1 : 0)),
  };
}

/** The mistake: features are selected on all patients, the held-out ones included, before cross-validation. */
function selectedOutside(table: FeatureTable, outcome: Uint8Array): FeatureTable {
  const { selected } = selectColumns(table.values, FEATURES, outcome, METHOD_SETTINGS.select, true, () => randomFor(0, "unused"));
  const names = selected.map(({ column }) => table.names[column]!);
  return { ids: table.ids, names, values: columnsOf(table, names) };
}

/** Mean and standard error of the mean. */
function summary(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

let core: Awaited<ReturnType<typeof loadCore>>;
beforeAll(async () => {
  core = await loadCore();
});

describe("cross-validation of noise, 20 cohorts of 56 patients, 10 events and 200 features (seeds 0 to 19)", () => {
  it("has a mean AUC within 3 standard errors of one half, with the method's whole grid", () => {
    const aucs = Array.from({ length: COHORTS }, (_, seed) => {
      const { table, outcome } = noise(seed);
      return crossValidate(core, table, outcome, { seed }).auc.value;
    });
    const { mean, error } = summary(aucs);
    expect(error).toBeLessThan(0.05);
    expect(Math.abs(mean - 0.5)).toBeLessThan(3 * error);
  });

  it("shows an AUC inflated by far more than 3 standard errors when features are selected outside the folds", () => {
    // A grid of four points: the mistake shows with any.
    const grid = [0.03125, 1].flatMap((C) => [
      { kernel: { kind: "linear" } as const, C },
      { kernel: { kind: "rbf", gamma: 0.03125 } as const, C },
    ]);
    const gains = Array.from({ length: COHORTS }, (_, seed) => {
      const { table, outcome } = noise(seed);
      const honest = crossValidate(core, table, outcome, { seed, grid }).auc.value;
      const leaking = crossValidate(core, selectedOutside(table, outcome), outcome, { seed, grid }).auc.value;
      return { honest, leaking };
    });
    const honest = summary(gains.map((gain) => gain.honest));
    const leaking = summary(gains.map((gain) => gain.leaking));
    const gain = summary(gains.map((both) => both.leaking - both.honest));
    expect(Math.abs(honest.mean - 0.5)).toBeLessThan(3 * honest.error);
    expect(leaking.mean).toBeGreaterThan(0.5 + 3 * leaking.error);
    expect(gain.mean).toBeGreaterThan(3 * gain.error);
  });
});
