import { fUpperTail } from "../distributions.ts";

/** Result of Levene's test. */
export interface Levene {
  /** F with (k - 1, N - k) degrees of freedom, for k groups of N values in all. */
  readonly statistic: number;
  /** P(F > statistic); NaN when every distance from its median is the same number. */
  readonly p: number;
}

/**
 * Levene's test that two groups or more have equal variances, with distances from the **median** (Brown & Forsythe's form).
 *
 *   z = |value - median of its group|
 *   F = (N - k) / (k - 1) * sum over groups of n_g (mean z_g - mean z)^2  /  sum over values of (z - mean z_g)^2
 *
 * The median, not the mean: with the ten events such studies have, distances from the mean reject equal variances too often.
 * SPSS prints the form with the mean beside its t-test; the two can disagree near the threshold.
 *
 * @param groups  at least 2 values each
 * @see Levene 1960; Brown & Forsythe 1974. SciPy's levene(center="median"), R's car::leveneTest
 */
export function levene(...groups: readonly Float64Array[]): Levene {
  const parts = groups.map(distances);
  const total = groups.reduce((sum, { length }) => sum + length, 0);
  const df = [groups.length - 1, total - groups.length] as const;
  const grand = parts.reduce((sum, { mean }, g) => sum + groups[g]!.length * mean, 0) / total;
  const between = parts.reduce((sum, { mean }, g) => sum + groups[g]!.length * (mean - grand) ** 2, 0);
  const within = parts.reduce((sum, { squares }) => sum + squares, 0);
  const statistic = (df[1] * between) / (df[0] * within);
  return { statistic, p: Number.isNaN(statistic) ? NaN : fUpperTail(statistic, ...df) };
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
