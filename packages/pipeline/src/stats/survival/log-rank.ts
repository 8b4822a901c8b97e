import { ConfigError, ShapeError } from "../../errors.ts";
import { chiSquareUpperTail } from "../distributions.ts";
import { byStratum, type FollowUp } from "./follow-up.ts";
import { risingOrder } from "../rising-order.ts";
import { inverseForm } from "../cholesky.ts";

/**
 * How a time's events count: all alike; by the number at risk n (Gehan-Breslow, also "generalised Wilcoxon" or SPSS's "Breslow"), by sqrt(n)
 * (Tarone-Ware), or by the pooled survival just before (Peto-Peto, R's rho = 1).
 */
export type LogRankWeights = "log-rank" | "gehan-breslow" | "tarone-ware" | "peto-peto";

/** The comparison of two or more survival curves. */
export interface LogRankTest {
  readonly weights: LogRankWeights;
  readonly chi2: number;
  /** Groups in which an event was to be expected, less one. */
  readonly df: number;
  readonly p: number;
  /** By group: patients, and weighted counts of events seen and expected. */
  readonly groups: readonly { readonly n: number; readonly observed: number; readonly expected: number }[];
}

/**
 * The log-rank test of equal survival in k groups, weighted and stratified.
 *
 *   O(g) = sum of w d(g),    E(g) = sum of w d n(g) / n                               over strata and their event times
 *   V(g,h) = sum of  w^2 d (n - d) / (n - 1)  ( n(g)/n [g = h]  -  n(g) n(h) / n^2 )
 *   chi2 = (O - E)' V^-1 (O - E)  over all groups but one,      df = k - 1
 *
 * w = 1, n, sqrt(n) or S(t-), each within its stratum. Groups without patients in a set with events are left out. Sorted once, O(n log n + times k^2).
 *
 * @param group   0 .. k - 1 a patient
 * @param k       number of groups
 * @param strata  any whole number from 0 a patient; groups are compared within strata
 * @returns p NaN (df 0) when events were to be expected in one group only
 * @throws ConfigError with fewer than two groups that hold patients, or without a single event
 * @see Mantel 1966; Peto & Peto 1972; Gehan 1965; Breslow 1970; Tarone & Ware 1977. R's survdiff; statsmodels' survdiff for the weights
 */
export function logRank(
  { time, event }: FollowUp,
  group: ArrayLike<number>,
  k: number,
  { weights = "log-rank", strata }: { readonly weights?: LogRankWeights; readonly strata?: ArrayLike<number> } = {},
): LogRankTest {
  if (group.length !== time.length)
    throw new ShapeError(`log-rank: ${group.length} groups for ${time.length} patients; give one a patient`);
  const n = new Float64Array(k);
  for (let i = 0; i < group.length; i++) n[group[i]!]!++;
  if (n.filter((count) => count > 0).length < 2)
    throw new ConfigError("log-rank", `a comparison needs patients in two groups or more; got ${n.filter((count) => count > 0).length}`);
  if (!event.includes(1)) throw new ConfigError("log-rank", "a comparison needs at least one event; nobody has one");
  const sums = { observed: new Float64Array(k), expected: new Float64Array(k), variance: new Float64Array(k * k) };
  for (const rows of byStratum(risingOrder(time), strata)) addStratum(sums, rows, time, event, group, k, weights);

  const compared = [...n.keys()].filter((g) => sums.expected[g]! > 0).slice(1);
  const difference = Float64Array.from(compared, (g) => sums.observed[g]! - sums.expected[g]!);
  const variance = Float64Array.from(compared.flatMap((g) => compared.map((h) => sums.variance[g * k + h]!)));
  const df = compared.length;
  const chi2 = df === 0 ? Number.NaN : inverseForm(variance, difference, df);
  return {
    weights,
    chi2,
    df,
    p: df === 0 ? Number.NaN : chiSquareUpperTail(chi2, df),
    groups: Array.from(n, (count, g) => ({ n: count, observed: sums.observed[g]!, expected: sums.expected[g]! })),
  };
}

/** Adds one stratum's observed and expected events and their covariance. */
function addStratum(
  { observed, expected, variance }: { observed: Float64Array; expected: Float64Array; variance: Float64Array },
  rows: ArrayLike<number>,
  time: Float64Array,
  event: Uint8Array,
  group: ArrayLike<number>,
  k: number,
  weights: LogRankWeights,
): void {
  const atRisk = new Float64Array(k);
  for (let i = 0; i < rows.length; i++) atRisk[group[rows[i]!]!]!++;
  const leaving = new Float64Array(k);
  let survival = 1;
  for (let i = 0; i < rows.length;) {
    const n = rows.length - i;
    const t = time[rows[i]!];
    let died = 0;
    leaving.fill(0);
    const first = i;
    for (; i < rows.length && time[rows[i]!] === t; i++) {
      leaving[group[rows[i]!]!]!++;
      died += event[rows[i]!]!;
    }
    if (died > 0) {
      const w = weightAt(weights, n, survival);
      for (let j = first; j < i; j++) observed[group[rows[j]!]!]! += w * event[rows[j]!]!;
      const spread = n > 1 ? (w * w * died * (n - died)) / (n - 1) : 0;
      for (let g = 0; g < k; g++) {
        const share = atRisk[g]! / n;
        if (share === 0) continue;
        expected[g]! += w * died * share;
        variance[g * k + g]! += spread * share;
        for (let h = 0; h < k; h++) variance[g * k + h]! -= (spread * share * atRisk[h]!) / n;
      }
      survival *= 1 - died / n;
    }
    for (let g = 0; g < k; g++) atRisk[g]! -= leaving[g]!;
  }
}

function weightAt(weights: LogRankWeights, n: number, survivalBefore: number): number {
  switch (weights) {
    case "log-rank":
      return 1;
    case "gehan-breslow":
      return n;
    case "tarone-ware":
      return Math.sqrt(n);
    case "peto-peto":
      return survivalBefore;
  }
}
