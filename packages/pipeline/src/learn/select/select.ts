// Feature selection: steps in the order of the settings, each given what the one before has kept.
import type { Random } from "../../random.ts";
import type { TwoGroupTest } from "../../stats/groups/two-groups.ts";
import { inLasso } from "./select-lasso.ts";
import { leastRedundant, uncorrelated } from "./select-redundancy.ts";
import { columnTests, differing, smallest } from "./select-univariate.ts";
import type { SelectionStep } from "../settings.ts";

/** A kept column, and how it differs between the outcomes by the test that fits it. */
interface SelectedColumn extends TwoGroupTest {
  /** Position among the candidates. */
  readonly column: number;
}

/** What selection kept. */
export interface Selection {
  /** In the order of the candidates. */
  readonly selected: readonly SelectedColumn[];
  /** Some step would have kept no column, so the one with the smallest p was kept (the first of equals). */
  readonly nothingPassed: boolean;
}

/**
 * Selects columns of a table. It must be given training rows only.
 *
 * @param values    row-major [n, width], finite
 * @param outcome   1 = event, 0 = none, both present
 * @param steps     in order; without any, every column is kept
 * @param balanced  whether steps that fit a model weigh the classes
 * @param random    the stream of steps that draw folds; called only where one does
 * @returns         nothing when width is 0
 * @see docs/method.md, section 7
 */
export function selectColumns(
  values: Float64Array,
  width: number,
  outcome: ArrayLike<number>,
  steps: readonly SelectionStep[],
  balanced: boolean,
  random: () => Random,
): Selection {
  if (width === 0) return { selected: [], nothingPassed: false };
  const tests = columnTests(values, width, outcome);
  let columns = Array.from({ length: width }, (_, j) => j);
  let nothingPassed = false;
  for (const step of steps) {
    let kept = keptBy(step);
    if (kept.length === 0) {
      nothingPassed = true;
      kept = smallest(columns, tests, 1);
    }
    columns = kept;
  }
  return { selected: columns.map((column) => ({ column, ...tests(column) })), nothingPassed };

  function keptBy(step: SelectionStep): number[] {
    switch (step.step) {
      case "univariate":
        return differing(columns, tests, step);
      case "correlation":
        return uncorrelated(values, width, columns, tests, step.threshold);
      case "mrmr":
        return leastRedundant(values, width, columns, outcome, step.top);
      case "lasso":
        return inLasso(values, width, columns, outcome, { rule: step.rule, balanced }, random());
      case "top":
        return smallest(columns, tests, step.count);
    }
  }
}
