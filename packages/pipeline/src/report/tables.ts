// The study's tables as CSV. Rows and digits depend on the results alone, so equal results give equal bytes.
import { stringify } from "#csv-stringify";
import type { ClassifierChoice } from "../learn/classifier.ts";
import { evaluateAt } from "../learn/evaluate.ts";
import { groupsOf, type Cohort, type CohortName } from "../study/cohort.ts";
import type { FeatureBlock } from "../study/features.ts";
import type { ModelResult, ModelTask } from "../study/model.ts";
import { learningTables } from "./learning-tables.ts";

/** A case that gave no features, and why. */
export interface FailedCase {
  readonly patient: string;
  readonly cohort: CohortName;
  readonly phase: string;
  readonly reason: string;
}

/** A model's task and its result. */
export interface ModelOutcome {
  readonly model: string;
  readonly task: ModelTask;
  readonly result: ModelResult;
  /** What network its deep features come from, in words; null for a model without deep features. */
  readonly network: string | null;
}

/** One row of tables/models.csv. */
export interface ModelRow {
  readonly model: string;
  readonly cohort: CohortName;
  readonly n: number;
  readonly events: number;
  readonly acc: number | null;
  readonly sen: number | null;
  readonly spc: number | null;
  readonly auc: number | null;
  readonly auc_lo: number | null;
  readonly auc_hi: number | null;
  readonly p: number | null;
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
