import { placements, type AucInterval } from "../stats/prediction/delong.ts";
import { normalQuantile, normalTwoSided } from "../stats/distributions.ts";

/** An AUC whose variance knows that rows come in clusters, and its two-sided p against one half. */
export interface ClusteredAuc extends AucInterval {
  readonly p: number;
  readonly clusters: number;
}

/**
 * The AUC of rows that come in clusters, such as the lesions of patients, with Obuchowski's interval.
 *
 *   A_i = sum over the cases of cluster i of  V10 - auc,      B_i = sum over its controls of  V01 - auc      (V: DeLong's placements)
 *   variance = I10/(I10 - 1) sum A_i^2 / m^2  +  I01/(I01 - 1) sum B_i^2 / n^2  +  2 I/(I - 1) sum A_i B_i / (m n)
 *
 * with m cases and n controls in I clusters, I10 of them with a case and I01 with a control. With one row a cluster it is DeLong's. The interval is symmetric and clipped to
 * [0, 1]; p is that of (auc - 1/2) / sqrt(variance).
 *
 * @param outcome   1 = event, 0 = none
 * @param clusters  the cluster of each row
 * @returns         NaN for variance, interval and p where cases or controls come from a single cluster
 * @see Obuchowski 1997, Nonparametric analysis of clustered ROC curve data, Biometrics 53:567
 */
export function clusteredAuc(outcome: ArrayLike<number>, scores: ArrayLike<number>, clusters: readonly string[]): ClusteredAuc {
  const { auc, cases, controls } = placements(outcome, scores);
  const sums = new Map<string, { a: number; b: number; hasCase: boolean; hasControl: boolean }>();
  for (let i = 0, c = 0, d = 0; i < outcome.length; i++) {
    const sum = sums.get(clusters[i]!) ?? { a: 0, b: 0, hasCase: false, hasControl: false };
    if (outcome[i] === 1) {
      sum.a += cases[c++]! - auc;
      sum.hasCase = true;
    } else {
      sum.b += controls[d++]! - auc;
      sum.hasControl = true;
    }
    sums.set(clusters[i]!, sum);
  }
  const all = [...sums.values()];
  const total = (term: (sum: (typeof all)[number]) => number) => all.reduce((value, sum) => value + term(sum), 0);
  const corrected = (count: number) => count / (count - 1);
  const m = cases.length;
  const n = controls.length;
  const I10 = total(({ hasCase }) => (hasCase ? 1 : 0));
  const I01 = total(({ hasControl }) => (hasControl ? 1 : 0));
  const variance =
    I10 > 1 && I01 > 1
      ? Math.max(
          0,
          (corrected(I10) * total(({ a }) => a * a)) / m ** 2 +
            (corrected(I01) * total(({ b }) => b * b)) / n ** 2 +
            (2 * corrected(all.length) * total(({ a, b }) => a * b)) / (m * n),
        )
      : NaN;
  const half = normalQuantile(0.975) * Math.sqrt(variance);
  const p = auc === 0.5 ? 1 : normalTwoSided((auc - 0.5) / Math.sqrt(variance));
  return { auc, variance, lo: Math.max(0, auc - half), hi: Math.min(1, auc + half), p, clusters: all.length };
}
