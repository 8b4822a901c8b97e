// How each model did in each cohort, in numbers.
import { evaluateAt, type Evaluation } from "../learn/validate/evaluate.ts";
import { groupsOf, type Cohort, type CohortName } from "./cohort.ts";
import type { ModelOutcome } from "./results.ts";

/** One row of tables/models.csv. */
export interface ModelRow extends Pick<Evaluation, "n" | "events" | "acc" | "sen" | "spc" | "auc" | "p"> {
  readonly model: string;
  readonly cohort: CohortName;
  readonly auc_lo: number | null;
  readonly auc_hi: number | null;
  readonly threshold: number;
  readonly network: string;
}

/**
 * How each model does in each cohort: internal by pooled cross-validation, external by the mean probability of the fold models,
 * both at the internal threshold.
 */
export function modelRows(cohort: Cohort, { model, task, result, network }: ModelOutcome): ModelRow[] {
  const { crossValidation: cv, externalRisk } = result;
  const outcomeOf = new Map(cohort.patients.map((p) => [p.id, p.outcome]));
  const row = (name: CohortName, ids: readonly string[], risk: readonly number[]): ModelRow => {
    const outcome = Uint8Array.from(ids, (id) => outcomeOf.get(id)!);
    const { acc, sen, spc, auc, lo, hi, p } = evaluateAt(cv.threshold, outcome, Float64Array.from(risk), groupsOf(cohort, ids));
    return {
      model,
      cohort: name,
      n: outcome.length,
      events: outcome.reduce((sum, y) => sum + y, 0),
      acc,
      sen,
      spc,
      auc,
      auc_lo: lo,
      auc_hi: hi,
      p,
      threshold: cv.threshold,
      network: network ?? "",
    };
  };
  const rows = [
    row(
      "internal",
      cv.predictions.map((q) => q.id),
      cv.predictions.map((q) => q.risk),
    ),
  ];
  if (task.external && externalRisk) rows.push(row("external", task.external.ids, externalRisk));
  return rows;
}
