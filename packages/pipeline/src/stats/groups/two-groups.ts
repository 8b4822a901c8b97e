import { fisherTest } from "./fisher.ts";
import { levene } from "./levene.ts";
import { mannWhitneyFor } from "./mann-whitney.ts";
import { shapiroWilkFor } from "./shapiro-wilk.ts";
import { studentTest, welchTest } from "./t-test.ts";

/** The test that fits a variable, and its two-sided p. */
export interface TwoGroupTest {
  readonly test: "student" | "welch" | "mann-whitney" | "fisher";
  /** 0 .. 1; 1 for a variable with a single value. */
  readonly p: number;
}

/** Significance of Shapiro-Wilk and Levene: a group is normal, or variances are equal, when p is above it. */
const ASSUMPTION_ALPHA = 0.05;

/**
 * Whether a variable differs between two groups, by the test that fits it.
 *
 *   every value 0 or 1                                -> Fisher's exact test
 *   Shapiro-Wilk p > 0.05 in both groups              -> Student's t-test, or Welch's when Levene's (median) p < 0.05
 *   otherwise, or a group of fewer than 3 values      -> Mann-Whitney U
 *
 * What depends on the sizes alone is made once: make one tester a table and call it for every column.
 *
 * @param m  size of the first group, at least 1
 * @param n  size of the second group, at least 1
 * @returns  the tester; it takes finite values and leaves them untouched
 * @see docs/method.md, section 7
 */
export function twoGroupTestFor(m: number, n: number): (x: Float64Array, y: Float64Array) => TwoGroupTest {
  const mannWhitney = mannWhitneyFor(m, n);
  const normality = [m, n].every((size) => size >= 3 && size <= 5000) ? ([shapiroWilkFor(m), shapiroWilkFor(n)] as const) : null;
  const isNormal = (x: Float64Array, y: Float64Array) =>
    normality !== null && normality[0](x).p > ASSUMPTION_ALPHA && normality[1](y).p > ASSUMPTION_ALPHA;
  return (x, y) => {
    if (x.every(isBinary) && y.every(isBinary)) {
      const [a, c] = [countOnes(x), countOnes(y)];
      return { test: "fisher", p: fisherTest(a, m - a, c, n - c) };
    }
    if (!isNormal(x, y)) return { test: "mann-whitney", p: mannWhitney(x, y).p };
    if (levene(x, y).p < ASSUMPTION_ALPHA) return { test: "welch", p: welchTest(x, y).p };
    return { test: "student", p: studentTest(x, y).p };
  };
}

function isBinary(value: number): boolean {
  return value === 0 || value === 1;
}

function countOnes(values: Float64Array): number {
  let count = 0;
  for (const value of values) count += value;
  return count;
}
