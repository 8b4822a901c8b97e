// The door to the distribution functions: every tail is taken where it is small, never as 1 minus a number near 1.
import gammainc from "@stdlib/math-base-special-gammainc";
import f from "@stdlib/stats-base-dists-f";
import normal from "@stdlib/stats-base-dists-normal";
import t from "@stdlib/stats-base-dists-t";

/** P(Z > z) for a standard normal Z. */
export function normalUpperTail(z: number): number {
  return normal.cdf(-z, 0, 1);
}

/** P(|Z| >= |z|) for a standard normal Z: the two-sided p of a z statistic. */
export function normalTwoSided(z: number): number {
  return 2 * normal.cdf(-Math.abs(z), 0, 1);
}

/**
 * The z with P(Z <= z) = p for a standard normal Z, p in (0, 1).
 *
 * The library inverts 2p - 1, which drops the digits of a small p; one Newton step on the tail brings them back.
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  const z = normal.quantile(p, 0, 1);
  return z - (normal.cdf(z, 0, 1) - p) / normal.pdf(z, 0, 1);
}

/** P(|T| >= |statistic|) for Student's t with `df` degrees of freedom (which need not be whole): the two-sided p of a t statistic. */
export function tTwoSided(statistic: number, df: number): number {
  return 2 * t.cdf(-Math.abs(statistic), df);
}

/**
 * P(F > statistic) for Fisher's F with (df1, df2) degrees of freedom.
 *
 * Taken as P(1/F < 1/statistic) with the degrees exchanged, which keeps its digits when it is small.
 */
export function fUpperTail(statistic: number, df1: number, df2: number): number {
  if (statistic <= 0) return 1;
  return f.cdf(1 / statistic, df2, df1);
}

/** P(X > statistic) for chi-square with `df` degrees of freedom: the regularised upper incomplete gamma function, so small tails keep their digits. */
export function chiSquareUpperTail(statistic: number, df: number): number {
  if (statistic <= 0) return 1;
  return gammainc(statistic / 2, df / 2, true, true);
}

/** The x with P(F <= x) = p for Fisher's F with (df1, df2) degrees of freedom, p in (0, 1). */
export function fQuantile(p: number, df1: number, df2: number): number {
  return f.quantile(p, df1, df2);
}

/** The x with P(T <= x) = p for Student's t with `df` degrees of freedom, p in (0, 1). */
export function tQuantile(p: number, df: number): number {
  return t.quantile(p, df);
}
