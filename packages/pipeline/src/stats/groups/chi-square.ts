import { chiSquareUpperTail } from "../distributions.ts";

/** Result of Pearson's chi-square test of a table of counts. */
export interface ChiSquare {
  /** Sum over cells of (observed - expected)^2 / expected. */
  readonly statistic: number;
  /** (rows - 1)(columns - 1), empty rows and columns not counted. */
  readonly df: number;
  /** 0 .. 1; 1 when a single row or column is left. */
  readonly p: number;
}

/**
 * Pearson's chi-square test that rows and columns of a table are independent, without continuity correction.
 *
 *   expected(i,j) = row(i) * column(j) / n,    chi2 = sum (observed - expected)^2 / expected,    df = (rows - 1)(columns - 1)
 *
 * Empty rows and columns say nothing and are left out. SPSS prints this as "Pearson Chi-Square".
 *
 * @param table  counts by row, all rows of one length
 * @see Pearson 1900; Fisher 1922 for the degrees of freedom. R's chisq.test(correct = FALSE)
 */
export function chiSquareTest(table: readonly (readonly number[])[]): ChiSquare {
  const { rows, columns, total } = margins(table);
  const filled = (sums: readonly number[]) => sums.filter((sum) => sum > 0).length;
  const df = (filled(rows) - 1) * (filled(columns) - 1);
  if (df < 1) return { statistic: 0, df: 0, p: 1 };
  let statistic = 0;
  for (const [i, row] of table.entries()) {
    for (const [j, observed] of row.entries()) {
      const expected = (rows[i]! * columns[j]!) / total;
      if (expected > 0) statistic += (observed - expected) ** 2 / expected;
    }
  }
  return { statistic, df, p: chiSquareUpperTail(statistic, df) };
}

/** The smallest expected count of a table, empty rows and columns left out; NaN for a table of zeros. */
export function smallestExpected(table: readonly (readonly number[])[]): number {
  const { rows, columns, total } = margins(table);
  const smallest = (sums: readonly number[]) => Math.min(...sums.filter((sum) => sum > 0));
  return total > 0 ? (smallest(rows) * smallest(columns)) / total : Number.NaN;
}

/** Sums by row and by column, and of all. */
function margins(table: readonly (readonly number[])[]): { rows: number[]; columns: number[]; total: number } {
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = (table[0] ?? []).map((_, j) => table.reduce((sum, row) => sum + row[j]!, 0));
  return { rows, columns, total: rows.reduce((sum, count) => sum + count, 0) };
}
