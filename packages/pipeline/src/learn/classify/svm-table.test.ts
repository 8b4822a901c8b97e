import { loadCore } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { METHOD_GRID } from "./grid.ts";
import { searchGrid } from "./search-grid.ts";
import { labelsOf } from "./svm.ts";
import { decideSvmTable, fitSvmTable, type SvmTableModel, type SvmTableOptions } from "./svm-table.ts";

interface SklearnGolden {
  outcome: number[];
  x: number[];
  new: number[];
  scaled: number[];
  fold: number[];
  fits: { options: SvmTableOptions; train: number[]; new: number[] }[];
  inner: { kernel: "linear" | "rbf"; C: number; gamma: number | null; meanAuc: number }[];
}

const sklearn = golden<SklearnGolden>("sklearn-svm-table");
const names = ["a", "b", "c", "d", "e"];
const table = (values: readonly number[]) => ({
  ids: Array.from({ length: values.length / names.length }, (_, i) => `p${i}`),
  names,
  values: Float64Array.from(values),
});
const outcome = Uint8Array.from(sklearn.outcome);

let core: Awaited<ReturnType<typeof loadCore>>;
beforeAll(async () => {
  core = await loadCore();
});

describe("fitSvmTable and decideSvmTable", () => {
  it("have scikit-learn's decision values at tolerance 1e-10, to 1e-6, with its defaults, scaling, balanced weights and a given gamma", () => {
    for (const { options, train, new: fresh } of sklearn.fits) {
      const model = fitSvmTable(core, table(sklearn.x), outcome, { ...options, tolerance: 1e-10 });
      expectClose(decideSvmTable(core, model, table(sklearn.x)).decision, train, { atol: 1e-6 });
      expectClose(decideSvmTable(core, model, table(sklearn.new)).decision, fresh, { atol: 1e-6 });
    }
  });

  it("decide the same after a trip through JSON, with the columns in another order and others beside them", () => {
    const model = fitSvmTable(core, table(sklearn.x), outcome, { scale: true, balanced: true });
    const revived = JSON.parse(JSON.stringify(model)) as SvmTableModel;
    const fresh = table(sklearn.new);
    const wide = {
      ids: fresh.ids,
      names: ["note", ...names.toReversed()],
      values: Float64Array.from({ length: 8 * 6 }, (_, k) => (k % 6 === 0 ? NaN : fresh.values[Math.floor(k / 6) * 5 + 5 - (k % 6)]!)),
    };
    expect(decideSvmTable(core, revived, wide)).toEqual(decideSvmTable(core, model, fresh));
    expect(decideSvmTable(core, model, fresh)).toMatchObject({ ids: fresh.ids, probability: null });
  });

  it("give probabilities where asked: Platt's sigmoid of decisions by machines that had not seen their rows, the same for the same seed", () => {
    const fit = (seed: number) => fitSvmTable(core, table(sklearn.x), outcome, { probability: true, scale: true, seed });
    const { decision, probability } = decideSvmTable(core, fit(1), table(sklearn.new));
    const { a, b } = fit(1).platt!;
    expect(a).toBeLessThan(0);
    expectClose(
      probability!,
      decision.map((f) => 1 / (1 + Math.exp(a * f + b))),
      { rtol: 1e-14 },
    );
    expect(fit(1)).toEqual(fit(1));
    expect(fit(2).platt).not.toEqual(fit(1).platt);
    expect(fit(2).svm).toEqual(fit(1).svm);
    // Calibrated: the mean probability is near the share of events, 1/3, where the decisions of the fit itself would push it outwards.
    const own = decideSvmTable(core, fit(1), table(sklearn.x)).probability!;
    expect(own.reduce((sum, p) => sum + p, 0) / own.length).toBeCloseTo(1 / 3, 1);
  });

  it("refuse parameters out of range, one class and a missing column, each with a sentence", () => {
    const fit = (options: SvmTableOptions) => () => fitSvmTable(core, table(sklearn.x), outcome, options);
    expect(fit({ kernel: "poly", degree: 2.5 })).toThrow(
      expect.objectContaining({ name: "ConfigError", message: "degree: expected a whole number from 1 to 10, found 2.5" }),
    );
    expect(fit({ kernel: "poly", coef0: -1 })).toThrow(/^coef0: expected a number of 0 or more, found -1/);
    expect(fit({ C: 0 })).toThrow(/^C: expected a positive number, found 0/);
    expect(fit({ gamma: NaN })).toThrow(/^gamma: expected a positive number, found NaN/);
    expect(() =>
      fitSvmTable(
        core,
        table(sklearn.x),
        outcome.map(() => 1),
      ),
    ).toThrow(/^outcome: all 36 rows have the same outcome/);
    const model = fitSvmTable(core, table(sklearn.x), outcome);
    expect(() => decideSvmTable(core, model, { ids: ["p"], names: ["a"], values: Float64Array.of(1) })).toThrow(/^feature b: is not among/);
  });
});

describe("searchGrid", () => {
  const y = labelsOf(outcome);
  const search = (grid: Parameters<typeof searchGrid>[6]) =>
    searchGrid(core, Float64Array.from(sklearn.scaled), y, 5, Uint8Array.from(sklearn.fold), 4, grid, { balanced: true, tolerance: 1e-10 });
  const points = sklearn.inner.map(({ kernel, C, gamma }) => ({
    kernel: kernel === "linear" ? ({ kind: kernel } as const) : ({ kind: kernel, gamma: gamma! } as const),
    C,
  }));

  it("has scikit-learn's mean AUC over the inner folds at each grid point", () => {
    expectClose(
      points.map((point) => search([point]).innerAuc),
      sklearn.inner.map((point) => point.meanAuc),
      { rtol: 1e-12 },
    );
  });

  it("takes the point with the highest mean AUC, and the first of equals", () => {
    const best = sklearn.inner.reduce((a, b, i) => (b.meanAuc > sklearn.inner[a]!.meanAuc ? i : a), 0);
    expect(search(points).params).toEqual(points[best]);
    expect(search([points[1]!, points[1]!, points[0]!, points[0]!]).params).toBe(points[0]);
    const [first, second] = [{ ...points[0]! }, { ...points[0]! }];
    expect(search([first, second]).params).toBe(first);
  });

  it("has the method's 420 points, plainest first", () => {
    expect(METHOD_GRID.length).toBe(420);
    expect(METHOD_GRID[0]).toEqual({ kernel: { kind: "linear" }, C: 2 ** -5 });
    expect(METHOD_GRID[20]).toEqual({ kernel: { kind: "linear" }, C: 2 ** 15 });
    expect(METHOD_GRID[21]).toEqual({ kernel: { kind: "rbf", gamma: 2 ** -15 }, C: 2 ** -5 });
    expect(METHOD_GRID[419]).toEqual({ kernel: { kind: "rbf", gamma: 2 ** 3 }, C: 2 ** 15 });
  });
});
