import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { collinearity } from "./collinearity.ts";
import { completeLinkage } from "./complete-linkage.ts";
import { correlations, type Column } from "./correlation.ts";

interface RGolden {
  sets: { x: number[][]; r: number[][]; p: number[][]; vif: number[]; thresholds: number[]; groups: number[][] }[];
}
const { sets } = golden<RGolden>("r-collinearity");
const columnsOf = (x: readonly number[][]): Column[] => x.map((values, k) => ({ name: `x${k}`, values: Float64Array.from(values) }));

describe("collinearity", () => {
  it("has R's r, P and variance inflation, relative 1e-10", () => {
    for (const { x, r, p, vif } of sets) {
      const got = collinearity(columnsOf(x), null, 0.8);
      // r near 0 is a difference of sums of size 1, hence the absolute part.
      expectClose(got.r.flat(), r.flat(), { rtol: 1e-10, atol: 1e-14 });
      expectClose(got.p.flat(), p.flat(), { rtol: 1e-10 });
      expectClose(
        got.vif!.map((row) => row.vif),
        vif,
        { rtol: 1e-10 },
      );
    }
  });

  it("counts every pair once in its histograms", () => {
    const { x, r, p } = sets[0]!;
    const { histogram, pairs, share } = collinearity(columnsOf(x), null, 0.5);
    const upper = r.flatMap((row, i) => row.slice(i + 1));
    expect(pairs).toBe(66);
    expect(histogram.r.counts).toEqual(
      Array.from({ length: 20 }, (_, k) => upper.filter((value) => value >= -1 + k / 10 && (k === 19 || value < -0.9 + k / 10)).length),
    );
    expect(histogram.p.counts[0]).toBe(p.flatMap((row, i) => row.slice(i + 1)).filter((value) => value < 0.05).length);
    expect(share).toBe(upper.filter((value) => Math.abs(value) >= 0.5).length / 66);
  });

  it("finds clusters in which every pair correlates, with the weakest pair", () => {
    const { x, r } = sets[2]!;
    const { clusters } = collinearity(columnsOf(x), null, 0.5);
    expect(clusters!.length).toBeGreaterThan(1);
    for (const { columns, smallest } of clusters!) {
      const places = columns.map((name) => Number(name.slice(1)));
      const weakest = Math.min(...places.flatMap((i) => places.filter((j) => j !== i).map((j) => Math.abs(r[i]![j]!))));
      expect(smallest).toBeCloseTo(weakest, 12);
      expect(smallest).toBeGreaterThanOrEqual(0.5);
    }
  });

  it("between two sets is their part of the whole matrix, without clusters and variance inflation", () => {
    const { x, r } = sets[0]!;
    const all = columnsOf(x);
    const got = collinearity(all.slice(0, 5), all.slice(5), 0.8);
    expectClose(
      got.r.flat(),
      r.slice(0, 5).flatMap((row) => row.slice(5)),
      { rtol: 1e-10, atol: 1e-14 },
    );
    expect(got).toMatchObject({ pairs: 35, clusters: null, vif: null });
  });

  it("says why variance inflation has no value", () => {
    const [a, b] = columnsOf([
      [1, 2, 3, 5, 4],
      [2, 1, 4, 3, 6],
    ]) as [Column, Column];
    const sum: Column = { name: "sum", values: a.values.map((value, i) => value + b.values[i]!) };
    expect(collinearity([a, b, sum], null, 0.8).vifReason).toBe("sum is a combination of the columns before it; leave it out");
    expect(collinearity([a], null, 0.8)).toMatchObject({ vif: null, vifReason: "there is a single column", pairs: 0, share: null });
    const wide = columnsOf([
      [1, 2, 4],
      [2, 1, 3],
      [5, 1, 2],
    ]);
    expect(collinearity(wide, null, 0.8).vifReason).toMatch(/^3 columns on 3 rows/);
  });
});

describe("correlations", () => {
  it("of a column with itself or its negative are exactly 1 and -1 with P 0", () => {
    const values = Float64Array.of(0.1, 0.7, 0.3, 0.25, 11);
    const { r, p } = correlations([{ name: "a", values }], [{ name: "b", values: values.map((v) => -3 * v) }]);
    expect(r[0]).toBeCloseTo(-1, 14);
    expect(p[0]).toBeLessThan(1e-10);
    const self: Column[] = [{ name: "a", values }];
    expect([correlations(self, self).r[0], correlations(self, self).p[0]]).toEqual([1, 0]);
  });
});

describe("completeLinkage", () => {
  it("cuts the tree as R's hclust and cutree do", () => {
    for (const { r, thresholds, groups } of sets) {
      for (const [k, threshold] of thresholds.entries())
        expect([...completeLinkage(Float64Array.from(r.flat()), r.length, threshold)]).toEqual(groups[k]);
    }
  });

  it("keeps all apart above every |r| and joins all at 0", () => {
    const r = Float64Array.of(1, 0.5, 0.1, 0.5, 1, -0.9, 0.1, -0.9, 1);
    expect([...completeLinkage(r, 3, 0.95)]).toEqual([0, 1, 2]);
    expect([...completeLinkage(r, 3, 0.9)]).toEqual([0, 1, 1]);
    expect([...completeLinkage(r, 3, 0)]).toEqual([0, 0, 0]);
  });
});
