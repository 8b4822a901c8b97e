import { benjaminiHochberg, holm } from "../adjust.ts";
import { chiSquareTest, smallestExpected } from "./chi-square.ts";
import { fisherFreemanHalton } from "./fisher-freeman-halton.ts";
import { fisherTest } from "./fisher.ts";
import { mannWhitneyFor } from "./mann-whitney.ts";
import { severalGroupsTest, type SeveralGroupsTest } from "./several-groups.ts";
import { categoryDifference, meanDifference } from "./standardised-difference.ts";
import { summary, type Summary } from "../summary.ts";
import { studentTest, welchTest } from "./t-test.ts";
import { twoGroupTestFor, type TwoGroupTest } from "./two-groups.ts";
import type { Variable } from "../variables.ts";

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

/** One variable compared between the groups. */
export interface UnivariateRow {
  readonly variable: string;
  readonly kind: "continuous" | "categorical";
  /** Which test gave p; null when there is nothing to test. */
  readonly test: TwoGroupTest["test"] | SeveralGroupsTest["test"] | "chi-square" | "fisher-freeman-halton" | null;
  /** t (first group less second), the first group's U, F, H or chi-square; null for exact tests of tables, which have none. */
  readonly statistic: number | null;
  readonly df: number | null;
  /** The second degrees of freedom of an F. */
  readonly df2: number | null;
  readonly p: number | null;
  /** p adjusted for the number of rows tested. */
  readonly pHolm: number | null;
  readonly pBenjaminiHochberg: number | null;
  /** Standardised difference of the groups; signed for two groups' continuous variables (first less second), of more groups that of the two furthest apart. */
  readonly smd: number | null;
  /** Which description goes with the test. */
  readonly describe: "mean-sd" | "median-iqr" | "counts";
  readonly groups: readonly [GroupSummary, GroupSummary, ...GroupSummary[]];
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

/** More groups than this are no groups but a measurement. */
export const MOST_GROUPS = 20;

/** Up to this expected count in any cell a table is tested exactly. */
const EXACT_UP_TO = 5;

/** How the tests were chosen, in words. */
function methodOf(isSeveral: boolean, isExact: boolean): string {
  const continuous = isSeveral
    ? "Shapiro-Wilk p > 0.05 in every group -> mean and SD, one-way analysis of variance (Welch's when Levene's test with medians has p < 0.05); otherwise median and quartiles, Kruskal-Wallis (chi-square approximation)"
    : "Shapiro-Wilk p > 0.05 in both groups -> mean and SD, Student's t (Welch's when Levene's test with medians has p < 0.05); otherwise median and quartiles, Mann-Whitney U";
  const exact = isSeveral ? "Fisher-Freeman-Halton" : "Fisher's exact test (two by two) or Fisher-Freeman-Halton";
  const categorical = isExact
    ? exact
    : `any expected count <= ${EXACT_UP_TO} -> ${exact}, otherwise Pearson's chi-square without continuity correction`;
  const reading = isSeveral ? "P says whether any group differs, not which; SMD is that of the two groups furthest apart." : "Two-sided.";
  return `continuous: ${continuous}. categorical: ${categorical}. ${reading}`;
}

type Tested = Omit<UnivariateRow, "pHolm" | "pBenjaminiHochberg">;

/**
 * The baseline table: every variable described in two groups or more and compared by the test that fits it.
 *
 * Missing values are left out variable by variable. A variable without values in a group, or with one value only, keeps its row, with no test and a note.
 *
 * @param groups   which group each row belongs to; two levels or more
 * @param isExact  tables of counts are always tested exactly
 * @see docs/method.md, section 8; `twoGroupTestFor` and `severalGroupsTest` for continuous variables
 */
export function univariate(
  groups: Variable & { kind: "categorical" },
  variables: readonly Variable[],
  { isExact = false }: { readonly isExact?: boolean } = {},
): UnivariateReport {
  const names = groups.levels;
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
    method: methodOf(names.length > 2, isExact),
  };
}

function continuousRow({ name, values }: Variable & { kind: "continuous" }, group: Int32Array, names: readonly string[]): Tested {
  const all = names.map((_, g) => values.filter((_, i) => group[i] === g));
  const parts = all.map((part) => part.filter((value) => !Number.isNaN(value)));
  const described = parts.map((part) => (part.length > 0 ? summary(part) : { mean: NaN, sd: NaN, median: NaN, q1: NaN, q3: NaN }));
  const groupOf = (g: number): GroupSummary => {
    const { mean, sd, median, q1, q3 } = described[g]!;
    const n = parts[g]!.length;
    const missing = all[g]!.length - n;
    return { name: names[g]!, n, missing, mean: finite(mean), sd: finite(sd), median: finite(median), q1: finite(q1), q3: finite(q3) };
  };
  const row = { variable: name, kind: "continuous", groups: eachGroup(names, groupOf), df: null, df2: null } as const;
  const untested = { ...row, test: null, statistic: null, p: null, smd: null, describe: "median-iqr" } as const;
  const empty = parts.findIndex(({ length }) => length === 0);
  if (empty >= 0) return { ...untested, note: `no values in ${names[empty]}` };
  if (parts.every((part) => part.every((value) => value === parts[0]![0]))) return { ...untested, note: "all values are equal" };
  const differences = pairsOf(described).map(([a, b]) => meanDifference(a as Summary, b as Summary));
  if (parts.length > 2) {
    const { p, ...test } = severalGroupsTest(parts);
    const describe = test.test === "kruskal-wallis" ? "median-iqr" : "mean-sd";
    return { ...row, ...test, p: finite(p), smd: furthest(differences), describe, note: null };
  }
  const [x, y] = parts as [Float64Array, Float64Array];
  const { test, p } = twoGroupTestFor(x.length, y.length)(x, y);
  const smd = finite(differences[0]!);
  if (test === "student" || test === "welch") {
    const { t, df } = test === "student" ? studentTest(x, y) : welchTest(x, y);
    return { ...row, test, statistic: t, df, p, smd, describe: "mean-sd", note: null };
  }
  const { u, exact } = mannWhitneyFor(x.length, y.length)(x, y);
  return {
    ...row,
    test,
    statistic: u,
    p,
    smd,
    describe: "median-iqr",
    note: exact ? "exact p" : "p from the normal approximation, corrected for ties and continuity",
  };
}

function categoricalRow(
  { name, levels, codes }: Variable & { kind: "categorical" },
  group: Int32Array,
  names: readonly string[],
  isExact: boolean,
): Tested {
  const table = names.map((_, g) =>
    levels.map((_, k) => codes.reduce((count, code, i) => count + (code === k && group[i] === g ? 1 : 0), 0)),
  );
  const groupOf = (g: number): GroupSummary => {
    const counts = table[g]!;
    const n = counts.reduce((sum, count) => sum + count, 0);
    const missing = codes.reduce((count, code, i) => count + (code < 0 && group[i] === g ? 1 : 0), 0);
    return {
      name: names[g]!,
      n,
      missing,
      counts: levels.map((level, k) => ({ level, count: counts[k]!, share: n > 0 ? counts[k]! / n : null })),
    };
  };
  const row = { variable: name, kind: "categorical", describe: "counts", groups: eachGroup(names, groupOf), df2: null } as const;
  const untested = { ...row, test: null, statistic: null, df: null, p: null, smd: null } as const;
  const empty = row.groups.find(({ n }) => n === 0);
  if (empty) return { ...untested, note: `no values in ${empty.name}` };
  if (levels.length < 2) return { ...untested, note: "all values are equal" };
  const smd = furthest(pairsOf(table).map(([a, b]) => categoryDifference(a, b)));
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
  const [x, y] = [table[0]!, table[1]!];
  if (levels.length === 2 && names.length === 2) return { ...exact, test: "fisher", p: fisherTest(x[0]!, x[1]!, y[0]!, y[1]!) };
  const p = fisherFreemanHalton(table);
  if (p !== null) return { ...exact, test: "fisher-freeman-halton", p };
  return {
    ...chiSquare,
    note: `too many tables for the exact test, so chi-square (smallest expected count ${smallest.toFixed(2)})`,
  };
}

/** A row's groups; there are two at least. */
function eachGroup(names: readonly string[], groupOf: (g: number) => GroupSummary): Tested["groups"] {
  return [groupOf(0), groupOf(1), ...names.slice(2).map((_, g) => groupOf(g + 2))];
}

/** Every two of some items. */
function pairsOf<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b) => [a, b] as const));
}

/** The largest of some differences, without sign; null where none has a value. */
function furthest(differences: readonly number[]): number | null {
  const known = differences.map(Math.abs).filter(Number.isFinite);
  return known.length > 0 ? Math.max(...known) : null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
