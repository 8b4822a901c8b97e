import { fQuantile, normalQuantile } from "./distributions.ts";

/** Lower and upper end of an interval of a proportion, 0 .. 1. */
export type Interval = readonly [lo: number, hi: number];

/**
 * Clopper and Pearson's exact interval of a proportion: it holds the true one with at least the confidence asked for, whatever that is.
 *
 *   lo: P(X >= k | lo) = (1 - confidence) / 2,    hi: P(X <= k | hi) = (1 - confidence) / 2,    X binomial
 *   lo = 1 / ( 1 + (n - k + 1) / (k F) ),   F the (1 - confidence)/2 quantile of Fisher's F with (2k, 2(n - k + 1)) degrees;   hi by k -> n - k
 *
 * @param k  successes, 0 .. n
 * @returns  [0, 1] for n = 0
 * @see Clopper & Pearson 1934. R's binom.test; statsmodels' proportion_confint(method="beta")
 */
export function clopperPearson(k: number, n: number, confidence = 0.95): Interval {
  const tail = (1 - confidence) / 2;
  const lower = (count: number) =>
    count === 0 ? 0 : 1 / (1 + (n - count + 1) / (count * fQuantile(tail, 2 * count, 2 * (n - count + 1))));
  const upper = (count: number) =>
    count === n ? 1 : 1 / (1 + (n - count) / ((count + 1) * fUpperQuantile(tail, 2 * (count + 1), 2 * (n - count))));
  return [lower(k), upper(k)];
}

/** The F with P(F > f) = tail, as the inverse of a lower quantile: keeps the digits of a small tail. */
function fUpperQuantile(tail: number, df1: number, df2: number): number {
  return 1 / fQuantile(tail, df2, df1);
}

/**
 * Wilson's interval of a proportion, by inverting the score test, without continuity correction: shorter than Clopper and Pearson's, right on average.
 *
 *   centre = (k + z^2/2) / (n + z^2),    half = z / (n + z^2) * sqrt( k (n - k) / n + z^2/4 )
 *
 * @param k  successes, 0 .. n
 * @returns  [0, 1] for n = 0
 * @see Wilson 1927. R's prop.test(correct = FALSE); statsmodels' proportion_confint(method="wilson")
 */
export function wilson(k: number, n: number, confidence = 0.95): Interval {
  if (n === 0) return [0, 1];
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const centre = (k + z ** 2 / 2) / (n + z ** 2);
  const half = (z / (n + z ** 2)) * Math.sqrt((k * (n - k)) / n + z ** 2 / 4);
  return [k === 0 ? 0 : centre - half, k === n ? 1 : centre + half];
}
