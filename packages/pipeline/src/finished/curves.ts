// The curves of a finished study, as points to draw.
import { survivalByRisk, type RiskGroupSurvival } from "../report/survival.ts";
import { rocCurve } from "../stats/prediction/roc.ts";
import type { CohortName } from "../study/cohort.ts";
import type { StudyRecord } from "./study.ts";

/** A curve's corners, x rising. */
export type Points = readonly (readonly [x: number, y: number])[];

/** A model's ROC in one cohort. */
export interface RocPoints {
  readonly auc: number;
  readonly n: number;
  /** 1 - specificity and sensitivity, from (0, 0) to (1, 1). */
  readonly points: Points;
}

/** The ROC of a model; null where the cohort lacks one of the outcomes. */
export function rocOf({ patients }: Pick<StudyRecord, "patients">, model: string, cohort: CohortName): RocPoints | null {
  const shown = patients.filter((p) => p.cohort === cohort && p.risks[model] !== undefined);
  if (new Set(shown.map((p) => p.outcome)).size < 2) return null;
  const { auc, fpr, tpr } = rocCurve(
    shown.map((p) => p.outcome),
    shown.map((p) => p.risks[model]!),
  );
  return { auc, n: shown.length, points: [[0, 0], ...Array.from(fpr, (x, i) => [x, tpr[i]!] as const)] };
}

/** A risk group's survival as a staircase. */
export interface SurvivalSteps {
  readonly group: "high" | "low";
  readonly n: number;
  readonly events: number;
  /** Months; null where half the group is never reached. */
  readonly median: number | null;
  /** Months and the share without the event, two points a step, from (0, 1). */
  readonly points: Points;
}

/** Survival by risk group of a model, both cohorts together. */
export interface SurvivalPoints {
  readonly groups: readonly SurvivalSteps[];
  /** Of the log-rank test; null where there is one group, or nobody has the event. */
  readonly p: number | null;
  /** The longest time followed, months. */
  readonly end: number;
}

/** Kaplan-Meier curves at the threshold of a model's internal cohort; null where no patient has a time. */
export function survivalOf(
  { patients, models, study }: Pick<StudyRecord, "patients" | "models" | "study">,
  model: string,
): SurvivalPoints | null {
  const threshold = models.find((row) => row.model === model)?.threshold;
  const followed = patients.filter((p) => p.timeMonths !== null && p.risks[model] !== undefined);
  if (threshold === undefined || followed.length === 0) return null;
  const found = survivalByRisk(
    model,
    threshold,
    study.outcome.horizonMonths,
    followed.map((p) => ({ ...p, risk: p.risks[model]! })),
  );
  return {
    groups: found.groups.map(stepsOf),
    p: found.logRank?.p ?? null,
    end: Math.max(...found.patients.map(({ months }) => months)),
  };
}

function stepsOf({ group, curve, median }: RiskGroupSurvival["groups"][number]): SurvivalSteps {
  const points: [number, number][] = [[0, 1]];
  for (const [i, time] of curve.time.entries()) points.push([time, points.at(-1)![1]], [time, curve.survival[i]!]);
  return { group, n: curve.n, events: curve.events, median: Number.isNaN(median.value) ? null : median.value, points };
}
