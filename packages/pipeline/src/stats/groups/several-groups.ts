import { chiSquareUpperTail, fUpperTail } from "../distributions.ts";
import { risingOrder } from "../rising-order.ts";
import { levene } from "./levene.ts";
import { shapiroWilkFor } from "./shapiro-wilk.ts";

/** A test of several groups; the second degrees of freedom are an F test's. */
export interface SeveralGroupsTest {
  readonly test: "anova" | "welch-anova" | "kruskal-wallis";
  readonly statistic: number;
  readonly df: number;
  readonly df2: number | null;
  /** NaN where all groups are constant. */
  readonly p: number;
}

/** Significance of Shapiro-Wilk and Levene, as for two groups. */
const ASSUMPTION_ALPHA = 0.05;

/**
 * Whether a variable differs between three groups or more, by the test that fits it.
 *
 *   Shapiro-Wilk p > 0.05 in every group              -> one-way analysis of variance, or Welch's when Levene's (median) p < 0.05
 *   otherwise, or a group of fewer than 3 values      -> Kruskal-Wallis
 *
 * It says whether any group differs, not which.
 *
 * @param groups  finite values, at least one each
 */
export function severalGroupsTest(groups: readonly Float64Array[]): SeveralGroupsTest {
  const isNormal = groups.every(
    (values) => values.length >= 3 && values.length <= 5000 && shapiroWilkFor(values.length)(values).p > ASSUMPTION_ALPHA,
  );
  if (!isNormal) return kruskalWallis(groups);
  return levene(...groups).p < ASSUMPTION_ALPHA ? welchAnova(groups) : anova(groups);
}

/**
 * One-way analysis of variance, equal variances.
 *
 *   F = ( sum n_g (mean_g - mean)^2 / (k - 1) ) / ( sum (x - mean_g)^2 / (N - k) )
 *
 * With two groups it is the square of Student's t.
 *
 * @see Fisher 1925. R's oneway.test(var.equal = TRUE), SciPy's f_oneway
 */
export function anova(groups: readonly Float64Array[]): SeveralGroupsTest {
  const parts = groups.map(spread);
  const total = parts.reduce((sum, { n }) => sum + n, 0);
  const mean = parts.reduce((sum, part) => sum + part.n * part.mean, 0) / total;
  const [df, df2] = [groups.length - 1, total - groups.length];
  const within = parts.reduce((sum, { squares }) => sum + squares, 0) / df2;
  const statistic = parts.reduce((sum, part) => sum + part.n * (part.mean - mean) ** 2, 0) / df / within;
  return { test: "anova", statistic, df, df2, p: within > 0 ? fUpperTail(statistic, df, df2) : NaN };
}

/**
 * Welch's analysis of variance: unequal variances.
 *
 *   w_g = n_g / var_g,  W = sum w_g,  m = sum w_g mean_g / W,   L = sum (1 - w_g / W)^2 / (n_g - 1)
 *   F = ( sum w_g (mean_g - m)^2 / (k - 1) ) / ( 1 + 2 (k - 2) L / (k^2 - 1) ),   df = k - 1 and (k^2 - 1) / (3 L)
 *
 * With two groups it is the square of Welch's t.
 *
 * @param groups  at least 2 values each, none constant
 * @see Welch 1951. R's oneway.test
 */
export function welchAnova(groups: readonly Float64Array[]): SeveralGroupsTest {
  const parts = groups.map(spread);
  const k = groups.length;
  const weights = parts.map(({ n, squares }) => (n * (n - 1)) / squares);
  const all = weights.reduce((sum, w) => sum + w, 0);
  const mean = parts.reduce((sum, part, g) => sum + weights[g]! * part.mean, 0) / all;
  const lambda = parts.reduce((sum, { n }, g) => sum + (1 - weights[g]! / all) ** 2 / (n - 1), 0);
  const between = parts.reduce((sum, part, g) => sum + weights[g]! * (part.mean - mean) ** 2, 0) / (k - 1);
  const statistic = between / (1 + (2 * (k - 2) * lambda) / (k * k - 1));
  const df2 = (k * k - 1) / (3 * lambda);
  return { test: "welch-anova", statistic, df: k - 1, df2, p: Number.isNaN(statistic) ? NaN : fUpperTail(statistic, k - 1, df2) };
}

/**
 * The Kruskal-Wallis test by ranks.
 *
 *   H = ( 12 / (N (N + 1)) sum R_g^2 / n_g - 3 (N + 1) ) / ( 1 - sum over ties (t^3 - t) / (N^3 - N) ),   chi-square with k - 1 degrees of freedom
 *
 * R_g is the sum of a group's ranks, ties at their mean. When all values are equal there is nothing to rank: H is NaN and p is 1.
 *
 * @see Kruskal & Wallis 1952. R's kruskal.test
 */
export function kruskalWallis(groups: readonly Float64Array[]): SeveralGroupsTest {
  const values = Float64Array.from(groups.flatMap((part) => [...part]));
  const group = groups.flatMap((part, g) => Array.from(part, () => g));
  const order = risingOrder(values);
  const N = values.length;
  const rankSum = new Float64Array(groups.length);
  let ties = 0;
  for (let first = 0, end = 0; first < N; first = end) {
    for (end = first + 1; end < N && values[order[end]!] === values[order[first]!]; end++);
    for (let i = first; i < end; i++) rankSum[group[order[i]!]!]! += (first + 1 + end) / 2;
    ties += (end - first) ** 3 - (end - first);
  }
  const spread = groups.reduce((sum, part, g) => sum + rankSum[g]! ** 2 / part.length, 0);
  const statistic = ((12 / (N * (N + 1))) * spread - 3 * (N + 1)) / (1 - ties / (N ** 3 - N));
  const df = groups.length - 1;
  return { test: "kruskal-wallis", statistic, df, df2: null, p: Number.isNaN(statistic) ? 1 : chiSquareUpperTail(statistic, df) };
}

/** Number, mean, and sum of squared distances from it. */
function spread(values: Float64Array): { n: number; mean: number; squares: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { n: values.length, mean, squares: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
}
