import { describe, expect, it } from "vitest";
import { summariseDice } from "./dice-summary.ts";

const values = [0.91, 0.62, 0.78, 0.84, 0.7, 0.55, 0.88, 0.8, 0.74, 0.66, 0.83, 0.79, 0.9, 0.71, 0.69];

/** P(at least k of n draws with replacement are among the i smallest of n values). */
function atLeast(k: number, n: number, i: number): number {
  const p = i / n;
  let [sum, choose] = [0, 1];
  for (let j = 0; j <= n; j++) {
    if (j >= k) sum += choose * p ** j * (1 - p) ** (n - j);
    choose = (choose * (n - j)) / (j + 1);
  }
  return sum;
}

describe("the summary of DSC values", () => {
  it("has the median's bootstrap interval where the exact distribution of a resample's median has it", () => {
    const sorted = [...values].sort((a, b) => a - b);
    // The median of 15 draws is at most the i-th smallest value where at least 8 of them are.
    const exact = (q: number) => sorted.find((_, i) => atLeast(8, 15, i + 1) >= q)!;
    const { median, medianCi } = summariseDice(values, 1);
    expect(median).toBe(sorted[7]);
    expect(medianCi).toEqual([exact(0.025), exact(0.975)]);
  });

  it("has the mean's interval by Student's t", () => {
    const n = values.length;
    const mean = values.reduce((sum, v) => sum + v, 0) / n;
    const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1));
    const result = summariseDice(values, 1);
    // t(0.975, 14) = 2.144787 in the tables.
    expect(result.meanCi![1] - result.mean).toBeCloseTo((2.144787 * sd) / Math.sqrt(n), 7);
    expect(result.mean).toBeCloseTo(mean, 12);
    expect(result).toMatchObject({ n: 15, least: 0.55, most: 0.91 });
  });

  it("has no interval for one patient, and the same one for the same seed", () => {
    expect(summariseDice([0.7], 1)).toEqual({ n: 1, median: 0.7, medianCi: null, mean: 0.7, meanCi: null, least: 0.7, most: 0.7 });
    expect(summariseDice(values, 5)).toEqual(summariseDice(values, 5));
  });
});
