/** Means and standard deviations of columns, by which new rows are scaled. Plain JSON. */
export interface Scaler {
  readonly mean: number[];
  /** Population standard deviation (divided by n); 0 marks a constant column. */
  readonly sd: number[];
}

/**
 * Learns the scale of each column.
 *
 *   mean = sum x / n,   sd = sqrt( sum (x - mean)^2 / n )
 *
 * @param values  row-major [n, width], n at least 1
 * @see scikit-learn's StandardScaler, which divides by n too
 */
export function fitScaler(values: Float64Array, width: number): Scaler {
  const n = values.length / width;
  const mean: number[] = [];
  const sd: number[] = [];
  for (let j = 0; j < width; j++) {
    const first = values[j]!;
    let sum = 0;
    let isConstant = true;
    for (let i = 0; i < n; i++) {
      sum += values[i * width + j]!;
      if (values[i * width + j] !== first) isConstant = false;
    }
    const average = sum / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (values[i * width + j]! - average) ** 2;
    mean.push(isConstant ? first : average);
    sd.push(isConstant ? 0 : Math.sqrt(squares / n));
  }
  return { mean, sd };
}

/**
 * z-scores: (x - mean) / sd; 0 in a column that was constant when the scale was learnt, whatever the new value.
 *
 * @param values  row-major [n, scaler.mean.length]
 */
export function rowsScaled({ mean, sd }: Scaler, values: Float64Array): Float64Array {
  const width = mean.length;
  return values.map((value, k) => {
    const j = k % width;
    return sd[j]! > 0 ? (value - mean[j]!) / sd[j]! : 0;
  });
}
