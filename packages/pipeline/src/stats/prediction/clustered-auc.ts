import { ShapeError } from "../../errors.ts";
import { normalQuantile, normalTwoSided } from "../distributions.ts";
import { placements, type AucInterval, type DelongTest, type Placements } from "./delong.ts";

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
  const { variance, count } = clusteredVariance(
    outcome,
    cases.map((value) => value - auc),
    controls.map((value) => value - auc),
    clusters,
  );
  const half = normalQuantile(0.975) * Math.sqrt(variance);
  const p = auc === 0.5 ? 1 : normalTwoSided((auc - 0.5) / Math.sqrt(variance));
  return { auc, variance, lo: Math.max(0, auc - half), hi: Math.min(1, auc + half), p, clusters: count };
}

/**
 * Obuchowski's test of two scores on the same clustered rows, two-sided: DeLong's, with the variance of the difference summed over clusters.
 *
 *   z = (aucA - aucB) / sqrt(variance),    variance as in `clusteredAuc` with  (V10a - aucA) - (V10b - aucB)  in place of  V10 - auc, and so V01
 *
 * With one row a cluster it is DeLong's test, and its edges are the same; z and p are NaN where cases or controls come from a single cluster.
 *
 * @param outcome   1 = event, 0 = none; the same rows in the same order for both scores
 * @param clusters  the cluster of each row
 * @throws ShapeError where lengths differ; as `rankScores`
 * @see Obuchowski 1997
 */
export function clusteredTest(
  outcome: ArrayLike<number>,
  scoresA: ArrayLike<number>,
  scoresB: ArrayLike<number>,
  clusters: readonly string[],
): DelongTest {
  if (scoresA.length !== scoresB.length || clusters.length !== scoresA.length)
    throw new ShapeError(
      `clustered test: ${scoresA.length} scores against ${scoresB.length} in ${clusters.length} clusters' rows; every row needs all three`,
    );
  const [a, b] = [placements(outcome, scoresA), placements(outcome, scoresB)];
  const differences = (of: "cases" | "controls") => a[of].map((value, i) => value - a.auc - (b[of][i]! - b.auc));
  const { variance } = clusteredVariance(outcome, differences("cases"), differences("controls"), clusters);
  const difference = a.auc - b.auc;
  const z = difference === 0 && variance === 0 ? 0 : difference / Math.sqrt(variance);
  return { aucA: a.auc, aucB: b.auc, variance, z, p: normalTwoSided(z) };
}

/** The variance of the sum of two means, over cases and over controls, that are 0 by expectation, and the number of clusters. */
function clusteredVariance(
  outcome: ArrayLike<number>,
  cases: Placements["cases"],
  controls: Placements["controls"],
  clusters: readonly string[],
): { variance: number; count: number } {
  const sums = new Map<string, { a: number; b: number; hasCase: boolean; hasControl: boolean }>();
  for (let i = 0, c = 0, d = 0; i < outcome.length; i++) {
    const sum = sums.get(clusters[i]!) ?? { a: 0, b: 0, hasCase: false, hasControl: false };
    if (outcome[i] === 1) {
      sum.a += cases[c++]!;
      sum.hasCase = true;
    } else {
      sum.b += controls[d++]!;
      sum.hasControl = true;
    }
    sums.set(clusters[i]!, sum);
  }
  const all = [...sums.values()];
  const total = (term: (sum: (typeof all)[number]) => number) => all.reduce((value, sum) => value + term(sum), 0);
  const corrected = (count: number) => count / (count - 1);
  const [m, n] = [cases.length, controls.length];
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
  return { variance, count: all.length };
}
