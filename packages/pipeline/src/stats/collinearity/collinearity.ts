import { identity, solveSymmetric } from "../cholesky.ts";
import { completeLinkage } from "./complete-linkage.ts";
import { correlations, type Column } from "./correlation.ts";

/** Bars of equal width, the last one closed. */
export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

/** The JSON of `islet stats collinearity`. */
export interface CollinearityReport {
  /** Rows used. */
  readonly n: number;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Pearson's r and its two-sided P, a row a column of the table. */
  readonly r: readonly (readonly number[])[];
  readonly p: readonly (readonly number[])[];
  /** Of every pair of different columns, once. */
  readonly pairs: number;
  readonly histogram: { readonly r: Histogram; readonly p: Histogram };
  /** Share of the pairs with |r| >= the threshold. */
  readonly share: number | null;
  readonly threshold: number;
  /** Groups of two and more columns in which every pair has |r| >= threshold; null between two sets. */
  readonly clusters: readonly { readonly columns: readonly string[]; readonly smallest: number }[] | null;
  /** Variance inflation of each column by all others; null with the reason. */
  readonly vif: readonly { readonly column: string; readonly vif: number }[] | null;
  readonly vifReason: string | null;
  readonly method: string;
}

const BARS = 20;

/**
 * How much columns repeat each other: Pearson's r and P of every pair, their histograms, variance inflation and clusters.
 *
 *   vif(j) = 1 / (1 - R^2 of column j on all others) = the j-th diagonal element of the inverse correlation matrix
 *
 * @param columns    without gaps, none constant, of one length
 * @param against    a second set: every column of the first with every one of it, without clusters and variance inflation
 * @param threshold  |r| from which two columns are called collinear
 * @see docs/method.md, section 8. Belsley, Kuh & Welsch 1980 for variance inflation; above 10 is called severe
 */
export function collinearity(columns: readonly Column[], against: readonly Column[] | null, threshold: number): CollinearityReport {
  const other = against ?? columns;
  const { r, p } = correlations(columns, other);
  const [rows, width] = [columns.length, other.length];
  const pairs = columns.flatMap((_, i) => other.flatMap((_, j) => (against || j > i ? [i * width + j] : [])));
  const n = columns[0]?.values.length ?? 0;
  const matrix = (values: Float64Array) => Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)));
  const inflation = against ? { vif: null, vifReason: "two sets of columns were compared" } : varianceInflation(columns, r, n);
  const collinear = pairs.filter((k) => Math.abs(r[k]!) >= threshold).length;
  return {
    n,
    rows: columns.map(({ name }) => name),
    columns: other.map(({ name }) => name),
    r: matrix(r),
    p: matrix(p),
    pairs: pairs.length,
    histogram: { r: histogram(pairs, r, -1, 1), p: histogram(pairs, p, 0, 1) },
    share: pairs.length > 0 ? collinear / pairs.length : null,
    threshold,
    clusters: against ? null : clustersOf(columns, r, threshold),
    ...inflation,
    method: `Pearson's r, two-sided P by Student's t with ${n - 2} degrees of freedom; clusters by complete linkage of 1 - |r| cut at |r| = ${threshold}; variance inflation from the inverse correlation matrix`,
  };
}

function histogram(pairs: readonly number[], values: Float64Array, from: number, to: number): Histogram {
  const counts = Array.from({ length: BARS }, () => 0);
  for (const k of pairs) counts[Math.min(BARS - 1, Math.floor(((values[k]! - from) / (to - from)) * BARS))]!++;
  return { from, to, counts };
}

function clustersOf(columns: readonly Column[], r: Float64Array, threshold: number): { columns: string[]; smallest: number }[] {
  const n = columns.length;
  const group = completeLinkage(r, n, threshold);
  const members: number[][] = [];
  for (const [i, g] of group.entries()) (members[g] ??= []).push(i);
  return members
    .filter((cluster) => cluster.length > 1)
    .map((cluster) => ({
      columns: cluster.map((i) => columns[i]!.name),
      smallest: Math.min(...cluster.flatMap((i) => cluster.filter((j) => j > i).map((j) => Math.abs(r[i * n + j]!)))),
    }))
    .sort((a, b) => b.columns.length - a.columns.length);
}

function varianceInflation(columns: readonly Column[], r: Float64Array, n: number): Pick<CollinearityReport, "vif" | "vifReason"> {
  const size = columns.length;
  if (size < 2) return { vif: null, vifReason: "there is a single column" };
  if (n <= size) return { vif: null, vifReason: `${size} columns on ${n} rows: each is a combination of the others; take fewer columns` };
  const solved = solveSymmetric(r, identity(size), size);
  if (!solved.x)
    return { vif: null, vifReason: `${columns[solved.dependent]!.name} is a combination of the columns before it; leave it out` };
  const { x } = solved;
  return { vif: columns.map(({ name }, i) => ({ column: name, vif: x[i * size + i]! })), vifReason: null };
}
