import { benjaminiHochberg, holm } from "../adjust.ts";
import { clusteredAuc, clusteredTest } from "./clustered-auc.ts";
import { comparePlacements, compareUnpaired, intervalOf, placements, type AucInterval, type DelongTest } from "./delong.ts";
import { normalQuantile } from "../distributions.ts";
import type { NamedScores } from "./roc-report.ts";

/** The JSON of `islet stats delong`. Where a variance has no value or is 0, what depends on it is null. */
export interface DelongReport {
  readonly n: number;
  /** How many clusters the rows come in; null where each row stands for itself. */
  readonly clusters: number | null;
  /** Rows with the event. */
  readonly positives: number;
  readonly scores: readonly { readonly score: string; readonly auc: number; readonly ci: readonly [lo: number, hi: number] | null }[];
  /** Every pair, in the order given: a row of the matrix of all models. */
  readonly pairs: readonly {
    readonly a: string;
    readonly b: string;
    readonly aucA: number;
    readonly aucB: number;
    /** aucA - aucB with its 95% interval. */
    readonly difference: number;
    readonly ci: readonly [lo: number, hi: number] | null;
    readonly z: number | null;
    readonly p: number | null;
    /** Adjusted for the number of pairs. */
    readonly pHolm: number | null;
    readonly pBenjaminiHochberg: number | null;
  }[];
  readonly method: string;
}

/** One score's AUC in two groups of patients. The JSON of `islet stats delong --group`. */
export interface DelongGroupsReport {
  readonly group: string;
  readonly scores: readonly {
    readonly score: string;
    readonly groups: readonly {
      readonly name: string;
      readonly n: number;
      readonly positives: number;
      readonly auc: number;
      readonly ci: readonly [lo: number, hi: number] | null;
    }[];
    readonly difference: number;
    readonly t: number | null;
    readonly df: number | null;
    readonly p: number | null;
    readonly pHolm: number | null;
    readonly pBenjaminiHochberg: number | null;
  }[];
  readonly method: string;
}

const ADJUSTED = "two-sided; P adjusted by Holm and by Benjamini and Hochberg";

/**
 * The matrix of all models: DeLong's paired test of every pair of scores on the same patients, adjusted for the number of pairs.
 * Each score is placed once, so many models cost little more than one each.
 *
 * @throws as `rankScores`
 */
export function delongReport(outcome: ArrayLike<number>, scores: readonly NamedScores[]): DelongReport {
  const placed = scores.map(({ name, values }) => ({ name, at: placements(outcome, values) }));
  const tests = placed.flatMap((a, i) => placed.slice(i + 1).map((b) => ({ a: a.name, b: b.name, ...comparePlacements(a.at, b.at) })));
  const areas = placed.map(({ name, at }) => ({ score: name, ...intervalOf(at) }));
  return matrixOf(outcome, null, areas, tests, "DeLong's test for paired curves (DeLong et al. 1988, as pROC)");
}

/**
 * The same matrix for rows that come in clusters, such as the lesions of patients, by Obuchowski's interval and paired test.
 *
 * @param clusters  the cluster of each row
 * @throws as `rankScores`
 */
export function clusteredReport(outcome: ArrayLike<number>, scores: readonly NamedScores[], clusters: readonly string[]): DelongReport {
  const tests = scores.flatMap((a, i) =>
    scores.slice(i + 1).map((b) => ({ a: a.name, b: b.name, ...clusteredTest(outcome, a.values, b.values, clusters) })),
  );
  const areas = scores.map(({ name, values }) => ({ score: name, ...clusteredAuc(outcome, values, clusters) }));
  const method = "Obuchowski's test for paired curves of clustered rows (Obuchowski 1997; DeLong's where each row is a cluster)";
  return matrixOf(outcome, new Set(clusters).size, areas, tests, method);
}

/** Areas and tests as a report, with P adjusted for the number of tests. */
function matrixOf(
  outcome: ArrayLike<number>,
  clusters: number | null,
  areas: readonly ({ readonly score: string } & AucInterval)[],
  tests: readonly ({ readonly a: string; readonly b: string } & DelongTest)[],
  method: string,
): DelongReport {
  const [byHolm, byBenjaminiHochberg] = [holm(tests.map(({ p }) => p)), benjaminiHochberg(tests.map(({ p }) => p))];
  const z975 = normalQuantile(0.975);
  return {
    n: outcome.length,
    clusters,
    positives: Array.from(outcome).filter((y) => y === 1).length,
    scores: areas.map(({ score, auc, ...interval }) => ({ score, auc, ci: ciOf(interval) })),
    pairs: tests.map(({ a, b, aucA, aucB, variance, z, p }, i) => {
      const difference = aucA - aucB;
      const half = z975 * Math.sqrt(variance);
      const ci = Number.isNaN(half) ? null : ([difference - half, difference + half] as const);
      return {
        a,
        b,
        aucA,
        aucB,
        difference,
        ci,
        z: finite(z),
        p: finite(p),
        pHolm: finite(byHolm[i]!),
        pBenjaminiHochberg: finite(byBenjaminiHochberg[i]!),
      };
    }),
    method: `${method}, ${ADJUSTED} for ${tests.length} ${tests.length === 1 ? "pair" : "pairs"}`,
  };
}

/**
 * DeLong's unpaired test of each score between two groups of patients, such as two hospitals.
 *
 * @param group  0 or 1 a patient
 * @param names  of the two groups
 * @throws as `rankScores`, for a group of one class
 */
export function delongGroupsReport(
  outcome: ArrayLike<number>,
  scores: readonly NamedScores[],
  column: string,
  group: ArrayLike<number>,
  names: readonly [string, string],
): DelongGroupsReport {
  const rows = [0, 1].map((g) => Array.from({ length: outcome.length }, (_, i) => i).filter((i) => group[i] === g));
  const tests = scores.map(({ name, values }) => {
    const placed = rows.map((part) =>
      placements(
        part.map((i) => outcome[i]!),
        part.map((i) => values[i]!),
      ),
    );
    return { name, placed, ...compareUnpaired(placed[0]!, placed[1]!) };
  });
  const [byHolm, byBenjaminiHochberg] = [holm(tests.map(({ p }) => p)), benjaminiHochberg(tests.map(({ p }) => p))];
  return {
    group: column,
    scores: tests.map(({ name, placed, aucA, aucB, t, df, p }, i) => ({
      score: name,
      groups: placed.map((at, g) => ({
        name: names[g]!,
        n: rows[g]!.length,
        positives: at.cases.length,
        auc: at.auc,
        ci: ciOf(intervalOf(at)),
      })),
      difference: aucA - aucB,
      t: finite(t),
      df: finite(df),
      p: finite(p),
      pHolm: finite(byHolm[i]!),
      pBenjaminiHochberg: finite(byBenjaminiHochberg[i]!),
    })),
    method: `DeLong's test for independent curves (DeLong et al. 1988, degrees of freedom as pROC), ${ADJUSTED} for ${tests.length} ${tests.length === 1 ? "score" : "scores"}`,
  };
}

function ciOf({ lo, hi }: Pick<AucInterval, "lo" | "hi">): readonly [lo: number, hi: number] | null {
  return Number.isNaN(lo) ? null : [lo, hi];
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
