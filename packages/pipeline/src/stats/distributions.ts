// The door to the distribution functions: every tail is taken where it is small, never as 1 minus a number near 1.
import gammainc from "@stdlib/math-base-special-gammainc";
// A function a package: the packages of whole distributions load seven hundred modules, a quarter of a second before every command.
import fCdf from "@stdlib/stats-base-dists-f-cdf";
import fQuantileOf from "@stdlib/stats-base-dists-f-quantile";
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalPdf from "@stdlib/stats-base-dists-normal-pdf";
import normalQuantileOf from "@stdlib/stats-base-dists-normal-quantile";
import tCdf from "@stdlib/stats-base-dists-t-cdf";
import tQuantileOf from "@stdlib/stats-base-dists-t-quantile";

/** P(Z > z) for a standard normal Z. */
export function normalUpperTail(z: number): number {
  return normalCdf(-z, 0, 1);
}

/** P(|Z| >= |z|) for a standard normal Z: the two-sided p of a z statistic. */
export function normalTwoSided(z: number): number {
  return 2 * normalCdf(-Math.abs(z), 0, 1);
}

/**
 * The z with P(Z <= z) = p for a standard normal Z, p in (0, 1).
 *
 * The library inverts 2p - 1, which drops the digits of a small p; one Newton step on the tail brings them back.
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  const z = normalQuantileOf(p, 0, 1);
  return z - (normalCdf(z, 0, 1) - p) / normalPdf(z, 0, 1);
}

/** P(|T| >= |statistic|) for Student's t with `df` degrees of freedom (which need not be whole): the two-sided p of a t statistic. */
export function tTwoSided(statistic: number, df: number): number {
  return 2 * tCdf(-Math.abs(statistic), df);
}

/**
 * P(F > statistic) for Fisher's F with (df1, df2) degrees of freedom.
 *
 * Taken as P(1/F < 1/statistic) with the degrees exchanged, which keeps its digits when it is small.
 */
export function fUpperTail(statistic: number, df1: number, df2: number): number {
  if (statistic <= 0) return 1;
  return fCdf(1 / statistic, df2, df1);
}

/** P(X > statistic) for chi-square with `df` degrees of freedom: the regularised upper incomplete gamma function, so small tails keep their digits. */
export function chiSquareUpperTail(statistic: number, df: number): number {
  if (statistic <= 0) return 1;
  return gammainc(statistic / 2, df / 2, true, true);
}

/** The x with P(F <= x) = p for Fisher's F with (df1, df2) degrees of freedom, p in (0, 1). */
export function fQuantile(p: number, df1: number, df2: number): number {
  return fQuantileOf(p, df1, df2);
}

/** The x with P(T <= x) = p for Student's t with `df` degrees of freedom, p in (0, 1). */
export function tQuantile(p: number, df: number): number {
  return tQuantileOf(p, df);
}
