import { twoGroupTestFor, type TwoGroupTest } from "../stats/two-groups.ts";

/** A kept column and why. */
interface SelectedColumn extends TwoGroupTest {
  /** Position among the candidates. */
  readonly column: number;
}

/** What selection kept. */
export interface Selection {
  /** In the order of the candidates. */
  readonly selected: readonly SelectedColumn[];
  /** No column reached p < alpha, so the one with the smallest p was kept (the first of equals). */
  readonly nothingPassed: boolean;
}

/**
 * Univariate selection: the columns that differ between the outcomes.
 *
 * Each column is tested by `twoGroupTestFor`; those with p < alpha are kept. No correction for the number of columns: this is a filter in front
 * of the learner, and it must be given training rows only.
 *
 * @param values   row-major [n, width], finite
 * @param outcome  1 = event, 0 = none, both present
 * @param alpha    0.05 in the method
 * @returns        nothing when width is 0
 * @see method.md section 7
 */
export function selectColumns(values: Float64Array, width: number, outcome: ArrayLike<number>, alpha: number): Selection {
  if (width === 0) return { selected: [], nothingPassed: false };
  const n = outcome.length;
  let cases = 0;
  for (let i = 0; i < n; i++) cases += outcome[i]!;
  const x = new Float64Array(cases);
  const y = new Float64Array(n - cases);
  const test = twoGroupTestFor(cases, n - cases);
  const selected: SelectedColumn[] = [];
  let best: SelectedColumn | undefined;
  for (let column = 0; column < width; column++) {
    for (let i = 0, a = 0, b = 0; i < n; i++) {
      const value = values[i * width + column]!;
      if (outcome[i] === 1) x[a++] = value;
      else y[b++] = value;
    }
    const result = { column, ...test(x, y) };
    if (result.p < alpha) selected.push(result);
    if (!best || result.p < best.p) best = result;
  }
  return selected.length > 0 ? { selected, nothingPassed: false } : { selected: [best!], nothingPassed: true };
}
