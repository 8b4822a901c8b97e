import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/helpers/close.ts";
import * as reference from "../reference/svm.ts";
import { loadCore } from "./core.ts";
import { crossDecisions } from "./cross-decisions.ts";
import type { GridPoint } from "./cross-decisions.ts";

/** n rows of d features, every third one positive and shifted, from a linear congruential generator. */
function cohort(seed: number, n: number, d: number): { x: Float64Array; y: Int8Array } {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const y = Int8Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1 : -1));
  return {
    x: Float64Array.from({ length: n * d }, (_, i) => 2 * uniform() - 1 + (Math.floor(i / d) % 3 === 0 && i % d === 0 ? 0.5 : 0)),
    y,
  };
}

const GRID: readonly GridPoint[] = [
  { kernel: { kind: "linear" }, C: 0.125 },
  { kernel: { kind: "rbf", gamma: 0.5 }, C: 1 },
  { kernel: { kind: "linear" }, C: 4 },
  { kernel: { kind: "rbf", gamma: 0.125 }, C: 16 },
  { kernel: { kind: "rbf", gamma: 0.5 }, C: 32 },
  { kernel: { kind: "poly", gamma: 0.5, degree: 3, coef0: 0 }, C: 2 },
  { kernel: { kind: "poly", gamma: 0.5, degree: 2, coef0: 1 }, C: 2 },
];

describe.each(["relaxed", "simd"] as const)("%s build", (build) => {
  test.each([
    [1, 31, 4, 5, true],
    [2, 24, 9, 3, false],
    [3, 20, 2, 2, true],
  ])(
    "seed %i: each of %i rows (d = %i) gets the decision of the machine trained on the other folds of %i, balanced %s",
    async (seed, n, d, folds, balanced) => {
      const core = await loadCore(build);
      const { x, y } = cohort(seed, n, d);
      const fold = Uint8Array.from(y, (_, i) => Math.floor(i / 3) % folds);
      const got = crossDecisions(core, x, y, d, fold, folds, GRID, { balanced, tolerance: 1e-11 });
      const want = new Float64Array(GRID.length * n);
      const rows = reference.rowsOf(x, d);
      GRID.forEach(({ kernel, C }, g) => {
        for (let f = 0; f < folds; f++) {
          const index = Array.from(y, (_, i) => i);
          const [train, held] = [index.filter((i) => fold[i] !== f), index.filter((i) => fold[i] === f)];
          const labels = Int8Array.from(train, (i) => y[i]!);
          const cost = (label: number) => C * (balanced ? train.length / (2 * labels.filter((other) => other === label).length) : 1);
          const problem = { rows: train.map((i) => rows[i]!), y: labels, kernel, cost, rounding: (value: number) => value };
          const decisions = reference.decide(
            problem,
            reference.train(problem, 1e-11),
            held.map((i) => rows[i]!),
          );
          decisions.forEach((value, k) => (want[g * n + held[k]!] = value));
        }
      });
      // Two solvers that both stop at a violation of 1e-11; the decision values inherit it through the conditioning of the problem.
      expectClose(got, want, { atol: 1e-8 });
    },
  );

  test("the order of the grid does not change a single bit", async () => {
    const core = await loadCore(build);
    const { x, y } = cohort(4, 30, 3);
    const fold = Uint8Array.from(y, (_, i) => Math.floor(i / 3) % 5);
    const forward = crossDecisions(core, x, y, 3, fold, 5, GRID, { balanced: true });
    const backward = crossDecisions(core, x, y, 3, fold, 5, GRID.toReversed(), { balanced: true });
    GRID.forEach((_, g) =>
      expect(backward.slice((GRID.length - 1 - g) * 30, (GRID.length - g) * 30)).toEqual(forward.slice(g * 30, (g + 1) * 30)),
    );
  });
});

test("both builds give the same bits", async () => {
  const { x, y } = cohort(5, 33, 7);
  const fold = Uint8Array.from(y, (_, i) => Math.floor(i / 3) % 5);
  const run = async (build: "relaxed" | "simd") => crossDecisions(await loadCore(build), x, y, 7, fold, 5, GRID, { balanced: true });
  expect(await run("relaxed")).toEqual(await run("simd"));
});

test("the whole grid of the method finishes on one feature, the largest C included, and is converged throughout", async () => {
  const core = await loadCore();
  const { x, y } = cohort(6, 30, 1);
  const fold = Uint8Array.from(y, (_, i) => Math.floor(i / 3) % 5);
  const grid = Array.from({ length: 21 }, (_, i) => ({ kernel: { kind: "linear" } as const, C: 2 ** (i - 5) }));
  const unfinished: number[] = [];
  const out = crossDecisions(core, x, y, 1, fold, 5, grid, { balanced: true, onUnfinished: (g) => unfinished.push(g) });
  expect(unfinished).toEqual([]);
  expect(out.every(Number.isFinite)).toBe(true);
});

test("folds that leave a training part without a class are refused, naming the fold", async () => {
  const core = await loadCore();
  const run = (fold: number[], folds: number) => () =>
    crossDecisions(core, Float64Array.of(1, 2, 3, 4), Int8Array.of(1, -1, -1, -1), 1, Uint8Array.from(fold), folds, GRID, {
      balanced: true,
    });
  expect(run([0, 0, 1, 1], 2)).toThrow("without fold 0 there are 2 rows with y = -1 and 0 with y = +1; stratify the folds, or use fewer");
  expect(run([0, 0, 1, 2], 2)).toThrow("row 3 is in fold 2, the folds are 0 to 1");
  expect(run([0, 0, 1], 2)).toThrow("x has 4 rows, fold has 3");
});
