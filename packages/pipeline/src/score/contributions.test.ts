import { loadCore } from "@islet/core-wasm";
import { expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import type { ScoringFold } from "../learn/fold-model.ts";
import { predictEnsemble } from "../learn/ensemble.ts";
import { randomFor, randomNormal } from "../random.ts";
import type { BundleReference } from "../study/bundle/schema.ts";
import { contributionsOf, gaussLegendre } from "./contributions.ts";

const NAMES = ["a", "b", "c"];
const reference = (means: readonly number[]): BundleReference => ({
  n: 2,
  events: 1,
  horizonMonths: null,
  features: NAMES.map((name, j) => ({
    name,
    of: j < 2 ? "ab" : "c",
    share: 1,
    mean: means[j]!,
    sd: 1,
    median: 0,
    q1: 0,
    q3: 0,
    min: 0,
    max: 0,
  })),
  patients: [],
  scans: {},
});
const row = (values: readonly number[]) => ({ ids: ["patient"], names: NAMES, values: Float64Array.from(values) });
const logistic = (coefficients: number[], intercept: number): ScoringFold => ({
  features: NAMES,
  scaler: { centre: [0.5, -1, 2], spread: [2, 0.5, 1] },
  classifier: { intercept, coefficients, iterations: 1, isConverged: true },
  platt: { a: -1, b: 0 },
});

it("quadrature by 8 points integrates polynomials to degree 15 exactly, and its weights sum to 1", () => {
  const rule = gaussLegendre(8);
  for (let power = 0; power <= 15; power++)
    expectClose([rule.reduce((sum, { node, weight }) => sum + weight * node ** power, 0)], [1 / (power + 1)], { atol: 0, rtol: 1e-13 });
  expect(Math.abs(rule.reduce((sum, { node, weight }) => sum + weight * node ** 16, 0) - 1 / 17)).toBeGreaterThan(1e-11);
});

it("one linear decision is shared in proportion to weight times difference", async () => {
  const core = await loadCore();
  const model = logistic([0.8, -0.3, 0.5], -0.2);
  const [x, b] = [
    [2, -1.5, 4],
    [0.4, -0.9, 2.2],
  ];
  const { features, baseline, unexplained } = contributionsOf(core, [model], row(x), reference(b), [0, 0, 0]);
  const raw = [0.8 / 2, -0.3 / 0.5, 0.5 / 1].map((w, j) => w * (x[j]! - b[j]!));
  const total = raw.reduce((p, q) => p + q, 0);
  const difference = predictEnsemble(core, [model], row(x))[0]! - baseline;
  expect(baseline).toBe(predictEnsemble(core, [model], row(b))[0]!);
  for (const { name, contribution } of features)
    expectClose([contribution], [(difference * raw[NAMES.indexOf(name)]!) / total], { atol: 0, rtol: 1e-7 });
  expect(Math.abs(unexplained)).toBeLessThan(1e-8);
});

it("a feature without influence gets nothing, and equal ones get equal parts", async () => {
  const core = await loadCore();
  const model: ScoringFold = { ...logistic([0.7, 0.7, 0], 0.1), scaler: { centre: [0, 0, 0], spread: [1, 1, 1] } };
  const { features } = contributionsOf(core, [model], row([1.5, 1.5, 9]), reference([0, 0, 0]), [0, 0, 0]);
  const part = Object.fromEntries(features.map(({ name, contribution }) => [name, contribution]));
  expect(part["c"]).toBe(0);
  expectClose([part["a"]!], [part["b"]!], { atol: 0, rtol: 1e-9 });
});

/** An SVM of 10 drawn support vectors; the narrower its kernel, the larger gamma. */
const svm = (random: () => number, gamma: number): ScoringFold => ({
  features: NAMES,
  scaler: { centre: [0, 0, 0], spread: [1, 1, 1] },
  classifier: {
    kernel: { kind: "rbf", gamma },
    d: 3,
    supportVectors: Array.from({ length: 30 }, () => randomNormal(random)),
    dualCoef: [1, -1, 0.5, -0.5, 1, -1, 0.5, -0.5, 1, -1],
    rho: 0.1,
    iterations: 1,
    isConverged: true,
  },
  platt: { a: -2, b: 0.3 },
});

it.each([
  ["wide", [0.1, 0.3]],
  ["narrow beside the way from the average, where one sum over all of it misses more", [8, 30]],
])("several models with kernels add up, too: %s (20 patients, seed 1)", async (_what, gammas) => {
  const core = await loadCore();
  const random = randomFor(1, "contributions");
  const folds = [...gammas.map((gamma) => svm(random, gamma)), logistic([0.2, 0.1, -0.4], 0)];
  for (let k = 0; k < 20; k++) {
    const x = row([randomNormal(random), randomNormal(random), randomNormal(random)]);
    const { baseline, features, unexplained } = contributionsOf(core, folds, x, reference([0.1, 0, -0.2]), [0, 0, 0]);
    const sum = baseline + features.reduce((total, { contribution }) => total + contribution, 0);
    expectClose([sum + unexplained], [predictEnsemble(core, folds, x)[0]!], { atol: 1e-14, rtol: 0 });
    expect(Math.abs(unexplained)).toBeLessThan(1e-6);
  }
});
