// A finished study, read back from what it wrote, wherever that is: what a screen needs to show it.
import { ConfigError } from "../errors.ts";
import { numberIn, readCsv, requireColumn } from "../intake/csv.ts";
import { isSynthetic, primaryModel, type FailedCase } from "../study/results.ts";
import type { ModelRow } from "../study/model-rows.ts";
import type { CohortName } from "../study/cohort.ts";
import { parseStudy, type StudyConfig } from "../study/config.ts";

/** A patient as the models saw him or her. */
export interface FinishedPatient {
  readonly id: string;
  readonly cohort: CohortName;
  readonly outcome: 0 | 1;
  /** Follow-up, months; null where the study has no times, or its table is not at hand. */
  readonly timeMonths: number | null;
  /** Model -> risk, 0 .. 1: cross-validated for internal patients, the mean of the fold models for external ones. */
  readonly risks: Readonly<Record<string, number>>;
}

/** What a feature does in a model, over its fold models. */
export interface FeatureRoleRow {
  readonly feature: string;
  /** Share of the fold models that have it. */
  readonly share: number;
  /** Mean weight over the linear ones, in units of the scaled feature; null where none is linear. */
  readonly weight: number | null;
}

/** A study as its outputs tell it. */
export interface StudyRecord {
  readonly study: StudyConfig;
  readonly isSynthetic: boolean;
  readonly backend: string;
  /** When it ended, ISO 8601. */
  readonly finished: string;
  /** The model that stratifies risk. */
  readonly primary: string;
  readonly models: readonly ModelRow[];
  readonly patients: readonly FinishedPatient[];
  /** Who is in no model, or lacks a phase, and why; the phase is empty for a patient who was excluded. */
  readonly leftOut: readonly FailedCase[];
  /** Model -> its features. */
  readonly roles: Readonly<Record<string, readonly FeatureRoleRow[]>>;
}

/**
 * Reads a study's outputs.
 *
 * @param read   gives the text of an output by its path
 * @param where  what messages call provenance.json
 * @param times  patient -> follow-up, months, which the outputs do not repeat
 * @throws ConfigError when the outputs have been changed
 */
export async function readStudyRecord(
  read: (path: string) => Promise<string>,
  where: string,
  times: ReadonlyMap<string, number | null>,
): Promise<StudyRecord> {
  const { study, backend, finished } = provenanceOf(await read("provenance.json"), where);
  const models = rowsOf(await read("tables/models.csv"), "tables/models.csv", modelRow);
  if (models.length === 0) throw new ConfigError("tables/models.csv", "has no model; run the study again");
  return {
    study,
    isSynthetic: isSynthetic(study),
    backend,
    finished,
    primary: primaryModel({ study, models }).model,
    models,
    patients: patientsOf(await read("predictions.csv"), times),
    leftOut: rowsOf(await read("tables/flow.csv"), "tables/flow.csv", (cell) => ({
      patient: cell("patient_id"),
      cohort: cohortIn(cell("cohort")),
      phase: cell("phase"),
      reason: cell("reason"),
    })),
    roles: rolesOf(await read("tables/feature-roles.csv")),
  };
}

function provenanceOf(text: string, file: string): { study: StudyConfig; backend: string; finished: string } {
  let record: { study?: unknown; backend?: unknown; finished?: unknown };
  try {
    record = JSON.parse(text) as typeof record;
  } catch (cause) {
    throw new ConfigError(file, "is not the record of a study; run the study again", { cause });
  }
  // JSON is YAML, so the study file's own checks serve.
  return { study: parseStudy(JSON.stringify(record.study), file), backend: String(record.backend), finished: String(record.finished) };
}

function patientsOf(text: string, times: ReadonlyMap<string, number | null>): FinishedPatient[] {
  const patients = new Map<string, FinishedPatient & { readonly risks: Record<string, number> }>();
  const file = "predictions.csv";
  const rows = rowsOf(text, file, (cell, where) => ({
    id: cell("patient_id"),
    cohort: cohortIn(cell("cohort")),
    model: cell("model"),
    outcome: cell("outcome") === "1" ? (1 as const) : (0 as const),
    risk: numberIn(cell("risk"), where),
  }));
  for (const { id, cohort, model, outcome, risk } of rows) {
    const known = patients.get(id) ?? { id, cohort, outcome, timeMonths: times.get(id) ?? null, risks: {} };
    known.risks[model] = risk;
    patients.set(id, known);
  }
  return [...patients.values()];
}

function rolesOf(text: string): Record<string, FeatureRoleRow[]> {
  const roles: Record<string, FeatureRoleRow[]> = {};
  const file = "tables/feature-roles.csv";
  const rows = rowsOf(text, file, (cell, where) => ({
    model: cell("model"),
    feature: cell("feature"),
    share: numberIn(cell("share"), where),
    weight: cell("mean_weight") === "" ? null : numberIn(cell("mean_weight"), where),
  }));
  for (const { model, ...role } of rows) (roles[model] ??= []).push(role);
  return roles;
}

function modelRow(cell: Cell, where: string): ModelRow {
  const value = (column: string) => (cell(column) === "" ? null : numberIn(cell(column), where));
  return {
    model: cell("model"),
    cohort: cohortIn(cell("cohort")),
    n: numberIn(cell("n"), where),
    events: numberIn(cell("events"), where),
    acc: value("acc"),
    sen: value("sen"),
    spc: value("spc"),
    auc: value("auc"),
    auc_lo: value("auc_lo"),
    auc_hi: value("auc_hi"),
    p: value("p"),
    threshold: numberIn(cell("threshold"), where),
    network: cell("network"),
  };
}

type Cell = (column: string) => string;

/** The rows of one of our own tables; a table with nothing below its header has none. */
function rowsOf<Row>(text: string, file: string, row: (cell: Cell, where: string) => Row): Row[] {
  if (text.trim().split("\n").length < 2) return [];
  const { columns, rows } = readCsv(text, file);
  return rows.map(({ cells, line }) =>
    row((column) => {
      requireColumn(columns, column, file);
      return cells[column]!;
    }, `${file}, row ${line}`),
  );
}

const cohortIn = (cell: string): CohortName => (cell === "external" ? "external" : "internal");
