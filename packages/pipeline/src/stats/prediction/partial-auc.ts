import type { RocCurve } from "./roc.ts";

/** The part of a ROC curve that a use needs. */
export interface PartialAuc {
  /** The area itself: 0 .. to - from. */
  readonly area: number;
  /** McClish's standardised area: one half for a score that carries nothing, 1 for a perfect one. */
  readonly standardised: number;
}

/**
 * Area under the part of a ROC curve with specificity, or sensitivity, between two bounds.
 *
 *   specificity:  integral of the sensitivity over 1 - specificity,   sensitivity:  integral of the specificity over the sensitivity
 *   standardised = 1/2 ( 1 + (area - chance) / (to - from - chance) ),   chance = the diagonal's area over the same range
 *
 * Between its points the curve is straight, as for the whole area.
 *
 * @param from  below `to`; both 0 .. 1
 * @see McClish 1989. pROC's auc(partial.auc, partial.auc.focus, partial.auc.correct)
 */
export function partialAuc(curve: RocCurve, axis: "specificity" | "sensitivity", from: number, to: number): PartialAuc {
  const fpr = [0, ...curve.fpr];
  const tpr = [0, ...curve.tpr];
  // Both ranges as an integral of y over x rising: x = 1 - specificity, y = sensitivity; or x = sensitivity, y = specificity.
  const [x, y, lo, hi] = axis === "specificity" ? [fpr, tpr, 1 - to, 1 - from] : [tpr, fpr.map((value) => 1 - value), from, to];
  let area = 0;
  for (let i = 1; i < x.length; i++) {
    const [start, end] = [Math.max(lo, x[i - 1]!), Math.min(hi, x[i]!)];
    if (end <= start) continue;
    const slope = (y[i]! - y[i - 1]!) / (x[i]! - x[i - 1]!);
    const at = (value: number) => y[i - 1]! + slope * (value - x[i - 1]!);
    area += ((at(start) + at(end)) / 2) * (end - start);
  }
  const width = to - from;
  const chance = axis === "specificity" ? (width * (lo + hi)) / 2 : width * (1 - (lo + hi) / 2);
  return { area, standardised: (1 + (area - chance) / (width - chance)) / 2 };
}
