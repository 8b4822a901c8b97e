import { fQuantile, fUpperTail } from "../distributions.ts";
import type { Interval } from "../proportion.ts";

/** An intraclass correlation with its 95% interval and the test that it is 0. */
export interface Icc {
  readonly value: number;
  readonly ci: Interval;
  /** F with (df1, df2) degrees of freedom, and P(F > f). */
  readonly f: number;
  readonly df1: number;
  readonly df2: number;
  readonly p: number;
}

/** Agreement of readers on the same subjects. */
export interface IccResult {
  readonly subjects: number;
  readonly readers: number;
  /** ICC(2,1): readers are drawn from many; a reader who always measures more counts as disagreement (absolute agreement). */
  readonly icc21: Icc;
  /** ICC(3,1): these readers only; what one measures more throughout does not count (consistency). */
  readonly icc31: Icc;
}

/**
 * Intraclass correlations of single measurements, from the two-way analysis of variance.
 *
 *   MSR, MSC, MSE = mean squares of subjects, readers and the rest;  n subjects, k readers
 *   ICC(2,1) = (MSR - MSE) / ( MSR + (k - 1) MSE + k (MSC - MSE) / n )
 *   ICC(3,1) = (MSR - MSE) / ( MSR + (k - 1) MSE )
 *   F = MSR / MSE,  (n - 1, (n - 1)(k - 1)) degrees of freedom
 *
 * The interval of ICC(3,1) is exact; that of ICC(2,1) takes Satterthwaite's degrees of freedom. Where readers agree in all, both are 1 with the interval [1, 1]
 * and F is infinite; where all values are equal they are NaN.
 *
 * @param ratings  a row a subject, a column a reader; at least two of each, no gaps
 * @see Shrout & Fleiss 1979; McGraw & Wong 1996 for the intervals. R's psych::ICC (without lme4), pingouin's intraclass_corr
 */
export function icc(ratings: readonly (readonly number[])[], confidence = 0.95): IccResult {
  const n = ratings.length;
  const k = ratings[0]!.length;
  const grand = ratings.flat().reduce((sum, value) => sum + value, 0) / (n * k);
  const subjects = ratings.map((row) => row.reduce((sum, value) => sum + value, 0) / k);
  const readers = ratings[0]!.map((_, j) => ratings.reduce((sum, row) => sum + row[j]!, 0) / n);
  const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value ** 2, 0);
  const [df1, df2] = [n - 1, (n - 1) * (k - 1)];
  const msr = (k * squares(subjects.map((mean) => mean - grand))) / df1;
  const msc = (n * squares(readers.map((mean) => mean - grand))) / (k - 1);
  const mse = squares(ratings.flatMap((row, i) => row.map((value, j) => value - subjects[i]! - readers[j]! + grand))) / df2;
  const f = msr / mse;
  const p = Number.isNaN(f) ? Number.NaN : f === Infinity ? 0 : fUpperTail(f, df1, df2);
  const test = { f, df1, df2, p };
  const value31 = (msr - mse) / (msr + (k - 1) * mse);
  const value21 = (msr - mse) / (msr + (k - 1) * mse + (k * (msc - mse)) / n);
  if (!(mse > 0)) {
    const ends = (value: number): Interval => [value, value];
    return {
      subjects: n,
      readers: k,
      icc21: { value: value21, ci: ends(value21), ...test },
      icc31: { value: value31, ci: ends(value31), ...test },
    };
  }
  const tail = (1 - confidence) / 2;
  // Upper quantiles, as inverses of lower ones with the degrees exchanged.
  const upperF = (a: number, b: number) => 1 / fQuantile(tail, b, a);
  const consistency = (ratio: number) => (ratio - 1) / (ratio + k - 1);
  const ci31: Interval = [consistency(f / upperF(df1, df2)), consistency(f * upperF(df2, df1))];
  const a = (k * value21) / (n * (1 - value21));
  const b = 1 + (k * value21 * (n - 1)) / (n * (1 - value21));
  const v = (a * msc + b * mse) ** 2 / ((a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / df2);
  const [low, high] = [upperF(n - 1, v), upperF(v, n - 1)];
  const rest = k * msc + (k * n - k - n) * mse;
  const ci21: Interval = [(n * (msr - low * mse)) / (low * rest + n * msr), (n * (high * msr - mse)) / (rest + n * high * msr)];
  return { subjects: n, readers: k, icc21: { value: value21, ci: ci21, ...test }, icc31: { value: value31, ci: ci31, ...test } };
}
