// The study's tables as CSV. Rows and digits depend on the results alone, so equal results give equal bytes.
import { stringify } from "#csv-stringify";
import type { ClassifierChoice } from "../learn/classify/classifier.ts";
import type { Cohort } from "../study/cohort.ts";
import type { FeatureBlock } from "../study/features.ts";
import { modelRows } from "../study/model-rows.ts";
import type { FailedCase, ModelOutcome } from "../study/results.ts";
import { learningTables } from "./learning-tables.ts";

/** Every table of a study, by its path in the output folder. */
export function studyTables({
  cohort,
  blocks,
  models,
  failures,
}: {
  readonly cohort: Cohort;
  readonly blocks: ReadonlyMap<string, FeatureBlock>;
  readonly models: readonly ModelOutcome[];
  readonly failures: readonly FailedCase[];
}): Record<string, string> {
  const tables: Record<string, string> = {
    "tables/models.csv": csv(models.flatMap((m) => modelRows(cohort, m))),
    "tables/flow.csv": flowTable(cohort, failures),
    "tables/selected-features.csv": selectedTable(models),
    "predictions.csv": predictionsTable(cohort, models),
    "folds.csv": foldsTable(models),
    ...learningTables(models),
  };
  const cohortOf = new Map(cohort.patients.map((p) => [p.id, p.cohort]));
  for (const [name, block] of blocks) {
    const rows = [...block.rows].map(([id, values]) => [id, cohortOf.get(id)!, ...values]);
    tables[`features/${name}.csv`] = stringify([["patient_id", "cohort", ...block.columns], ...rows]);
  }
  return tables;
}

function predictionsTable(cohort: Cohort, models: readonly ModelOutcome[]): string {
  const outcomeOf = new Map(cohort.patients.map((p) => [p.id, p.outcome]));
  return csv(
    models.flatMap(({ model, task, result: { crossValidation, externalRisk } }) => [
      ...crossValidation.predictions.map(({ id, fold, outcome, risk }) => ({
        patient_id: id,
        cohort: "internal",
        model,
        fold: fold === null ? "out of bag" : String(fold),
        outcome,
        risk,
      })),
      ...(task.external?.ids ?? []).map((id, i) => ({
        patient_id: id,
        cohort: "external",
        model,
        fold: "ensemble",
        outcome: outcomeOf.get(id)!,
        risk: externalRisk![i]!,
      })),
    ]),
  );
}

/** Every patient and phase that is not in the models, and why. */
function flowTable(cohort: Cohort, failures: readonly FailedCase[]): string {
  const header = ["patient_id", "cohort", "phase", "status", "reason"];
  return stringify([
    header,
    ...cohort.excluded.map((e) => [e.id, e.cohort, "", "excluded", e.reason]),
    ...failures.map((f) => [f.patient, f.cohort, f.phase, "failed", f.reason]),
  ]);
}

function foldsTable(models: readonly ModelOutcome[]): string {
  return csv(
    models.flatMap(({ model, result }) =>
      result.crossValidation.folds.map((fold, k) => ({
        model,
        fold: k,
        selected: fold.selected.length,
        ...choiceCells(fold.params),
        inner_auc: fold.innerAuc,
        flags: fold.flags.join("; "),
      })),
    ),
  );
}

/** A classifier's choice; a logistic regression has its penalty in the place of a kernel. */
function choiceCells(choice: ClassifierChoice) {
  if (!("kernel" in choice)) return { kernel: `logistic ${choice.penalty}`, C: choice.C, gamma: "" };
  return { kernel: choice.kernel.kind, C: choice.C, gamma: choice.kernel.kind === "linear" ? "" : choice.kernel.gamma };
}

function selectedTable(models: readonly ModelOutcome[]): string {
  const header = ["model", "fold", "feature"];
  const rows = models.flatMap(({ model, result }) =>
    result.crossValidation.folds.flatMap((fold, k) => fold.selected.map((feature) => [model, k, feature])),
  );
  return stringify([header, ...rows]);
}

/** Rows of one kind as CSV; null is an empty cell, numbers have the digits that give them back exactly. */
function csv(rows: readonly object[]): string {
  return stringify(rows as object[], { header: true });
}
