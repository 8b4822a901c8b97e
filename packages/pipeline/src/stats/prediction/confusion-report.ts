import { benjaminiHochberg, holm } from "../adjust.ts";
import { mcnemar, type McNemar } from "./mcnemar.ts";
import { measures, type Measures } from "./measures.ts";
import { confusionAt, rocCurve, youdenThreshold, type Confusion } from "./roc.ts";
import type { NamedScores } from "./roc-report.ts";

/** The JSON of `islet stats confusion`. */
export interface ConfusionReport {
  readonly n: number;
  readonly positives: number;
  readonly scores: readonly ({ readonly score: string; readonly threshold: number } & Pick<
    Confusion,
    "truePositives" | "falsePositives" | "trueNegatives" | "falseNegatives"
  > &
    Measures)[];
  /** Every pair of scores, each at its threshold: of all patients (accuracy), those with the event (sensitivity) and those without (specificity). */
  readonly mcnemar: readonly {
    readonly a: string;
    readonly b: string;
    readonly accuracy: McNemar & { readonly pHolm: number; readonly pBenjaminiHochberg: number };
    readonly sensitivity: McNemar;
    readonly specificity: McNemar;
  }[];
  readonly method: string;
}

/**
 * What a threshold does, with intervals, and McNemar's test between every pair of scores.
 *
 * @param outcome    1 = event, 0 = none; both occur
 * @param threshold  a patient is called positive when score >= threshold; "youden" takes each score's own best, which flatters it
 * @throws as `rankScores`
 */
export function confusionReport(outcome: ArrayLike<number>, scores: readonly NamedScores[], threshold: number | "youden"): ConfusionReport {
  const called = scores.map(({ name, values }) => {
    const curve = rocCurve(outcome, values);
    const at = threshold === "youden" ? youdenThreshold(curve) : threshold;
    const isRight = Array.from(values, (value, i) => value >= at === (outcome[i] !== 0));
    return { name, at, isRight, confusion: confusionAt(at, outcome, values) };
  });
  const tests = called.flatMap((a, i) =>
    called.slice(i + 1).map((b) => {
      const compare = (isIn: (y: number) => boolean) => {
        const only = (one: readonly boolean[], other: readonly boolean[]) =>
          one.filter((right, k) => right && !other[k] && isIn(outcome[k]!)).length;
        return mcnemar(only(a.isRight, b.isRight), only(b.isRight, a.isRight));
      };
      return {
        a: a.name,
        b: b.name,
        accuracy: compare(() => true),
        sensitivity: compare((y) => y !== 0),
        specificity: compare((y) => y === 0),
      };
    }),
  );
  const p = tests.map(({ accuracy }) => accuracy.pExact);
  const [byHolm, byBenjaminiHochberg] = [holm(p), benjaminiHochberg(p)];
  const { truePositives, falseNegatives } = called[0]!.confusion;
  return {
    n: outcome.length,
    positives: truePositives + falseNegatives,
    scores: called.map(({ name, at, confusion }) => {
      const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion;
      return { score: name, threshold: at, truePositives, falsePositives, trueNegatives, falseNegatives, ...measures(confusion) };
    }),
    mcnemar: tests.map((test, i) => ({
      ...test,
      accuracy: { ...test.accuracy, pHolm: byHolm[i]!, pBenjaminiHochberg: byBenjaminiHochberg[i]! },
    })),
    method:
      "positive when score >= threshold; 95% intervals by Clopper and Pearson (exact) and by Wilson; McNemar's test exact (binomial) and by chi-square with continuity correction, two-sided" +
      (threshold === "youden"
        ? "; thresholds by Youden's index on these same rows, so the measures are too good and their intervals too narrow"
        : ""),
  };
}
