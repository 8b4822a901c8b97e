import { summary } from "../../stats/summary.ts";

/** Centres and spreads of columns, by which new rows are scaled. Plain JSON. */
export interface Scaler {
  readonly centre: number[];
  /** 0 marks a column without spread. */
  readonly spread: number[];
}

/** How a column is scaled: by mean and population standard deviation, by median and interquartile range, or not. */
export type Scaling = "z-score" | "robust" | "none";

/**
 * Learns the scale of each column.
 *
 *   z-score:  centre = sum x / n,   spread = sqrt( sum (x - centre)^2 / n )
 *   robust:   centre = median,      spread = upper quartile - lower quartile (type 7)
 *   none:     centre = 0,           spread = 1
 *
 * A column with a single value has spread 0; so has, under `robust`, one whose quartiles are equal, unless it is not constant: then its z-score spread serves.
 *
 * @param values  row-major [n, width], n at least 1
 * @see scikit-learn's StandardScaler, which divides by n too, and RobustScaler, which divides by 1 where the quartiles are equal
 */
export function fitScaler(values: Float64Array, width: number, scaling: Scaling = "z-score"): Scaler {
  const n = values.length / width;
  const centre: number[] = [];
  const spread: number[] = [];
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
    const deviation = Math.sqrt(squares / n);
    if (scaling === "none") {
      centre.push(0);
      spread.push(1);
    } else if (scaling === "robust") {
      const { median, q1, q3 } = summary(Float64Array.from({ length: n }, (_, i) => values[i * width + j]!));
      centre.push(median);
      spread.push(isConstant ? 0 : q3 - q1 || deviation);
    } else {
      centre.push(isConstant ? first : average);
      spread.push(isConstant ? 0 : deviation);
    }
  }
  return { centre, spread };
}

/**
 * Scaled rows: (x - centre) / spread; 0 in a column that had no spread when the scale was learnt, whatever the new value.
 *
 * @param values  row-major [n, scaler.centre.length]
 */
export function rowsScaled({ centre, spread }: Scaler, values: Float64Array): Float64Array {
  const width = centre.length;
  return values.map((value, k) => {
    const j = k % width;
    return spread[j]! > 0 ? (value - centre[j]!) / spread[j]! : 0;
  });
}
