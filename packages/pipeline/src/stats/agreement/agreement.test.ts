import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomInt } from "../../random.ts";
import { categoryAgreement, measurementAgreement } from "./agreement-report.ts";
import { blandAltman } from "./bland-altman.ts";
import { icc } from "./icc.ts";
import { cohensKappa, fleissKappa } from "./kappa.ts";

type Three = [value: number, lo: number, hi: number];
interface RGolden {
  icc: { x: number[][]; icc21: Three; icc31: Three; f: number; df: [number, number]; p: number }[];
  pairs: { x: [number, number][]; bias: number; biasCi: [number, number]; p: number; sd: number; lower: Three; upper: Three }[];
}
interface StatsmodelsGolden {
  rows: { table: number[][]; weights: "none" | "linear" | "quadratic"; kappa: number; se: number; z: number; p: number }[];
  fleiss: { counts: number[][]; kappa: number }[];
}
const r = golden<RGolden>("r-agreement");
const { rows, fleiss } = golden<StatsmodelsGolden>("statsmodels-kappa");

describe("icc", () => {
  it("has the values, intervals and tests of R's psych package, relative 1e-10", () => {
    for (const { x, icc21, icc31, f, df, p } of r.icc) {
      const got = icc(x);
      expectClose([got.icc21.value, ...got.icc21.ci], icc21, { rtol: 1e-10 });
      expectClose([got.icc31.value, ...got.icc31.ci], icc31, { rtol: 1e-10 });
      expectClose([got.icc31.f, got.icc31.df1, got.icc31.df2, got.icc31.p], [f, ...df, p], { rtol: 1e-10 });
    }
  });

  it("has Shrout and Fleiss's published .29 and .71 of their table", () => {
    const { icc21, icc31 } = icc(r.icc[0]!.x);
    expect([icc21.value.toFixed(2), icc31.value.toFixed(2)]).toEqual(["0.29", "0.71"]);
  });

  it("counts what one reader always measures more as disagreement in ICC(2,1) only", () => {
    const same = [1, 4, 2, 8, 5];
    expect(icc(same.map((v) => [v, v + 3])).icc31.value).toBe(1);
    expect(icc(same.map((v) => [v, v + 3])).icc21.value).toBeLessThan(0.8);
    expect(icc(same.map((v) => [v, v]))).toMatchObject({ icc21: { value: 1, ci: [1, 1], f: Infinity, p: 0 }, icc31: { value: 1 } });
    expect(
      icc([
        [2, 2],
        [2, 2],
      ]).icc21.value,
    ).toBeNaN();
  });
});

describe("blandAltman", () => {
  it("has R's bias with its interval and P, and the limits with theirs, relative 1e-10", () => {
    for (const { x, bias, biasCi, p, sd, lower, upper } of r.pairs) {
      const got = blandAltman(
        x.map(([a]) => a),
        x.map(([, b]) => b),
      );
      expectClose(
        [got.bias, ...got.biasCi, got.p, got.sd, got.lower, ...got.lowerCi, got.upper, ...got.upperCi],
        [bias, ...biasCi, p, sd, ...lower, ...upper],
        { rtol: 1e-10 },
      );
      expect(got.points[0]).toEqual({ mean: (x[0]![0] + x[0]![1]) / 2, difference: x[0]![0] - x[0]![1] });
    }
  });

  it("turns round when the readers are exchanged", () => {
    const [a, b] = [
      [1, 4, 2, 8],
      [2, 3, 3, 6],
    ];
    const [one, other] = [blandAltman(a!, b!), blandAltman(b!, a!)];
    expectClose([other.bias, other.lower, other.p], [-one.bias, -one.upper, one.p], { rtol: 1e-14 });
    expect([blandAltman([1, 2], [1, 2]).p, blandAltman([2, 3], [1, 2]).p]).toEqual([1, 0]);
  });
});

describe("cohensKappa", () => {
  it("has statsmodels' kappa, standard error, z and P, plain and weighted, relative 1e-10", () => {
    const got = rows.map(({ table, weights }) => cohensKappa(table, weights));
    const want = (key: "kappa" | "se" | "z" | "p") => rows.map((row) => row[key]);
    // A kappa of 0 is a difference of shares, hence the absolute part.
    expectClose(
      got.map(({ kappa }) => kappa),
      want("kappa"),
      { rtol: 1e-10, atol: 1e-14 },
    );
    expectClose(
      got.map(({ se }) => se),
      want("se"),
      { rtol: 1e-10 },
    );
    expectClose(
      got.map(({ z }) => z),
      want("z"),
      { rtol: 1e-10, atol: 1e-13 },
    );
    expectClose(
      got.map(({ p }) => p),
      want("p"),
      { rtol: 1e-10 },
    );
  });

  it("is 1 for full agreement and has no value when one category was ever used", () => {
    expect(
      cohensKappa([
        [4, 0],
        [0, 6],
      ]),
    ).toMatchObject({ kappa: 1, observed: 1 });
    expect(
      cohensKappa([
        [4, 0],
        [0, 0],
      ]).kappa,
    ).toBeNaN();
  });
});

describe("fleissKappa", () => {
  it("has statsmodels' kappa, relative 1e-12", () => {
    expectClose(
      fleiss.map(({ counts }) => fleissKappa(counts).kappa),
      fleiss.map(({ kappa }) => kappa),
      { rtol: 1e-12 },
    );
  });

  it("has the standard error of kappa among readers who guess, within 5% of 4000 draws (seed 3)", () => {
    const random = randomFor(3, "fleiss");
    const draws = Array.from({ length: 4000 }, () =>
      fleissKappa(
        Array.from({ length: 60 }, () => {
          const counts = [0, 0, 0];
          for (let reader = 0; reader < 4; reader++) counts[[0, 0, 1, 1, 1, 2][randomInt(random, 6)]!]!++;
          return counts;
        }),
      ),
    );
    const mean = draws.reduce((sum, { kappa }) => sum + kappa, 0) / draws.length;
    const sd = Math.sqrt(draws.reduce((sum, { kappa }) => sum + (kappa - mean) ** 2, 0) / (draws.length - 1));
    const se = draws.reduce((sum, { se }) => sum + se, 0) / draws.length;
    // The sampling error of an SD of 4000 draws is 1.1%; the formula is for many subjects, 60 here.
    expect(Math.abs(sd / se - 1)).toBeLessThan(0.05);
  });

  it("is 1 for full agreement and has no value when one category was ever used", () => {
    expect(
      fleissKappa([
        [2, 0],
        [0, 2],
        [2, 0],
      ]).kappa,
    ).toBe(1);
    expect(
      fleissKappa([
        [3, 0],
        [3, 0],
      ]).kappa,
    ).toBeNaN();
  });
});

describe("agreement reports", () => {
  it("compare every pair of readers", () => {
    const values = [
      [1, 4, 2, 8],
      [2, 3, 3, 6],
      [1, 5, 2, 9],
    ].map((column) => Float64Array.from(column));
    const report = measurementAgreement(["A", "B", "C"], values, 1);
    expect(report).toMatchObject({
      kind: "measurements",
      n: 4,
      rowsLeftOut: 1,
      icc: icc([
        [1, 2, 1],
        [4, 3, 5],
        [2, 3, 2],
        [8, 6, 9],
      ]),
    });
    expect(report.kind === "measurements" && report.blandAltman.map(({ a, b, bias }) => [a, b, bias])).toEqual([
      ["A", "B", 0.25],
      ["A", "C", -0.5],
      ["B", "C", -0.75],
    ]);
  });

  it("count the categories of every pair, and of all for Fleiss' kappa", () => {
    const codes = [
      [0, 1, 1, 0],
      [0, 1, 0, 0],
      [0, 1, 1, 1],
    ].map((column) => Int32Array.from(column));
    const report = categoryAgreement(["A", "B", "C"], ["n", "y"], codes, "none", 0);
    expect(report).toMatchObject({
      fleiss: fleissKappa([
        [3, 0],
        [0, 3],
        [1, 2],
        [2, 1],
      ]),
      cohen: [
        {
          a: "A",
          b: "B",
          table: [
            [2, 0],
            [1, 1],
          ],
        },
        {},
        {},
      ],
    });
    expect(categoryAgreement(["A", "B"], ["n", "y"], codes.slice(0, 2), "none", 0)).toMatchObject({ fleiss: null });
  });
});
