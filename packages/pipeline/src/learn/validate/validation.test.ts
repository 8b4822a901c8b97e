// The ways of holding patients out, and what the learner may do inside: claims about the whole.
import { loadCore } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { randomFor, randomNormal } from "../../random.ts";
import { rocCurve } from "../../stats/prediction/roc.ts";
import { bootstrapEstimate } from "./bootstrap-estimate.ts";
import { crossValidate, type CrossValidationOptions } from "./cross-validate.ts";
import { predictEnsemble } from "../ensemble.ts";
import type { FeatureTable } from "../columns/feature-table.ts";
import { featureRoles } from "./importance.ts";
import { permutationTest } from "./permutation.ts";
import { learnSchema } from "../settings.ts";
import { splitsOf } from "./splits.ts";

/** Patients with noise, `signal` added to the first two features of those with the event. */
function cohort(seed: number, n: number, events: number, features: number, signal = 0): { table: FeatureTable; outcome: Uint8Array } {
  const random = randomFor(seed, "validation");
  const values = Float64Array.from({ length: n * features }, (_, k) => {
    const isEvent = Math.floor(k / features) < events;
    return randomNormal(random) + (isEvent && k % features < 2 ? signal : 0);
  });
  return {
    table: {
      ids: Array.from({ length: n }, (_, i) => `P${String(i).padStart(3, "0")}`),
      names: Array.from({ length: features }, (_, j) => `f${j}`),
      values,
    },
    outcome: Uint8Array.from({ length: n }, (_, i) => (i < events ? 1 : 0)),
  };
}

/** Settings as a study file would give them, and a classifier that is quick to fit. */
const settings = (given: object = {}): CrossValidationOptions => ({
  seed: 1,
  ...learnSchema.parse({ classifier: { kind: "logistic", C: [0.03, 0.3] }, ...given }),
});

let core: Awaited<ReturnType<typeof loadCore>>;
beforeAll(async () => {
  core = await loadCore();
});
const run = ({ table, outcome }: ReturnType<typeof cohort>, given: object = {}) => crossValidate(core, table, outcome, settings(given));

describe("repeated folds", () => {
  it("begin with the folds of a single run, and give each patient the mean risk of all", () => {
    const data = cohort(1, 30, 9, 6, 1);
    const once = run(data);
    const thrice = run(data, { repeats: 3 });
    expect(thrice.folds.length).toBe(3 * once.folds.length);
    expect(thrice.folds.slice(0, once.folds.length)).toEqual(once.folds);
    expect(thrice.folds.map(({ repeat = 0 }) => repeat).filter((r) => r === 2)).toHaveLength(once.folds.length);
    expect(thrice.predictions.map((p) => p.fold)).toEqual(once.predictions.map((p) => p.fold));
    expect(thrice.repeats!.auc).toHaveLength(3);
    expect(thrice.repeats!.auc[0]).toBe(once.auc.value);
    expect(once.repeats).toBeUndefined();
  });
});

describe("leave-one-out", () => {
  it("predicts every patient by a model of all others", () => {
    const { predictions, folds } = run(cohort(2, 20, 6, 4, 1), { validation: "leave-one-out" });
    expect(folds).toHaveLength(20);
    expect(new Set(predictions.map((p) => p.fold)).size).toBe(20);
    for (const { n } of folds) expect(n).toBe(19);
  });

  it("ranks the wrong way round where a model says nothing but the share of events: an AUC of 0, as the warning says", () => {
    const silent = { classifier: { kind: "logistic", penalty: "l1", C: [1e-9] }, classWeight: "none", validation: "leave-one-out" };
    expect(run(cohort(3, 20, 6, 4), silent).auc.value).toBe(0);
  });
});

describe("bootstrap", () => {
  it("learns from as many of each class as there are and predicts only who was left out", () => {
    const { outcome } = cohort(4, 30, 8, 3);
    for (const { train, test } of splitsOf(learnSchema.parse({ validation: "bootstrap", resamples: 50 }), outcome, undefined, 1)) {
      expect(train).toHaveLength(30);
      expect(train.filter((i) => outcome[i] === 1)).toHaveLength(8);
      expect(new Set([...train, ...test]).size).toBe(30);
      expect(test.some((i) => train.includes(i))).toBe(false);
    }
  });

  it("keeps copies of a patient on one side of an inner split: no inner AUC of 1 on noise by recognising copies", () => {
    const data = cohort(5, 30, 10, 60);
    const nearest = { kind: "svm", kernels: ["rbf"], C: [1000], gamma: [1] };
    const { folds } = run(data, { validation: "bootstrap", resamples: 20, select: [], classifier: nearest });
    const mean = folds.reduce((sum, { innerAuc }) => sum + innerAuc, 0) / folds.length;
    expect(mean).toBeLessThan(0.65);
  });

  it("draws whole groups", () => {
    const { outcome } = cohort(6, 30, 10, 3);
    const groups = [...outcome].map((_, i) => `g${i >> 1}`);
    for (const { train, test } of splitsOf(learnSchema.parse({ validation: "bootstrap", resamples: 30 }), outcome, groups, 1)) {
      const inside = new Set(train.map((i) => groups[i]));
      expect(test.some((i) => inside.has(groups[i]!))).toBe(false);
    }
  });

  it("has an estimate between the apparent and the out-of-bag value, nearer to the latter the more is memorised", () => {
    const { bootstrap } = run(cohort(7, 40, 12, 6, 1), { validation: "bootstrap", resamples: 40 });
    for (const { apparent, outOfBag, plain632, plus632 } of [bootstrap!.auc, bootstrap!.brier]) {
      const [low, high] = [Math.min(apparent, outOfBag), Math.max(apparent, outOfBag)];
      for (const value of [plain632, plus632]) expect(low <= value && value <= high).toBe(true);
      expect(Math.abs(plus632 - outOfBag)).toBeLessThanOrEqual(Math.abs(plain632 - outOfBag) + 1e-15);
    }
  });

  it("computes .632+ as by hand: a model that memorises and knows nothing is worth 0.5", () => {
    const outcome = Uint8Array.of(1, 1, 0, 0);
    const known = [0.9, 0.8, 0.1, 0.2];
    const honest = outcome.length;
    const risks = Array.from({ length: 2 * honest }, (_, k) => ({
      row: k % 4,
      fold: k >> 2,
      risk: k < 4 ? [0.5, 0.5, 0.5, 0.5][k % 4]! : known[k % 4]!,
    }));
    const { auc, brier, resamples } = bootstrapEstimate(outcome, Float64Array.from(known), risks);
    expect(resamples).toBe(2);
    // Apparent 1, out of bag (0.5 + 1) / 2 = 0.75: R = 0.25 / 0.5, w = .632 / (1 - .368 / 2).
    expect([auc.apparent, auc.outOfBag, auc.overfitting]).toEqual([1, 0.75, 0.5]);
    expect(auc.plus632).toBeCloseTo(1 - (0.632 / (1 - 0.184)) * 0.25, 14);
    expect(brier.apparent).toBeCloseTo((0.01 + 0.04 + 0.01 + 0.04) / 4, 14);
    expect(brier.outOfBag).toBeCloseTo((0.25 + brier.apparent) / 2, 14);
    const noise = risks.map((entry) => ({ ...entry, risk: 0.5 }));
    expect(bootstrapEstimate(outcome, Float64Array.from(known), noise).auc).toMatchObject({ plus632: 0.5, overfitting: 1 });
  });
});

describe("groups and gaps", () => {
  it("keeps rows of a group in one fold, inside and outside: duplicated patients do not become easy", () => {
    const { table, outcome } = cohort(8, 24, 10, 40);
    const twice: FeatureTable = {
      ids: [...table.ids, ...table.ids.map((id) => `${id} again`)],
      names: table.names,
      values: Float64Array.from([...table.values, ...table.values]),
    };
    const y = Uint8Array.from([...outcome, ...outcome]);
    const nearest = settings({ select: [], classifier: { kind: "svm", kernels: ["rbf"], C: [1000], gamma: [0.1] } });
    const copied = crossValidate(core, twice, y, nearest);
    const grouped = crossValidate(core, { ...twice, groups: [...table.ids, ...table.ids] }, y, nearest);
    expect(copied.auc.value).toBeGreaterThan(0.95);
    expect(grouped.auc.value).toBeLessThan(0.75);
    for (const [i, { fold }] of grouped.predictions.entries()) expect(fold).toBe(grouped.predictions[i ^ 1]!.fold);
  });

  it("gives a held-out patient's gaps and values no say in the fold that predicts the patient, ComBat included", () => {
    const data = cohort(9, 30, 9, 8, 1);
    const table = {
      ...data.table,
      values: data.table.values.map((value, k) => (k % 13 === 0 ? NaN : value)),
      batches: data.table.ids.map((_, i) => `scanner ${i % 2}`),
    };
    const given = { impute: "median", missingFlag: true, harmonise: { batch: "scanner" } };
    const before = run({ ...data, table }, given);
    const fold = before.predictions[4]!.fold!;
    const values = table.values.slice();
    values.fill(50, 4 * 8, 4 * 8 + 5);
    values[4 * 8 + 6] = NaN;
    const after = run({ ...data, table: { ...table, values } }, given);
    expect(after.folds[fold]).toEqual(before.folds[fold]);
    expect(after.folds[(fold + 1) % 9]).not.toEqual(before.folds[(fold + 1) % 9]);
  });

  it("predicts new patients with gaps and from other scanners, and survives JSON", () => {
    const data = cohort(10, 30, 9, 5, 1.5);
    const table = { ...data.table, batches: data.table.ids.map((_, i) => `scanner ${i % 2}`) };
    const result = run({ ...data, table }, { impute: "mean", harmonise: { batch: "scanner" } });
    const fresh = {
      ids: ["x", "y"],
      names: table.names,
      values: Float64Array.of(NaN, 1, NaN, 0, 2, 1, 1, 1, 1, NaN),
      batches: ["scanner 1", "elsewhere"],
    };
    const risk = predictEnsemble(core, result.folds, fresh);
    for (const value of risk) expect(value > 0 && value < 1).toBe(true);
    const revived = JSON.parse(JSON.stringify(result.folds)) as typeof result.folds;
    expect(predictEnsemble(core, revived, fresh)).toEqual(risk);
    expect(() => predictEnsemble(core, run(data).folds, fresh)).toThrow(/^patient x, feature f[024]: expected a finite number/);
  });

  it("removes a scanner's shift that hides the signal: the AUC rises with ComBat", () => {
    const { table, outcome } = cohort(11, 60, 20, 2, 1.2);
    const batches = table.ids.map((_, i) => `scanner ${i % 3}`);
    // Different shifts: only what the two features do not share would be left by their difference.
    const values = table.values.map((value, k) => value + (k % 2 ? 12 : 6) * (Math.floor(k / 2) % 3));
    const shifted = { ...table, values, batches };
    const without = crossValidate(core, shifted, outcome, settings()).auc.value;
    const harmonise = { method: "combat" as const, batch: "scanner" };
    expect(crossValidate(core, shifted, outcome, { ...settings(), harmonise }).auc.value).toBeGreaterThan(without + 0.05);
  });
});

describe("other searches and classifiers", () => {
  it("find a planted signal: logistic regression by each penalty, random search, a polynomial kernel", () => {
    const data = cohort(12, 50, 18, 15, 1.5);
    for (const classifier of [
      { kind: "logistic", penalty: "l1" },
      { kind: "logistic", penalty: "l2" },
      { kind: "logistic", penalty: "elastic-net", l1Ratio: [0.3, 0.7] },
      { kind: "svm", kernels: ["poly"], C: [0.1, 1], gamma: [0.1, 1] },
    ])
      expect(run(data, { classifier }).auc.value).toBeGreaterThan(0.8);
    const random = { classifier: { kind: "svm" }, search: { kind: "random", draws: 20 } };
    const { auc, folds } = run(data, random);
    expect(auc.value).toBeGreaterThan(0.8);
    expect(run(data, random).folds).toEqual(folds);
    for (const { params } of folds) expect(params.C >= 2 ** -5 && params.C <= 2 ** 15).toBe(true);
  });

  it("leave the log odds of a logistic regression as they are, unless Platt is asked for", () => {
    const data = cohort(13, 40, 14, 6, 1);
    for (const { platt } of run(data).folds) expect(platt).toEqual({ a: -1, b: 0 });
    for (const { platt } of run(data, { calibration: "platt" }).folds) expect(platt).not.toEqual({ a: -1, b: 0 });
  });

  it("freeze the threshold of the rule", () => {
    const { predictions, sensitivity, threshold } = run(cohort(14, 40, 10, 6, 1), { threshold: { rule: "sensitivity", atLeast: 0.9 } });
    expect(sensitivity).toBeGreaterThanOrEqual(0.9);
    expect(predictions.filter((p) => p.outcome === 1 && p.risk > threshold).length).toBeLessThan(9);
  });
});

describe("what a model stands on", () => {
  it("counts how many models have a feature, and means its linear weights: w of a linear SVM gives its decisions", () => {
    const data = cohort(15, 40, 14, 6, 2);
    const { folds } = run(data, { classifier: { kind: "svm", kernels: ["linear"], C: [1] } });
    const roles = featureRoles(folds);
    expect(roles[0]).toMatchObject({ models: folds.length, share: 1 });
    expect(roles.find(({ name }) => name === "f0")!.weight).toBeGreaterThan(0);
    const curved = run(data, { classifier: { kind: "svm", kernels: ["rbf"], C: [1], gamma: [0.1] } });
    expect(featureRoles(curved.folds)[0]!.weight).toBeNull();
  });

  it("loses AUC when a feature with signal is shuffled, and hardly any for noise", () => {
    const { importance, folds } = run(cohort(16, 60, 25, 5, 2), { select: [], importance: 10 });
    expect(importance!["f0"]!.drop).toBeGreaterThan(0.03);
    for (const name of ["f2", "f3", "f4"]) expect(Math.abs(importance![name]!.drop)).toBeLessThan(0.02);
    expect(featureRoles(folds, importance).find(({ name }) => name === "f0")!.importance).toEqual(importance!["f0"]);
    expect(run(cohort(16, 60, 25, 5, 2), { select: [] }).importance).toBeUndefined();
  });

  it("is tested as a whole by shuffled outcomes: the smallest p there is on a strong signal, the same for the same seed", () => {
    const { table, outcome } = cohort(17, 30, 12, 5, 2.5);
    const options = { ...settings({ folds: 5 }), permutations: 19 };
    const { auc } = crossValidate(core, table, outcome, options);
    const test = permutationTest(core, table, outcome, auc.value, options);
    expect(test.p).toBe(1 / 20);
    expect(test.aucs).toHaveLength(19);
    expectClose([test.mean], [0.5], { atol: 0.15 });
    expect(permutationTest(core, table, outcome, auc.value, options)).toEqual(test);
    expect(permutationTest(core, table, outcome, 0, options).p).toBe(1);
  });

  it("has permutation P values that are uniform on noise: 40 cohorts, 9 shuffles each (seeds 0 to 39)", () => {
    const p = Array.from({ length: 40 }, (_, seed) => {
      const { table, outcome } = cohort(100 + seed, 20, 8, 3);
      const options = { ...settings({ folds: 4, innerFolds: 3 }), permutations: 9 };
      return permutationTest(core, table, outcome, crossValidate(core, table, outcome, options).auc.value, options).p;
    });
    // Of a uniform p on 0.1 .. 1: mean 0.55, standard error 0.287 / sqrt(40).
    expect(Math.abs(p.reduce((a, b) => a + b, 0) / 40 - 0.55)).toBeLessThan(3 * (0.287 / Math.sqrt(40)));
  });

  it("shuffles whole groups where a group has one outcome: copies stay alike", () => {
    const { table, outcome } = cohort(18, 24, 10, 4);
    const groups = table.ids.map((_, i) => `g${i >> 1}`);
    const options = { ...settings({ folds: 4 }), permutations: 3 };
    const { aucs } = permutationTest(core, { ...table, groups }, outcome, 0.5, options);
    for (const auc of aucs) expect(auc >= 0 && auc <= 1).toBe(true);
  });
});

it("rocCurve of the mean risks is the AUC of repeats, not the mean of their AUCs", () => {
  const { predictions, auc, repeats } = run(cohort(19, 30, 10, 5, 0.5), { repeats: 4 });
  expect(
    rocCurve(
      predictions.map((p) => p.outcome),
      predictions.map((p) => p.risk),
    ).auc,
  ).toBe(auc.value);
  expect(repeats!.mean).toBeCloseTo(repeats!.auc.reduce((a, b) => a + b, 0) / 4, 14);
});
