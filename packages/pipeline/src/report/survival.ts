// Survival by risk group: does the primary model's threshold part patients who relapse early from those who do not?
import { followUp } from "../stats/survival/follow-up.ts";
import { kaplanMeier, type SurvivalCurve } from "../stats/survival/kaplan-meier.ts";
import { logRank } from "../stats/survival/log-rank.ts";
import { medianAsR, type TimeInterval } from "../stats/survival/median-survival.ts";
import { restrictedMean, type RestrictedMean } from "../stats/survival/restricted-mean.ts";
import type { Patient } from "../study/cohort.ts";
import { primaryModel, type StudyResults } from "../study/results.ts";
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
 * @see docs/method.md, section 8
 */
export function riskGroupSurvival(results: StudyResults): RiskGroupSurvival | null {
  const { study, cohort } = results;
  if (study.outcome.time === undefined) return null;
  const { name, threshold, internal, external } = risksOf(cohort, primaryModel(results));
  const byId = new Map(cohort.patients.map((p) => [p.id, p]));
  const patients = [internal, ...(external ? [external] : [])].flatMap(({ ids, risk }) =>
    ids.map((id, i): FollowedPatient => ({ ...byId.get(id)!, risk: risk[i]! })),
  );
  return survivalByRisk(name, threshold, study.outcome.horizonMonths, patients);
}

/** A patient with a risk, and how long he or she was followed. */
export type FollowedPatient = Pick<Patient, "id" | "cohort" | "outcome" | "timeMonths"> & { readonly risk: number };

/**
 * Survival by risk group of patients whose risks are given; those without a time are left out.
 *
 * @param threshold  a risk at or above it is high
 */
export function survivalByRisk(
  model: string,
  threshold: number,
  horizonMonths: number,
  followed: readonly FollowedPatient[],
): RiskGroupSurvival {
  const patients = followed.flatMap(({ id, cohort, outcome, timeMonths, risk }): GroupedPatient[] =>
    timeMonths === null
      ? []
      : [{ id, cohort, risk, group: risk >= threshold ? "high" : "low", months: Math.min(timeMonths, horizonMonths), event: outcome }],
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
  return { model, threshold, horizonMonths, patients, groups, logRank: test && { chi2: test.chi2, df: test.df, p: test.p } };
}
