import { benjaminiHochberg, holm } from "./adjust.ts";
import { chiSquareTest, smallestExpected } from "./chi-square.ts";
import { fisherFreemanHalton } from "./fisher-freeman-halton.ts";
import { fisherTest } from "./fisher.ts";
import { mannWhitneyFor } from "./mann-whitney.ts";
import { categoryDifference, meanDifference } from "./standardised-difference.ts";
import { summary } from "./summary.ts";
import { studentTest, welchTest } from "./t-test.ts";
import { twoGroupTestFor, type TwoGroupTest } from "./two-groups.ts";
import type { Variable } from "./variables.ts";

/** One group's part of a row. */
export type GroupSummary = {
  readonly name: string;
  /** Values known, and not. */
  readonly n: number;
  readonly missing: number;
} & (
  | {
      readonly mean: number | null;
      readonly sd: number | null;
      readonly median: number | null;
      readonly q1: number | null;
      readonly q3: number | null;
      readonly counts?: never;
    }
  | { readonly counts: readonly { readonly level: string; readonly count: number; readonly share: number | null }[]; readonly mean?: never }
);

/** One variable compared between two groups. */
export interface UnivariateRow {
  readonly variable: string;
  readonly kind: "continuous" | "categorical";
  /** Which test gave p; null when there is nothing to test. */
  readonly test: TwoGroupTest["test"] | "chi-square" | "fisher-freeman-halton" | null;
  /** t (first group less second), the first group's U, or chi-square; null for exact tests of tables, which have none. */
  readonly statistic: number | null;
  readonly df: number | null;
  readonly p: number | null;
  /** p adjusted for the number of rows tested. */
  readonly pHolm: number | null;
  readonly pBenjaminiHochberg: number | null;
  /** Standardised difference of the groups; signed for continuous variables (first less second). */
  readonly smd: number | null;
  /** Which description goes with the test. */
  readonly describe: "mean-sd" | "median-iqr" | "counts";
  readonly groups: readonly [GroupSummary, GroupSummary];
  /** What a reader should know of this row. */
  readonly note: string | null;
}

/** The JSON of `islet stats univariate`. */
export interface UnivariateReport {
  readonly group: string;
  readonly n: number;
  readonly groups: readonly { readonly name: string; readonly n: number }[];
  readonly rows: readonly UnivariateRow[];
  /** How the tests were chosen, in words. */
  readonly method: string;
}

/** Up to this expected count in any cell a table is tested exactly. */
const EXACT_UP_TO = 5;

const METHOD =
  "continuous: Shapiro-Wilk p > 0.05 in both groups -> mean and SD, Student's t (Welch's when Levene's test with medians has p < 0.05); otherwise median and quartiles, Mann-Whitney U. " +
  `categorical: any expected count <= ${EXACT_UP_TO} -> Fisher's exact test (two by two) or Fisher-Freeman-Halton, otherwise Pearson's chi-square without continuity correction. Two-sided.`;
const METHOD_EXACT = METHOD.replace(
  /categorical: .*?\. Two/,
  "categorical: Fisher's exact test (two by two) or Fisher-Freeman-Halton. Two",
);

type Tested = Omit<UnivariateRow, "pHolm" | "pBenjaminiHochberg">;

/**
 * The baseline table: every variable described in two groups and compared by the test that fits it.
 *
 * Missing values are left out variable by variable. A variable without two groups of values, or with one value only, keeps its row, with no test and a note.
 *
 * @param groups   which group each row belongs to; two levels
 * @param isExact  tables of counts are always tested exactly
 * @see method.md section 8; `twoGroupTestFor` for continuous variables
 */
export function univariate(
  groups: Variable & { kind: "categorical" },
  variables: readonly Variable[],
  { isExact = false }: { readonly isExact?: boolean } = {},
): UnivariateReport {
  const names = [groups.levels[0]!, groups.levels[1]!] as const;
  const tested = variables.map((variable) =>
    variable.kind === "continuous" ? continuousRow(variable, groups.codes, names) : categoricalRow(variable, groups.codes, names, isExact),
  );
  const p = tested.map((row) => row.p ?? Number.NaN);
  const [byHolm, byBenjaminiHochberg] = [holm(p), benjaminiHochberg(p)];
  return {
    group: groups.name,
    n: groups.codes.length,
    groups: names.map((name, g) => ({ name, n: groups.codes.filter((code) => code === g).length })),
    rows: tested.map((row, i) => ({ ...row, pHolm: finite(byHolm[i]!), pBenjaminiHochberg: finite(byBenjaminiHochberg[i]!) })),
    method: isExact ? METHOD_EXACT : METHOD,
  };
}

function continuousRow({ name, values }: Variable & { kind: "continuous" }, group: Int32Array, names: readonly [string, string]): Tested {
  const inGroup = (g: number) => values.filter((_, i) => group[i] === g);
  const [all, other] = [inGroup(0), inGroup(1)];
  const [x, y] = [all, other].map((part) => part.filter((value) => !Number.isNaN(value))) as [Float64Array, Float64Array];
  const describe = (g: 0 | 1): GroupSummary => {
    const part = [x, y][g]!;
    const { mean, sd, median, q1, q3 } = part.length > 0 ? summary(part) : { mean: NaN, sd: NaN, median: NaN, q1: NaN, q3: NaN };
    return {
      name: names[g],
      n: part.length,
      missing: [all, other][g]!.length - part.length,
      mean: finite(mean),
      sd: finite(sd),
      median: finite(median),
      q1: finite(q1),
      q3: finite(q3),
    };
  };
  const row = { variable: name, kind: "continuous", groups: [describe(0), describe(1)] } as const;
  const untested = { ...row, test: null, statistic: null, df: null, p: null, smd: null, describe: "median-iqr" } as const;
  if (x.length === 0 || y.length === 0) return { ...untested, note: `no values in ${x.length === 0 ? names[0] : names[1]}` };
  if (x.every((value) => value === x[0]) && y.every((value) => value === x[0])) return { ...untested, note: "all values are equal" };
  const { test, p } = twoGroupTestFor(x.length, y.length)(x, y);
  const smd = finite(meanDifference(summary(x), summary(y)));
  if (test === "student" || test === "welch") {
    const { t, df } = test === "student" ? studentTest(x, y) : welchTest(x, y);
    return { ...row, test, statistic: t, df, p, smd, describe: "mean-sd", note: null };
  }
  const { u, exact } = mannWhitneyFor(x.length, y.length)(x, y);
  return {
    ...row,
    test,
    statistic: u,
    df: null,
    p,
    smd,
    describe: "median-iqr",
    note: exact ? "exact p" : "p from the normal approximation, corrected for ties and continuity",
  };
}

function categoricalRow(
  { name, levels, codes }: Variable & { kind: "categorical" },
  group: Int32Array,
  names: readonly [string, string],
  isExact: boolean,
): Tested {
  const table = [0, 1].map((g) =>
    levels.map((_, k) => codes.reduce((count, code, i) => count + (code === k && group[i] === g ? 1 : 0), 0)),
  );
  const [x, y] = [table[0]!, table[1]!];
  const describe = (g: 0 | 1): GroupSummary => {
    const n = table[g]!.reduce((sum, count) => sum + count, 0);
    const missing = codes.reduce((count, code, i) => count + (code < 0 && group[i] === g ? 1 : 0), 0);
    return {
      name: names[g],
      n,
      missing,
      counts: levels.map((level, k) => ({ level, count: table[g]![k]!, share: n > 0 ? table[g]![k]! / n : null })),
    };
  };
  const row = { variable: name, kind: "categorical", describe: "counts", groups: [describe(0), describe(1)] } as const;
  const untested = { ...row, test: null, statistic: null, df: null, p: null, smd: null } as const;
  const empty = row.groups.find(({ n }) => n === 0);
  if (empty) return { ...untested, note: `no values in ${empty.name}` };
  if (levels.length < 2) return { ...untested, note: "all values are equal" };
  const smd = finite(categoryDifference(x, y));
  const pearson = chiSquareTest(table);
  const chiSquare = { ...row, test: "chi-square", statistic: pearson.statistic, df: pearson.df, p: pearson.p, smd } as const;
  const smallest = smallestExpected(table);
  if (!isExact && smallest > EXACT_UP_TO) return { ...chiSquare, note: null };
  const exact = {
    ...row,
    statistic: null,
    df: null,
    smd,
    note: isExact ? null : `smallest expected count ${smallest.toFixed(2)}`,
  } as const;
  if (levels.length === 2) return { ...exact, test: "fisher", p: fisherTest(x[0]!, x[1]!, y[0]!, y[1]!) };
  const p = fisherFreemanHalton(table);
  if (p !== null) return { ...exact, test: "fisher-freeman-halton", p };
  return {
    ...chiSquare,
    note: `too many tables for the exact test, so chi-square (smallest expected count ${smallest.toFixed(2)})`,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
