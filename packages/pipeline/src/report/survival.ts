// Survival by risk group: does the primary model's threshold part patients who relapse early from those who do not?
import { followUp } from "../stats/follow-up.ts";
import { kaplanMeier, type SurvivalCurve } from "../stats/kaplan-meier.ts";
import { logRank } from "../stats/log-rank.ts";
import { medianAsR, type TimeInterval } from "../stats/median-survival.ts";
import { restrictedMean, type RestrictedMean } from "../stats/restricted-mean.ts";
import { primaryModel, type StudyResults } from "./results.ts";
import { risksOf } from "./risks.ts";

/** One patient's place. */
export interface GroupedPatient {
  readonly id: string;
  readonly cohort: "internal" | "external";
  readonly risk: number;
  readonly group: "high" | "low";
  /** Follow-up cut at the horizon, months. */
  readonly months: number;
  readonly event: 0 | 1;
}

/** The survival of one risk group. */
export interface GroupSurvival {
  readonly group: "high" | "low";
  readonly curve: SurvivalCurve;
  readonly median: TimeInterval;
  readonly mean: RestrictedMean;
}

/** Survival by risk group of both cohorts together. */
export interface RiskGroupSurvival {
  readonly model: string;
  readonly threshold: number;
  readonly horizonMonths: number;
  readonly patients: readonly GroupedPatient[];
  /** High risk first; a group without patients is absent. */
  readonly groups: readonly GroupSurvival[];
  /** Null where there is one group, or nobody has the event. */
  readonly logRank: { readonly chi2: number; readonly df: number; readonly p: number } | null;
}

/**
 * Risk groups of the primary model, both cohorts together, with their survival up to the horizon.
 *
 * Follow-up is cut at the horizon, where everybody still without the event is censored: it is the outcome that the models learn. Means are
 * restricted to the longest of this follow-up.
 *
 * @returns null where the study has no times
 * @see method.md section 8
 */
export function riskGroupSurvival(results: StudyResults): RiskGroupSurvival | null {
  const { study, cohort } = results;
  if (study.outcome.time === undefined) return null;
  const { horizonMonths } = study.outcome;
  const { name, threshold, internal, external } = risksOf(cohort, primaryModel(results));
  const byId = new Map(cohort.patients.map((p) => [p.id, p]));
  const patients = [internal, ...(external ? [external] : [])].flatMap(({ ids, risk }) =>
    ids.flatMap((id, i): GroupedPatient[] => {
      const { cohort, outcome, timeMonths } = byId.get(id)!;
      if (timeMonths === null) return [];
      return [
        {
          id,
          cohort,
          risk: risk[i]!,
          group: risk[i]! >= threshold ? "high" : "low",
          months: Math.min(timeMonths, horizonMonths),
          event: outcome,
        },
      ];
    }),
  );
  const dataOf = (part: readonly GroupedPatient[]) =>
    followUp(
      part.map(({ months }) => months),
      part.map(({ event }) => event),
    );
  const present = (["high", "low"] as const).filter((group) => patients.some((p) => p.group === group));
  const limit = Math.max(0, ...patients.map(({ months }) => months));
  const groups = present.map((group): GroupSurvival => {
    const curve = kaplanMeier(dataOf(patients.filter((p) => p.group === group)));
    return { group, curve, median: medianAsR(curve), mean: restrictedMean(curve, limit) };
  });
  const comparable = present.length === 2 && patients.some(({ event }) => event === 1);
  const test = comparable
    ? logRank(
        dataOf(patients),
        patients.map(({ group }) => Number(group === "low")),
        2,
      )
    : null;
  return { model: name, threshold, horizonMonths, patients, groups, logRank: test && { chi2: test.chi2, df: test.df, p: test.p } };
}
