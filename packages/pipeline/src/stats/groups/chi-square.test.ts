import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { chiSquareTest, smallestExpected } from "./chi-square.ts";
import { chiSquareUpperTail } from "../distributions.ts";

interface RGolden {
  tails: { x: number; df: number; p: number }[];
  tables: { counts: number[][]; chi2: number; df: number; chiP: number; smallest: number }[];
}
const { tails, tables } = golden<RGolden>("r-tables");

describe("chiSquareUpperTail", () => {
  it("has R's tails to relative 1e-10, far out too", () => {
    expectClose(
      tails.map(({ x, df }) => chiSquareUpperTail(x, df)),
      tails.map(({ p }) => p),
      { rtol: 1e-10 },
    );
    expect(chiSquareUpperTail(0, 3)).toBe(1);
  });
});

describe("chiSquareTest", () => {
  it("has R's statistic, degrees and p without continuity correction, relative 1e-10", () => {
    const results = tables.map(({ counts }) => chiSquareTest(counts));
    // Independent tables have a statistic of rounding errors only, hence the absolute part.
    expectClose(
      results.map((r) => r.statistic),
      tables.map((t) => t.chi2),
      { rtol: 1e-10, atol: 1e-13 },
    );
    expect(results.map((r) => r.df)).toEqual(tables.map((t) => t.df));
    expectClose(
      results.map((r) => r.p),
      tables.map((t) => t.chiP),
      { rtol: 1e-10 },
    );
    expectClose(
      tables.map((t) => smallestExpected(t.counts)),
      tables.map((t) => t.smallest),
      { rtol: 1e-12 },
    );
  });

  it("prints the paper's statistic for sex, 0.487", () => {
    expect(
      chiSquareTest([
        [24, 22],
        [4, 6],
      ]).statistic.toFixed(3),
    ).toBe("0.487");
  });

  it("leaves empty rows and columns out", () => {
    const full = chiSquareTest([
      [3, 4],
      [6, 1],
    ]);
    expect(
      chiSquareTest([
        [3, 0, 4],
        [6, 0, 1],
        [0, 0, 0],
      ]),
    ).toEqual(full);
    expect(
      chiSquareTest([
        [3, 4],
        [0, 0],
      ]),
    ).toEqual({ statistic: 0, df: 0, p: 1 });
    expect(
      smallestExpected([
        [3, 0, 4],
        [6, 0, 1],
      ]),
    ).toBe(
      smallestExpected([
        [3, 4],
        [6, 1],
      ]),
    );
    expect(smallestExpected([[0, 0]])).toBeNaN();
  });
});
