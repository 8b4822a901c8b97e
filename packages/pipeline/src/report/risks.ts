// What each model says of each patient, cohort by cohort: what every figure and table of the report begins with.
import { evaluateAt, type Evaluation } from "../learn/validate/evaluate.ts";
import { groupsOf, type Cohort } from "../study/cohort.ts";
import type { ModelOutcome } from "../study/results.ts";

/** The risks of one cohort, in one order of patients. */
export interface Risks {
  readonly ids: readonly string[];
  readonly outcome: readonly (0 | 1)[];
  /** 0 .. 1. */
  readonly risk: readonly number[];
  /** The group of each patient, where the study names groups. */
  readonly groups?: readonly string[];
  /** At the model's threshold, which comes from the internal cohort. */
  readonly evaluation: Evaluation;
}

/** A model and its risks. */
export interface ModelRisks {
  readonly name: string;
  /** Risk >= threshold is high. */
  readonly threshold: number;
  readonly internal: Risks;
  readonly external: Risks | null;
}

/** Internal risks are cross-validated, external ones the mean of the fold models. */
export function risksOf(cohort: Cohort, { model, task, result }: ModelOutcome): ModelRisks {
  const { crossValidation: cv, externalRisk } = result;
  const outcomeOf = new Map(cohort.patients.map((p) => [p.id, p.outcome]));
  const risks = (ids: readonly string[], risk: readonly number[]): Risks => {
    const outcome = ids.map((id) => outcomeOf.get(id)!);
    const groups = groupsOf(cohort, ids);
    return { ids, outcome, risk, ...(groups && { groups }), evaluation: evaluateAt(cv.threshold, outcome, risk, groups) };
  };
  return {
    name: model,
    threshold: cv.threshold,
    internal: risks(
      cv.predictions.map(({ id }) => id),
      cv.predictions.map(({ risk }) => risk),
    ),
    external: task.external && externalRisk ? risks(task.external.ids, externalRisk) : null,
  };
}
