import { benjaminiHochberg } from "../../stats/adjust.ts";
import { mannWhitneyFor } from "../../stats/groups/mann-whitney.ts";
import { studentTest, welchTest } from "../../stats/groups/t-test.ts";
import { twoGroupTestFor, type TwoGroupTest } from "../../stats/groups/two-groups.ts";
import type { SelectionStep } from "../settings.ts";

/** Tests columns of one table between the outcomes; each column once, however often it is asked for. */
export interface ColumnTests {
  /** The test that fits the column, see `twoGroupTestFor`, or the one asked for. */
  (column: number, test?: "auto" | "t" | "welch" | "mann-whitney"): TwoGroupTest;
}

/**
 * The two-group tests of a table's columns.
 *
 * @param values   row-major [n, width], finite
 * @param outcome  1 = event, 0 = none, both present
 */
export function columnTests(values: Float64Array, width: number, outcome: ArrayLike<number>): ColumnTests {
  const n = outcome.length;
  let cases = 0;
  for (let i = 0; i < n; i++) cases += outcome[i]!;
  const x = new Float64Array(cases);
  const y = new Float64Array(n - cases);
  const auto = twoGroupTestFor(cases, n - cases);
  const mannWhitney = mannWhitneyFor(cases, n - cases);
  const run = {
    auto,
    t: (a: Float64Array, b: Float64Array): TwoGroupTest => ({ test: "student", p: studentTest(a, b).p }),
    welch: (a: Float64Array, b: Float64Array): TwoGroupTest => ({ test: "welch", p: welchTest(a, b).p }),
    "mann-whitney": (a: Float64Array, b: Float64Array): TwoGroupTest => ({ test: "mann-whitney", p: mannWhitney(a, b).p }),
  };
  const known = new Map<string, TwoGroupTest>();
  return (column, test = "auto") => {
    const key = `${test} ${column}`;
    const before = known.get(key);
    if (before) return before;
    for (let i = 0, a = 0, b = 0; i < n; i++) {
      const value = values[i * width + column]!;
      if (outcome[i] === 1) x[a++] = value;
      else y[b++] = value;
    }
    const result = run[test](x, y);
    // A column of a single value has no t.
    const sure = Number.isNaN(result.p) ? { ...result, p: 1 } : result;
    known.set(key, sure);
    return sure;
  };
}

/**
 * The columns that differ between the outcomes: those with p < alpha, adjusted for their number by Benjamini and Hochberg where asked.
 *
 * Without adjustment this is a filter in front of the learner, no finding. It must be given training rows only.
 *
 * @param columns  the candidates, in order
 * @returns        a part of them, in their order; possibly none
 * @see docs/method.md, section 7
 */
export function differing(
  columns: readonly number[],
  tests: ColumnTests,
  { test, alpha, adjust }: Extract<SelectionStep, { step: "univariate" }>,
): number[] {
  const raw = columns.map((column) => tests(column, test).p);
  const p = adjust === "benjamini-hochberg" ? benjaminiHochberg(raw) : raw;
  return columns.filter((_, i) => p[i]! < alpha);
}

/** The columns with the smallest p, the first of equals, in the candidates' order. */
export function smallest(columns: readonly number[], tests: ColumnTests, count: number): number[] {
  const kept = new Set(columns.toSorted((a, b) => tests(a).p - tests(b).p || a - b).slice(0, count));
  return columns.filter((column) => kept.has(column));
}
