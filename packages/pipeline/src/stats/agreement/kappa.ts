import { normalQuantile, normalTwoSided } from "../distributions.ts";
import type { Interval } from "../proportion.ts";

/** Agreement beyond chance. */
export interface Kappa {
  /** 1 full agreement, 0 as by chance; NaN when only one category was ever used. */
  readonly kappa: number;
  /** Standard error, and the 95% interval made from it, cut at -1 and 1. */
  readonly se: number;
  readonly ci: Interval;
  /** z and two-sided P against kappa = 0, with the standard error that holds there. */
  readonly z: number;
  readonly p: number;
  /** Share of pairs of readings that agree, and the share expected by chance. */
  readonly observed: number;
  readonly expected: number;
}

/**
 * Cohen's kappa of two readers.
 *
 *   kappa = (po - pe) / (1 - pe) = 1 - sum v p / sum v e,   p = table / n,  e = row share * column share
 *   v(i,j) = 0 on the diagonal, else 1, or |i - j| / (k - 1) (linear) or its square (quadratic) for categories that have an order
 *
 * The interval's standard error is the asymptotic one of Fleiss, Cohen and Everitt; the test's is theirs under independence.
 *
 * @param table    counts, row = first reader's category, column = second's
 * @see Cohen 1960, 1968; Fleiss, Cohen & Everitt 1969. statsmodels' cohens_kappa
 */
export function cohensKappa(table: readonly (readonly number[])[], weights: "none" | "linear" | "quadratic" = "none"): Kappa {
  const k = table.length;
  const n = table.flat().reduce((sum, count) => sum + count, 0);
  const share = table.map((row) => row.map((count) => count / n));
  const rows = share.map((row) => row.reduce((sum, value) => sum + value, 0));
  const columns = share.map((_, j) => share.reduce((sum, row) => sum + row[j]!, 0));
  // Agreement weights: 1 on the diagonal.
  const power = weights === "quadratic" ? 2 : 1;
  const w = (i: number, j: number) => (weights === "none" ? (i === j ? 1 : 0) : 1 - (Math.abs(i - j) / (k - 1)) ** power);
  const sum = (term: (i: number, j: number) => number) =>
    share.reduce((all, row, i) => all + row.reduce((part, _, j) => part + term(i, j), 0), 0);
  const observed = sum((i, j) => w(i, j) * share[i]![j]!);
  const expected = sum((i, j) => w(i, j) * rows[i]! * columns[j]!);
  const kappa = (observed - expected) / (1 - expected);
  const rowWeight = share.map((_, i) => columns.reduce((all, value, j) => all + value * w(i, j), 0));
  const columnWeight = share.map((_, j) => rows.reduce((all, value, i) => all + value * w(i, j), 0));
  const both = (i: number, j: number) => rowWeight[i]! + columnWeight[j]!;
  const variance =
    (sum((i, j) => share[i]![j]! * (w(i, j) - both(i, j) * (1 - kappa)) ** 2) - (kappa - expected * (1 - kappa)) ** 2) /
    (n * (1 - expected) ** 2);
  const nullVariance = (sum((i, j) => rows[i]! * columns[j]! * (w(i, j) - both(i, j)) ** 2) - expected ** 2) / (n * (1 - expected) ** 2);
  return result(kappa, Math.sqrt(Math.max(0, variance)), Math.sqrt(nullVariance), observed, expected);
}

/**
 * Fleiss' kappa of several readers.
 *
 *   P(i) = sum over j of n(i,j) (n(i,j) - 1) / ( m (m - 1) ),   kappa = (mean P - Pe) / (1 - Pe),   Pe = sum of squared category shares
 *   se0^2 = 2 / ( N m (m - 1) ) * ( S^2 - sum q(1-q)(1-2q) ) / S^2,   S = sum q (1 - q)     under kappa = 0
 *
 * The standard error is the one under kappa = 0, for the interval too: it is the one in use, and too narrow or too wide where agreement is high.
 *
 * @param counts  a row a subject: how many of the m readers chose each category; every row sums to m >= 2
 * @see Fleiss 1971; Fleiss, Nee & Landis 1979 for the standard error. R's irr::kappam.fleiss
 */
export function fleissKappa(counts: readonly (readonly number[])[]): Kappa {
  const N = counts.length;
  const m = counts[0]!.reduce((sum, count) => sum + count, 0);
  const shares = counts[0]!.map((_, j) => counts.reduce((sum, row) => sum + row[j]!, 0) / (N * m));
  const observed = counts.reduce((all, row) => all + row.reduce((sum, count) => sum + count * (count - 1), 0), 0) / (N * m * (m - 1));
  const expected = shares.reduce((sum, q) => sum + q * q, 0);
  const kappa = (observed - expected) / (1 - expected);
  const spread = shares.reduce((sum, q) => sum + q * (1 - q), 0);
  const skew = shares.reduce((sum, q) => sum + q * (1 - q) * (1 - 2 * q), 0);
  const se = Math.sqrt((2 * (spread ** 2 - skew)) / (N * m * (m - 1) * spread ** 2));
  return result(kappa, se, se, observed, expected);
}

function result(kappa: number, se: number, nullSe: number, observed: number, expected: number): Kappa {
  const half = normalQuantile(0.975) * se;
  const z = kappa / nullSe;
  return { kappa, se, ci: [Math.max(-1, kappa - half), Math.min(1, kappa + half)], z, p: normalTwoSided(z), observed, expected };
}
