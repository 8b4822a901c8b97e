import { fUpperTail } from "./distributions.ts";

/** Result of Levene's test of two groups. */
export interface Levene {
  /** F with (1, m + n - 2) degrees of freedom. */
  readonly statistic: number;
  /** P(F > statistic); NaN when every distance from its median is the same number. */
  readonly p: number;
}

/**
 * Levene's test that two groups have equal variances, with distances from the **median** (Brown & Forsythe's form).
 *
 *   z = |value - median of its group|
 *   F = (m + n - 2) * ( m (mean zx - mean z)^2 + n (mean zy - mean z)^2 ) / ( sum (zx - mean zx)^2 + sum (zy - mean zy)^2 )
 *
 * The median, not the mean: with the ten events such studies have, distances from the mean reject equal variances too often.
 * SPSS prints the form with the mean beside its t-test; the two can disagree near the threshold.
 *
 * @param x  at least 2 values
 * @param y  at least 2 values
 * @see Levene 1960; Brown & Forsythe 1974. SciPy's levene(center="median"), R's car::leveneTest
 */
export function levene(x: Float64Array, y: Float64Array): Levene {
  const a = distances(x);
  const b = distances(y);
  const [m, n] = [x.length, y.length];
  const grand = (m * a.mean + n * b.mean) / (m + n);
  const between = m * (a.mean - grand) ** 2 + n * (b.mean - grand) ** 2;
  const statistic = ((m + n - 2) * between) / (a.squares + b.squares);
  return { statistic, p: Number.isNaN(statistic) ? NaN : fUpperTail(statistic, 1, m + n - 2) };
}

/** Mean of |value - median|, and the squared distances from that mean. */
function distances(values: Float64Array): { mean: number; squares: number } {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  let sum = 0;
  for (const value of sorted) sum += Math.abs(value - median);
  const mean = sum / sorted.length;
  let squares = 0;
  for (const value of sorted) squares += (Math.abs(value - median) - mean) ** 2;
  return { mean, squares };
}
