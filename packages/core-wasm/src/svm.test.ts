import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/helpers/close.ts";
import { golden } from "../../../test/helpers/golden.ts";
import * as reference from "../reference/svm.ts";
import { loadCore } from "./core.ts";
import { decisionFunction, trainSvm } from "./svm.ts";
import type { SvmModel, SvmParameters } from "./svm.ts";

interface DataSet {
  readonly seed: number;
  readonly n: number;
  readonly d: number;
  readonly every: number;
  readonly informative: number;
  readonly shift: number;
  readonly rings: boolean;
}

interface Fit {
  readonly data: string;
  readonly parameters: {
    readonly kernel: "linear" | "rbf";
    readonly C: number;
    readonly gamma?: number;
    readonly class_weight?: "balanced";
  };
  readonly rho: number;
  readonly supportVectors: number;
  readonly decision: number[];
}

const sklearn = golden<{ sets: Record<string, DataSet>; fits: Fit[] }>("sklearn-svc");

/** The hash of test/generate/sklearn_svc.py. */
function hashed(key: number): number {
  let k = Math.imul(key, 0x9e3779b9);
  k ^= k >>> 16;
  k = Math.imul(k, 0x21f0aaad);
  k ^= k >>> 15;
  k = Math.imul(k, 0x735a2d97);
  k ^= k >>> 15;
  return k >>> 0;
}

/** The data of test/generate/sklearn_svc.py: n training rows and 10 more. */
function dataOf({ seed, n, d, every, informative, shift, rings }: DataSet): { x: Float64Array; y: Int8Array } {
  const rows = n + 10;
  const x = Float64Array.from({ length: rows * d }, (_, i) => 2 * (hashed(seed + i) / 2 ** 32) - 1);
  const y = Int8Array.from({ length: rows }, (_, i) => {
    if (rings) return x[2 * i]! * x[2 * i]! + x[2 * i + 1]! * x[2 * i + 1]! < 0.55 ? 1 : -1;
    return i % every === 0 ? 1 : -1;
  });
  if (!rings)
    y.forEach((label, i) => label === 1 && x.subarray(i * d, i * d + informative).forEach((value, t) => (x[i * d + t] = value + shift)));
  return { x, y };
}

const small = { seed: 77, n: 30, d: 5, every: 3, informative: 2, shift: 0.4, rings: false };

/** The first n rows, and what `classWeight: balanced` means for them. */
function trainingPart(set: DataSet) {
  const { x, y } = dataOf(set);
  const labels = y.slice(0, set.n);
  const positives = labels.filter((label) => label === 1).length;
  const balanced: [number, number] = [set.n / (2 * (set.n - positives)), set.n / (2 * positives)];
  return { x: x.slice(0, set.n * set.d), y: labels, all: x, balanced };
}

/** The full vector alpha of a model. */
function alphaOf(model: SvmModel, y: Int8Array): Float64Array {
  const alpha = new Float64Array(y.length);
  model.supportIndices.forEach((t, s) => (alpha[t] = model.dualCoef[s]! * y[t]!));
  return alpha;
}

/** The problem that a model solves, for the reference. */
const problemOf = (x: Float64Array, y: Int8Array, d: number, parameters: SvmParameters): reference.Problem => ({
  rows: reference.rowsOf(x, d),
  y,
  kernel: parameters.kernel,
  cost: (label) => parameters.C * (parameters.classWeight ?? [1, 1])[label === 1 ? 1 : 0],
  rounding: Math.fround,
});

describe.each(["relaxed", "simd"] as const)("%s build", (build) => {
  for (const { data, parameters, rho, supportVectors, decision } of sklearn.fits) {
    const title = `${parameters.kernel}, C = ${parameters.C}, gamma = ${parameters.gamma ?? "-"}, ${parameters.class_weight ?? "no weights"}`;
    test(`decision values and rho equal scikit-learn's SVC: ${data}: ${title}`, async () => {
      const core = await loadCore(build);
      const set = sklearn.sets[data]!;
      const { x, y, all, balanced } = trainingPart(set);
      const fit: SvmParameters = {
        kernel: parameters.kernel === "rbf" ? { kind: "rbf", gamma: parameters.gamma! } : { kind: "linear" },
        C: parameters.C,
        classWeight: parameters.class_weight ? balanced : [1, 1],
        tolerance: 1e-10,
      };
      const model = trainSvm(core, x, y, set.d, fit);
      expectClose(decisionFunction(core, model, all), decision, { atol: 1e-6 });
      expectClose([model.rho], [rho], { atol: 1e-6 });
      expect(model.supportIndices.length).toBe(supportVectors);

      const solution = { alpha: alphaOf(model, y), rho: model.rho };
      const { balance, outside, gap, duality } = reference.optimality(problemOf(x, y, set.d, fit), solution);
      expect(balance).toBeLessThan(1e-11 * parameters.C * set.n);
      expect(outside).toBeLessThanOrEqual(0);
      // The tolerance, and the rounding of the gradient in another order of summation.
      expect(gap).toBeLessThan(2e-10);
      expect(duality).toBeLessThan(2e-10);
    });
  }

  test.each([
    [{ kind: "linear" }, 1, 5],
    [{ kind: "rbf", gamma: 0.3 }, 10, 5],
    [{ kind: "rbf", gamma: 2 }, 0.1, 5],
    [{ kind: "linear" }, 0.01, 1],
    [{ kind: "rbf", gamma: 1 }, 1, 2],
    [{ kind: "poly", gamma: 0.3, degree: 3, coef0: 0 }, 1, 5],
    [{ kind: "poly", gamma: 0.5, degree: 2, coef0: 1 }, 4, 5],
  ] as const)("the machine equals the reference solver's (%o, C = %d, %i features)", async (kernel, C, d) => {
    const core = await loadCore(build);
    const { x, y, all, balanced } = trainingPart({ ...small, d, informative: 1 });
    const fit: SvmParameters = { kernel, C, classWeight: balanced, tolerance: 1e-12 };
    const model = trainSvm(core, x, y, d, fit);
    const problem = problemOf(x, y, d, fit);
    const want = reference.train(problem, 1e-12);
    // Two solvers that both stop at a violation of 1e-12; the decision values inherit it through the conditioning of the problem.
    expectClose(decisionFunction(core, model, all), reference.decide(problem, want, reference.rowsOf(all, d)), { atol: 1e-10 });
    expectClose([model.rho], [want.rho], { atol: 1e-10 });
  });

  test("decision values equal the reference's sums over the support vectors", async () => {
    const core = await loadCore(build);
    for (const kernel of [{ kind: "linear" }, { kind: "rbf", gamma: 0.7 }, { kind: "poly", gamma: 0.4, degree: 5, coef0: 0.5 }] as const) {
      const { x, y, all } = trainingPart({ ...small, n: 31 });
      const model = trainSvm(core, x, y, 5, { kernel, C: 3 });
      const solution = { alpha: alphaOf(model, y), rho: model.rho };
      const want = reference.decide(problemOf(x, y, 5, { kernel, C: 3 }), solution, reference.rowsOf(all, 5));
      expectClose(decisionFunction(core, model, all), want, { rtol: 1e-12, atol: 1e-13 });
    }
  });

  test("with a large C on few features the solver converges all the same (40 rows, C = 2^15)", async () => {
    const core = await loadCore(build);
    for (const d of [1, 2, 5]) {
      const { x, y, balanced } = trainingPart({ ...small, n: 40, d, informative: 1, shift: 0.2 });
      const fit: SvmParameters = { kernel: { kind: "linear" }, C: 2 ** 15, classWeight: balanced };
      const model = trainSvm(core, x, y, d, fit);
      expect(model.isConverged).toBe(true);
      expect(model.iterations).toBeLessThan(150_000);
      const solution = { alpha: alphaOf(model, y), rho: model.rho };
      // The solution of the rounded problem, or of the unrounded one where the rounding exceeds the tolerance.
      const checks = [Math.fround, (value: number) => value].map((rounding) =>
        reference.optimality({ ...problemOf(x, y, d, fit), rounding }, solution),
      );
      expect(Math.min(...checks.map(({ gap }) => gap))).toBeLessThan(1.001e-3);
      expect(checks[0]!.outside).toBeLessThanOrEqual(0);
    }
  });

  test("two points have the machine that the formula gives", async () => {
    const core = await loadCore(build);
    const model = trainSvm(core, Float64Array.of(-1, 3), Int8Array.of(-1, 1), 1, { kernel: { kind: "linear" }, C: 10 });
    expectClose(decisionFunction(core, model, Float64Array.of(-1, 1, 3)), [-1, 0, 1], { atol: 1e-12 });
    expect([...model.dualCoef]).toEqual([-0.125, 0.125]);
  });

  test("identical rows with opposite labels do not trap the solver: their coefficients go to C", async () => {
    const core = await loadCore(build);
    const model = trainSvm(core, Float64Array.of(2, 2, 2, 2), Int8Array.of(1, -1, 1, -1), 1, { kernel: { kind: "linear" }, C: 0.5 });
    expect([...model.dualCoef].map(Math.abs)).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  test("exchanging the labels negates the decision values", async () => {
    const core = await loadCore(build);
    const { x, y, all } = trainingPart(small);
    const fit = (labels: Int8Array, classWeight: [number, number]) =>
      decisionFunction(
        core,
        trainSvm(core, x, labels, 5, { kernel: { kind: "rbf", gamma: 0.5 }, C: 4, classWeight, tolerance: 1e-11 }),
        all,
      );
    expectClose(
      fit(
        y.map((label) => -label),
        [3, 1],
      ),
      fit(y, [1, 3]).map((value) => -value),
      { atol: 1e-9 },
    );
  });
});

test("both builds give the same bits", async () => {
  const { x, y } = trainingPart(small);
  const run = async (build: "relaxed" | "simd") =>
    trainSvm(await loadCore(build), x, y, 5, { kernel: { kind: "rbf", gamma: 0.2 }, C: 100 });
  expect(await run("relaxed")).toEqual(await run("simd"));
});

test("what cannot be trained on is refused with its sentence", async () => {
  const core = await loadCore();
  const fit =
    (x: number[], y: number[], d: number, C = 1) =>
    () =>
      trainSvm(core, Float64Array.from(x), Int8Array.from(y), d, { kernel: { kind: "linear" }, C });
  expect(fit([1, 2, 3], [1, -1], 2)).toThrow("x holds 3 numbers, which are no whole rows of 2 features");
  expect(fit([1, 2, 3, 4], [1, -1, 1], 2)).toThrow("x has 2 rows, y has 3 labels");
  expect(fit([1, 2, NaN, 4], [1, -1], 2)).toThrow("feature 0 of row 1 is NaN; fill or drop missing values");
  expect(fit([1, 2], [1, 0], 1)).toThrow("labels are -1 and +1; row 1 has 0");
  expect(fit([1, 2], [1, 1], 1)).toThrow("all 2 rows have y = 1; a machine needs rows of both classes");
  expect(fit([1, 2], [1, -1], 1, 0)).toThrow("C must be a positive number, it is 0");
  expect(fit([1, 2], [1, -1], 1, 0)).toThrow(expect.objectContaining({ name: "ShapeError" }));
  expect(() =>
    trainSvm(
      core,
      new Float64Array(8193),
      Int8Array.from({ length: 8193 }, (_, i) => (i % 2 ? 1 : -1)),
      1,
      { kernel: { kind: "linear" }, C: 1 },
    ),
  ).toThrow(expect.objectContaining({ name: "DeviceError", message: expect.stringContaining("at most 8192 rows") as string }));
});
