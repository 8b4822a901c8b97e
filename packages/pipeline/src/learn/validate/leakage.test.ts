// The experiment that tells honest cross-validation from the usual mistake: noise must stay noise. 200 cohorts of 1000 features: npm run demo:leakage.
import { loadCore } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { noiseCohort, selectedOutside, spreadOf } from "../../../../../test/helpers/noise-cohort.ts";
import { crossValidate } from "./cross-validate.ts";

const COHORTS = 20;
const FEATURES = 200;

let core: Awaited<ReturnType<typeof loadCore>>;
beforeAll(async () => {
  core = await loadCore();
});

describe("cross-validation of noise, 20 cohorts of 56 patients, 10 events and 200 features (seeds 0 to 19)", () => {
  it("has a mean AUC within 3 standard errors of one half, with the method's whole grid", () => {
    const aucs = Array.from({ length: COHORTS }, (_, seed) => {
      const { table, outcome } = noiseCohort(seed, FEATURES);
      return crossValidate(core, table, outcome, { seed }).auc.value;
    });
    const { mean, error } = spreadOf(aucs);
    expect(error).toBeLessThan(0.05);
    expect(Math.abs(mean - 0.5)).toBeLessThan(3 * error);
  });

  it("shows an AUC inflated by far more than 3 standard errors when features are selected outside the folds", () => {
    // A grid of four points: the mistake shows with any.
    const grid = [0.03125, 1].flatMap((C) => [
      { kernel: { kind: "linear" } as const, C },
      { kernel: { kind: "rbf", gamma: 0.03125 } as const, C },
    ]);
    const runs = Array.from({ length: COHORTS }, (_, seed) => {
      const cohort = noiseCohort(seed, FEATURES);
      const mistaken = selectedOutside(cohort);
      return {
        honest: crossValidate(core, cohort.table, cohort.outcome, { seed, grid }).auc.value,
        leaking: crossValidate(core, mistaken.table, mistaken.outcome, { seed, grid }).auc.value,
      };
    });
    const honest = spreadOf(runs.map((run) => run.honest));
    const leaking = spreadOf(runs.map((run) => run.leaking));
    const gain = spreadOf(runs.map((run) => run.leaking - run.honest));
    expect(Math.abs(honest.mean - 0.5)).toBeLessThan(3 * honest.error);
    expect(leaking.mean).toBeGreaterThan(0.5 + 3 * leaking.error);
    expect(gain.mean).toBeGreaterThan(3 * gain.error);
  });

  it("is not inflated by any other step either: gaps, ComBat, correlation, mRMR, logistic regression, bootstrap", () => {
    const small = (seed: number) => {
      const { table, outcome } = noiseCohort(seed, 40);
      const values = table.values.map((value, k) => (k % 97 === 0 ? NaN : value));
      return { table: { ...table, values, batches: table.ids.map((_, i) => `scanner ${i % 3}`) }, outcome };
    };
    const run = (options: Omit<Parameters<typeof crossValidate>[3], "seed">) =>
      spreadOf(
        Array.from({ length: 10 }, (_, seed) => {
          const { table, outcome } = small(seed);
          return crossValidate(core, table, outcome, {
            seed,
            impute: "median",
            harmonise: { method: "combat", batch: "scanner" },
            ...options,
          }).auc.value;
        }),
      );
    const logistic = { kind: "logistic", penalty: "l2", C: [0.01, 0.1, 1], l1Ratio: [0.5] } as const;
    const classifier = { ...logistic, C: [...logistic.C], l1Ratio: [...logistic.l1Ratio] };
    // Below one half it may lie: what selection finds larger among the training part's events is smaller among the others of the same patients.
    const steps = run({
      classifier,
      select: [
        { step: "correlation", threshold: 0.9 },
        { step: "mrmr", top: 5 },
      ],
      folds: 5,
    });
    expect(steps.mean - 0.5).toBeLessThan(2 * steps.error);
    const bootstrap = run({ classifier, validation: "bootstrap", resamples: 40 });
    expect(bootstrap.mean - 0.5).toBeLessThan(2 * bootstrap.error);
  });
});
