/** Place and spread of a sample. */
export interface Summary {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (divided by n - 1); NaN for one value. */
  readonly sd: number;
  readonly median: number;
  /** Lower and upper quartile. */
  readonly q1: number;
  readonly q3: number;
}

/**
 * Mean, standard deviation, median and quartiles.
 *
 *   quantile(q) = x(i) + (h - i)(x(i+1) - x(i)),   h = (n - 1) q counted from 0,  i = floor(h)
 *
 * @param values  finite numbers in any order, at least one; left untouched
 * @see Hyndman & Fan 1996, definition 7: the default of R and NumPy. SPSS prints definition 6, whose quartiles lie further out in small samples
 */
export function summary(values: Float64Array): Summary {
  const n = values.length;
  const sorted = values.slice().sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const quantile = (q: number) => {
    const h = (n - 1) * q;
    const i = Math.min(Math.floor(h), n - 1);
    return sorted[i]! + (h - i) * (sorted[Math.min(i + 1, n - 1)]! - sorted[i]!);
  };
  return { n, mean, sd: Math.sqrt(squares / (n - 1)), median: quantile(0.5), q1: quantile(0.25), q3: quantile(0.75) };
}
