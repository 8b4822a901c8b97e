import { describe, expect, it } from "vitest";
import { golden } from "../../../../../test/helpers/golden.ts";
import { chiSquareTest } from "./chi-square.ts";
import { mannWhitneyFor } from "./mann-whitney.ts";
import { studentTest, welchTest } from "./t-test.ts";
import { univariate } from "./univariate.ts";
import type { Variable } from "../variables.ts";

type Categorical = Variable & { kind: "categorical" };
const { tables } = golden<{ tables: { name: string; counts: [number[], number[]]; fisher: number; smallest: number }[] }>("r-tables");

/** A table of counts as one row a patient. */
function fromCounts(name: string, counts: readonly [number[], number[]]): { groups: Categorical; variable: Categorical } {
  const rows = counts.flatMap((row, g) => row.flatMap((count, k) => Array.from({ length: count }, () => [g, k] as const)));
  return {
    groups: { name: "recurrence", kind: "categorical", levels: ["no", "yes"], codes: Int32Array.from(rows, ([g]) => g) },
    variable: { name, kind: "categorical", levels: counts[0].map((_, k) => `level ${k}`), codes: Int32Array.from(rows, ([, k]) => k) },
  };
}
const groups = (m: number, n: number): Categorical => ({
  name: "g",
  kind: "categorical",
  levels: ["a", "b"],
  codes: Int32Array.from({ length: m + n }, (_, i) => (i < m ? 0 : 1)),
});
const numbers = (...values: number[]): Variable => ({ name: "x", kind: "continuous", values: Float64Array.from(values) });

describe("univariate", () => {
  it("gives every categorical row of the paper's Table S2 the exact p that R has, and names the test", () => {
    for (const { name, counts, fisher, smallest } of tables.filter((table) => table.name !== "")) {
      const { groups: by, variable } = fromCounts(name, counts);
      const [row] = univariate(by, [variable], { isExact: true }).rows;
      expect(row!.p).toBeCloseTo(fisher, 12);
      expect(row!.test).toBe(counts[0].length === 2 ? "fisher" : "fisher-freeman-halton");
      expect(univariate(by, [variable]).rows[0]!.test === "chi-square").toBe(smallest > 5);
    }
  });

  it("tests a table with larger expected counts by chi-square unless told to be exact", () => {
    const { groups: by, variable } = fromCounts("x", [
      [20, 30],
      [25, 15],
    ]);
    const { statistic, p } = chiSquareTest([
      [20, 30],
      [25, 15],
    ]);
    expect(univariate(by, [variable]).rows[0]).toMatchObject({ test: "chi-square", statistic, df: 1, p, note: null });
    expect(univariate(by, [variable], { isExact: true }).rows[0]).toMatchObject({ test: "fisher", statistic: null });
  });

  const normal = [-1.6, -1, -0.65, -0.38, -0.12, 0.12, 0.38, 0.65, 1, 1.6];
  it("describes normal groups by mean and SD and tests them by t, Welch's when variances differ", () => {
    const [x, shifted, wide] = [normal, normal.map((v) => v + 1.1), normal.map((v) => 8 * v + 1)];
    const student = studentTest(Float64Array.from(x), Float64Array.from(shifted));
    expect(univariate(groups(10, 10), [numbers(...x, ...shifted)]).rows[0]).toMatchObject({
      test: "student",
      statistic: student.t,
      df: 18,
      p: student.p,
      describe: "mean-sd",
    });
    const welch = welchTest(Float64Array.from(x), Float64Array.from(wide));
    expect(univariate(groups(10, 10), [numbers(...x, ...wide)]).rows[0]).toMatchObject({
      test: "welch",
      statistic: welch.t,
      df: welch.df,
      p: welch.p,
    });
  });

  it("describes other groups by median and quartiles and tests them by Mann-Whitney, leaving missing values out", () => {
    const skewed = normal.map((v) => Math.exp(4 * v));
    const { u, p } = mannWhitneyFor(9, 10)(Float64Array.from(skewed.slice(1)), Float64Array.from(normal));
    const [row] = univariate(groups(10, 10), [numbers(Number.NaN, ...skewed.slice(1), ...normal)]).rows;
    expect(row).toMatchObject({
      test: "mann-whitney",
      statistic: u,
      p,
      describe: "median-iqr",
      note: "exact p",
      groups: [
        { n: 9, missing: 1 },
        { n: 10, missing: 0 },
      ],
    });
  });

  it("keeps a row that cannot be tested, with the reason, out of the adjustment", () => {
    const nothing = Number.NaN;
    const variables: Variable[] = [
      numbers(3, 3, 3, 3, 3, 3),
      numbers(nothing, nothing, nothing, 1, 2, 3),
      { name: "c", kind: "categorical", levels: ["k"], codes: new Int32Array(6) },
      { name: "d", kind: "categorical", levels: [], codes: new Int32Array(6).fill(-1) },
      numbers(1, 2, 3, 7, 8, 9),
    ];
    const { rows } = univariate(groups(3, 3), variables);
    expect(rows.map(({ test, note }) => (test ? null : note))).toEqual([
      "all values are equal",
      "no values in a",
      "all values are equal",
      "no values in a",
      null,
    ]);
    expect(rows[4]).toMatchObject({ pHolm: rows[4]!.p, pBenjaminiHochberg: rows[4]!.p });
  });

  it("falls back to chi-square where the exact test has too many tables, and says so", () => {
    const counts = [31, 29, 28, 17, 21, 26, 12, 14, 22];
    const { groups: by, variable } = fromCounts("x", [counts, [29, 41, 24, 10, 22, 19, 24, 15, 16]]);
    const [row] = univariate(by, [variable], { isExact: true }).rows;
    expect(row).toMatchObject({
      test: "chi-square",
      note: "too many tables for the exact test, so chi-square (smallest expected count 13.50)",
    });
  });
});
