import { describe, expect, it } from "vitest";
import type { FeatureTable } from "./feature-table.ts";
import { fitImputer, imputed, imputerOf } from "./impute.ts";

const NONE = NaN;
const table: FeatureTable = {
  ids: ["a", "b", "c", "d", "e"],
  names: ["size", "mean", "unknown", "kind=round", "kind=flat", "kind=other", "sex=M"],
  values: Float64Array.from(
    [
      [1, 5, NONE, 1, 0, 0, 1],
      [NONE, 5, NONE, 0, 1, 0, 1],
      [3, NONE, NONE, 0, 1, 0, 0],
      [10, 6, NONE, NONE, NONE, NONE, NONE],
      [4, 7, NONE, 0, 0, 1, 0],
    ].flat(),
  ),
  categories: [["kind=round", "kind=flat", "kind=other"], ["sex=M"]],
};
const row = ({ values, names }: FeatureTable, i: number) => Array.from(values.subarray(i * names.length, (i + 1) * names.length));

describe("imputation", () => {
  it("fills numbers by the median or the mean of what is known, and 0 where nothing is", () => {
    expect(fitImputer(table, "median", false).fill).toMatchObject({ size: 3.5, mean: 5.5, unknown: 0 });
    expect(fitImputer(table, "mean", false).fill).toMatchObject({ size: 4.5, mean: 5.75, unknown: 0 });
  });

  it("fills a category by its most frequent level as a whole, the first of equals, and a tie of two levels by the one without a column", () => {
    const { fill } = fitImputer(table, "median", false);
    expect([fill["kind=round"], fill["kind=flat"], fill["kind=other"]]).toEqual([0, 1, 0]);
    expect(fill["sex=M"]).toBe(0);
    expect(row(imputed(fitImputer(table, "median", false), table), 3)).toEqual([10, 6, 0, 0, 1, 0, 0]);
  });

  it("flags columns with a gap in the training part, a category once", () => {
    const imputer = fitImputer(table, "median", true);
    expect(imputer.flags).toEqual(["size", "mean", "unknown", "kind=round", "sex=M"]);
    const filled = imputed(imputer, table);
    expect(filled.names.slice(7)).toEqual(["size missing", "mean missing", "unknown missing", "kind=round missing", "sex=M missing"]);
    expect(row(filled, 1).slice(7)).toEqual([1, 0, 1, 0, 0]);
    expect(row(filled, 3).slice(7)).toEqual([0, 0, 1, 1, 1]);
    expect(filled.values.some(Number.isNaN)).toBe(false);
  });

  it("keeps for scoring what the features need, the column behind a flag included", () => {
    const imputer = fitImputer(table, "median", true);
    expect(imputerOf(imputer, ["mean", "size missing"])).toEqual({ fill: { mean: 5.5, size: 3.5 }, flags: ["size"] });
  });

  it("does not look at rows it was not given: a new row is filled by what was learnt", () => {
    const fresh = { ...table, ids: ["z"], values: Float64Array.from({ length: 7 }, () => NONE) };
    expect(row(imputed(fitImputer(table, "median", false), fresh), 0)).toEqual([3.5, 5.5, 0, 0, 1, 0, 0]);
  });
});
