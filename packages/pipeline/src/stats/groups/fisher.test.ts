import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { fisherTest } from "./fisher.ts";

interface RGolden {
  tables: { counts: [number, number, number, number]; p: number }[];
}

describe("fisherTest", () => {
  it("has R's two-sided p on the paper's tables and on edges, relative 1e-10", () => {
    // R sums logarithms and is itself good to about 1e-12 here.
    const { tables } = golden<RGolden>("r-group-tests");
    expectClose(
      tables.map(({ counts }) => fisherTest(...counts)),
      tables.map(({ p }) => p),
      { rtol: 1e-10 },
    );
  });

  it("reproduces the paper's P for symptoms, duct and lymph node enhancement", () => {
    expect(fisherTest(23, 23, 9, 1)).toBeCloseTo(0.0322, 4);
    expect(fisherTest(39, 7, 5, 5)).toBeCloseTo(0.028, 4);
    expect(fisherTest(46, 0, 8, 2)).toBeCloseTo(0.0292, 4);
  });

  it("keeps p when rows, columns or both are exchanged", () => {
    const p = fisherTest(7, 2, 3, 9);
    for (const other of [fisherTest(3, 9, 7, 2), fisherTest(2, 7, 9, 3), fisherTest(7, 3, 2, 9)]) expect(other).toBeCloseTo(p, 14);
  });

  it("has p = 1 when a row or a column is empty", () => {
    expect([fisherTest(0, 0, 4, 5), fisherTest(4, 0, 5, 0), fisherTest(0, 4, 0, 5)]).toEqual([1, 1, 1]);
  });
});
