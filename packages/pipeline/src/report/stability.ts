// How often selection keeps each feature over the folds.
import type { ModelOutcome } from "../study/results.ts";

/** A feature's share of the folds. */
export interface SelectionCount {
  readonly feature: string;
  readonly folds: number;
}

/** Features of a model that some fold selected, most often first, then in the order of their names. */
export function selectionCounts({ result }: ModelOutcome): SelectionCount[] {
  const counts = new Map<string, number>();
  for (const { selected } of result.crossValidation.folds) {
    for (const feature of selected) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  }
  return [...counts].map(([feature, folds]) => ({ feature, folds })).sort((a, b) => b.folds - a.folds || (a.feature < b.feature ? -1 : 1));
}
