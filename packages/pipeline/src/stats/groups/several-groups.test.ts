import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { chiSquareTest } from "./chi-square.ts";
import { normalQuantile } from "../distributions.ts";
import { fisherFreemanHalton } from "./fisher-freeman-halton.ts";
import { levene } from "./levene.ts";
import { anova, kruskalWallis, severalGroupsTest, welchAnova } from "./several-groups.ts";
import { studentTest, welchTest } from "./t-test.ts";
import { univariate } from "./univariate.ts";
import type { Variable } from "../variables.ts";

interface Found {
  statistic: number;
  df: number[];
  p: number;
}
const { cohorts, tables } = golden<{
  cohorts: { groups: number[][]; anova: Found; welch: Found; kruskal: Found; levene: { statistic: number; p: number } }[];
  tables: { counts: number[][]; fisher: number; chi2: number }[];
}>("r-several-groups");
const parts = (groups: number[][]) => groups.map((values) => Float64Array.from(values));

describe("tests of several groups", () => {
  it("have R's statistics, degrees of freedom and p, with ties too, relative 1e-10", () => {
    for (const { groups, anova: a, welch: w, kruskal: k, levene: l } of cohorts) {
      const x = parts(groups);
      for (const [got, want] of [
        [anova(x), a],
        [welchAnova(x), w],
        [kruskalWallis(x), k],
      ] as const) {
        expectClose([got.statistic, got.df, ...(got.df2 === null ? [] : [got.df2]), got.p], [want.statistic, ...want.df, want.p], {
          rtol: 1e-10,
        });
      }
      const spread = levene(...x);
      expectClose([spread.statistic, spread.p], [l.statistic, l.p], { rtol: 1e-10 });
    }
  });

  it("of two groups are the squares of Student's and Welch's t", () => {
    const [x, y] = parts(cohorts[0]!.groups) as [Float64Array, Float64Array];
    for (const [f, t] of [
      [anova([x, y]), studentTest(x, y)],
      [welchAnova([x, y]), welchTest(x, y)],
    ] as const)
      expectClose([f.statistic, f.df2!, f.p], [t.t ** 2, t.df, t.p], { rtol: 1e-12 });
  });

  it("are chosen by normality and spread", () => {
    // as normal as numbers can be: the quantiles themselves
    const normal = (sd: number) => Float64Array.from({ length: 30 }, (_, i) => sd * normalQuantile((i + 0.5) / 30));
    expect(severalGroupsTest([normal(1), normal(1), normal(1)]).test).toBe("anova");
    expect(severalGroupsTest([normal(1), normal(5), normal(1)]).test).toBe("welch-anova");
    expect(severalGroupsTest([normal(1), normal(2).map(Math.exp), normal(1)]).test).toBe("kruskal-wallis");
    expect(severalGroupsTest([normal(1), normal(1), Float64Array.of(1, 2)]).test).toBe("kruskal-wallis");
  });

  it("have p = 1 or none where all values are equal", () => {
    const same = [1, 2, 3].map(() => Float64Array.of(4, 4, 4));
    expect(kruskalWallis(same).p).toBe(1);
    expect(anova(same).p).toBeNaN();
  });
});

describe("univariate of several groups", () => {
  const groupsOf = (sizes: readonly number[]): Variable & { kind: "categorical" } => ({
    name: "g",
    kind: "categorical",
    levels: sizes.map((_, g) => `group ${g}`),
    codes: Int32Array.from(sizes.flatMap((n, g) => Array.from({ length: n }, () => g))),
  });

  it("describes every group of a number and names the test that R agrees with", () => {
    const { groups, anova: a, kruskal: k, welch: w } = cohorts[0]!;
    const variable: Variable = { name: "x", kind: "continuous", values: Float64Array.from(groups.flat()) };
    const [row] = univariate(groupsOf(groups.map(({ length }) => length)), [variable]).rows;
    const want = { anova: a, "welch-anova": w, "kruskal-wallis": k }[row!.test as "anova"];
    expectClose([row!.statistic!, row!.p!], [want.statistic, want.p], { rtol: 1e-10 });
    expect(row!.groups.map(({ name, n }) => [name, n])).toEqual(groups.map((values, g) => [`group ${g}`, values.length]));
    expect(row!.smd).toBeGreaterThan(0);
  });

  it("tests a table of counts exactly, as R does, or by chi-square", () => {
    for (const { counts, fisher, chi2 } of tables) {
      expectClose([fisherFreemanHalton(counts)!, chiSquareTest(counts).p], [fisher, chi2], { rtol: 1e-10 });
      const rows = counts.flatMap((row, g) => row.flatMap((count, k) => Array.from({ length: count }, () => [g, k] as const)));
      const by = { ...groupsOf(counts.map(() => 0)), codes: Int32Array.from(rows, ([g]) => g) };
      const variable: Variable = {
        name: "v",
        kind: "categorical",
        levels: counts[0]!.map((_, k) => `level ${k}`),
        codes: Int32Array.from(rows, ([, k]) => k),
      };
      const [row] = univariate(by, [variable]).rows;
      expect(row).toMatchObject({ test: "fisher-freeman-halton", p: fisherFreemanHalton(counts) });
    }
  });

  it("keeps a row without values in a group, untested, and says so", () => {
    const variable: Variable = { name: "x", kind: "continuous", values: Float64Array.of(1, 2, 3, 4, Number.NaN, Number.NaN) };
    const { rows, method } = univariate(groupsOf([2, 2, 2]), [variable]);
    expect(rows[0]).toMatchObject({ test: null, note: "no values in group 2" });
    expect(method).toMatch(/Kruskal-Wallis.*not which/);
  });
});
