import { tTwoSided } from "../distributions.ts";

/** Result of a two-sample t-test. */
export interface TTest {
  /** Positive when the first group's mean is higher. */
  readonly t: number;
  /** Degrees of freedom; not whole for Welch's test. */
  readonly df: number;
  /** Two-sided p; NaN when both groups are constant. */
  readonly p: number;
}

/**
 * Student's two-sample t-test, equal variances, two-sided.
 *
 *   t = (mean x - mean y) / sqrt( s^2 * (1/m + 1/n) ),   s^2 = (sum (x - mean x)^2 + sum (y - mean y)^2) / (m + n - 2),   df = m + n - 2
 *
 * @param x  at least 2 values
 * @param y  at least 2 values
 * @see Student 1908. R's t.test(var.equal = TRUE), SciPy's ttest_ind
 */
export function studentTest(x: Float64Array, y: Float64Array): TTest {
  const a = spread(x);
  const b = spread(y);
  const df = x.length + y.length - 2;
  const pooled = (a.squares + b.squares) / df;
  const t = (a.mean - b.mean) / Math.sqrt(pooled * (1 / x.length + 1 / y.length));
  return { t, df, p: pooled > 0 ? tTwoSided(t, df) : NaN };
}

/**
 * Welch's two-sample t-test, unequal variances, two-sided.
 *
 *   t = (mean x - mean y) / sqrt(a + b),   a = var(x)/m,  b = var(y)/n,   df = (a + b)^2 / ( a^2/(m-1) + b^2/(n-1) )
 *
 * @param x  at least 2 values
 * @param y  at least 2 values
 * @see Welch 1947; Satterthwaite 1946 for the degrees of freedom. R's t.test, SciPy's ttest_ind(equal_var=False)
 */
export function welchTest(x: Float64Array, y: Float64Array): TTest {
  const [one, two] = [spread(x), spread(y)];
  const a = one.squares / (x.length - 1) / x.length;
  const b = two.squares / (y.length - 1) / y.length;
  const t = (one.mean - two.mean) / Math.sqrt(a + b);
  const df = (a + b) ** 2 / (a ** 2 / (x.length - 1) + b ** 2 / (y.length - 1));
  return { t, df, p: a + b > 0 ? tTwoSided(t, df) : NaN };
}

/** Mean, and sum of squared distances from it. */
function spread(values: Float64Array): { mean: number; squares: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, squares };
}
