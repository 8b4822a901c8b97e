import { tTwoSided } from "../distributions.ts";

/** A named column of numbers without gaps. */
export interface Column {
  readonly name: string;
  readonly values: Float64Array;
}

/** Pearson's r of every row column with every other column, and its two-sided P. */
export interface Correlations {
  /** Row-major [rows, columns]. */
  readonly r: Float64Array;
  readonly p: Float64Array;
}

/**
 * Pearson's correlation of every column of one set with every column of another, and the P that it is 0.
 *
 *   r = sum (x - mean x)(y - mean y) / sqrt( sum (x - mean x)^2 * sum (y - mean y)^2 )
 *   t = r sqrt( (n - 2) / ((1 - r)(1 + r)) ),   Student's t with n - 2 degrees of freedom
 *
 * Columns are centred and scaled once. r is kept within -1 .. 1, where rounding would leave it; P of r = 1 is 0.
 *
 * @param rows,columns  of one length, at least 3, none of them constant; the same array twice gives the matrix of one set, with ones in its diagonal
 * @see Pearson 1895. R's cor and cor.test
 */
export function correlations(rows: readonly Column[], columns: readonly Column[]): Correlations {
  const a = rows.map(({ values }) => scaled(values));
  const b = rows === columns ? a : columns.map(({ values }) => scaled(values));
  const r = new Float64Array(a.length * b.length);
  const p = new Float64Array(a.length * b.length);
  const df = (a[0]?.length ?? 2) - 2;
  for (const [i, x] of a.entries()) {
    for (const [j, y] of b.entries()) {
      if (a === b && j < i) {
        r[i * b.length + j] = r[j * b.length + i]!;
        p[i * b.length + j] = p[j * b.length + i]!;
        continue;
      }
      let sum = 0;
      for (let k = 0; k < x.length; k++) sum += x[k]! * y[k]!;
      const value = x === y ? 1 : Math.max(-1, Math.min(1, sum));
      r[i * b.length + j] = value;
      p[i * b.length + j] = Math.abs(value) < 1 ? tTwoSided(value * Math.sqrt(df / ((1 - value) * (1 + value))), df) : 0;
    }
  }
  return { r, p };
}

/** A column less its mean, of length 1. */
function scaled(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const length = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0));
  return centred.map((value) => value / length);
}
