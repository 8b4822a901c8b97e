import { tQuantile, tTwoSided } from "../distributions.ts";
import type { Interval } from "../proportion.ts";

/** How far two readers' measurements lie apart, in their unit. */
export interface BlandAltman {
  readonly n: number;
  /** Mean of first less second, with its 95% interval, and P that it is 0. */
  readonly bias: number;
  readonly biasCi: Interval;
  readonly p: number;
  /** Standard deviation of the differences. */
  readonly sd: number;
  /** bias -+ 1.96 sd: holds about 95% of differences; each with its 95% interval. */
  readonly lower: number;
  readonly lowerCi: Interval;
  readonly upper: number;
  readonly upperCi: Interval;
  /** A point a subject: mean of the two, and difference. */
  readonly points: readonly { readonly mean: number; readonly difference: number }[];
}

/**
 * Bland and Altman's limits of agreement of two readers.
 *
 *   bias = mean d,   limits = bias -+ 1.96 sd,   d = first - second
 *   se(bias) = sd / sqrt(n),   se(limit) = sd sqrt( 1/n + 1.96^2 / (2 (n - 1)) ),   intervals by Student's t with n - 1 degrees of freedom
 *
 * P of a bias among differences that are all equal is 1 at 0 and 0 elsewhere.
 *
 * @param first,second  of the same subjects, at least two, without gaps
 * @see Bland & Altman 1986, 1999. pingouin and MedCalc use the same standard error of the limits
 */
export function blandAltman(first: ArrayLike<number>, second: ArrayLike<number>): BlandAltman {
  const n = first.length;
  const differences = Array.from({ length: n }, (_, i) => first[i]! - second[i]!);
  const bias = differences.reduce((sum, d) => sum + d, 0) / n;
  const sd = Math.sqrt(differences.reduce((sum, d) => sum + (d - bias) ** 2, 0) / (n - 1));
  const t = tQuantile(0.975, n - 1);
  const [seBias, seLimit] = [sd / Math.sqrt(n), sd * Math.sqrt(1 / n + 1.96 ** 2 / (2 * (n - 1)))];
  const around = (value: number, se: number): Interval => [value - t * se, value + t * se];
  const [lower, upper] = [bias - 1.96 * sd, bias + 1.96 * sd];
  return {
    n,
    bias,
    biasCi: around(bias, seBias),
    p: sd > 0 ? tTwoSided(bias / seBias, n - 1) : bias === 0 ? 1 : 0,
    sd,
    lower,
    lowerCi: around(lower, seLimit),
    upper,
    upperCi: around(upper, seLimit),
    points: differences.map((difference, i) => ({ mean: (first[i]! + second[i]!) / 2, difference })),
  };
}
