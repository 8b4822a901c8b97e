import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { golden } from "../../../../test/helpers/golden.ts";
import { categoryDifference, meanDifference } from "./groups/standardised-difference.ts";
import { summary } from "./summary.ts";

interface RGolden {
  samples: { x: number[]; mean: number; sd: number | object; q1: number; median: number; q3: number }[];
  smd: { counts: [number[], number[]]; smd: number }[];
}
const { samples, smd } = golden<RGolden>("r-tables");

describe("summary", () => {
  it("has R's mean, sd and quantiles of type 7", () => {
    for (const { x, mean, sd, q1, median, q3 } of samples) {
      const got = summary(Float64Array.from(x));
      expectClose([got.mean, got.sd, got.q1, got.median, got.q3], [mean, typeof sd === "number" ? sd : Number.NaN, q1, median, q3], {
        rtol: 1e-12,
      });
    }
  });
});

describe("standardised differences", () => {
  it("of categories are Yang and Dalton's, solved by R", () => {
    expectClose(
      smd.map(({ counts }) => categoryDifference(...counts)),
      smd.map((row) => row.smd),
      { rtol: 1e-10 },
    );
  });

  it("of two categories are the difference of shares over their pooled deviation, whichever is named first", () => {
    const [p, q] = [0.3, 0.5];
    const want = (q - p) / Math.sqrt((p * (1 - p) + q * (1 - q)) / 2);
    expectClose(
      [categoryDifference([3, 7], [5, 5]), categoryDifference([7, 3], [5, 5]), categoryDifference([3, 0, 7], [5, 0, 5])],
      [want, want, want],
      { rtol: 1e-12 },
    );
  });

  it("have no value where groups share nothing or one is empty, and are 0 for a single category", () => {
    expect([categoryDifference([4, 0], [0, 5]), categoryDifference([0, 0], [1, 2])]).toEqual([Number.NaN, Number.NaN]);
    expect(categoryDifference([4], [5])).toBe(0);
  });

  it("of means divide by the root of the mean variance and have the sign of the difference", () => {
    const [a, b] = [summary(Float64Array.of(1, 2, 3)), summary(Float64Array.of(2, 4, 6))];
    expect(meanDifference(a, b)).toBeCloseTo(-2 / Math.sqrt(2.5), 14);
    expect(meanDifference(summary(Float64Array.of(1)), b)).toBeNaN();
  });
});
