// A finished study, read back from its folder: what a screen needs to show it.
import { access } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import { numberIn, readCsv, requireColumn } from "../intake/csv.ts";
import { textOf } from "../intake/named-file.node.ts";
import { isSynthetic } from "../report/results.ts";
import type { FailedCase, ModelRow } from "../report/tables.ts";
import type { CohortName } from "../study/cohort.ts";
import { parseStudy, type StudyConfig } from "../study/config.ts";
import type { FeatureBlock } from "../study/features.ts";
import { loadStudy, type LoadedStudy } from "../study/run.node.ts";

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

/** A study as its folder tells it. */
export interface FinishedStudy {
  readonly out: string;
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
  /** The study's own file and tables; null where they are no longer there. */
  readonly loaded: LoadedStudy | null;
  /** Why `loaded` is null; empty otherwise. */
  readonly why: string;
}

/**
 * Reads a study's output folder.
 *
 * @param file  the study file it was run from, for what the folder does not repeat (follow-up times, where scans lie); null where nobody knows
 * @throws ConfigError when the folder holds no finished study, or its tables have been changed
 */
export async function readFinishedStudy(out: string, file: string | null): Promise<FinishedStudy> {
  const record = await provenanceOf(out);
  const loaded = file === null ? null : await loadStudy(file).catch((error: Error) => error);
  const isLoaded = loaded !== null && !(loaded instanceof Error);
  const study = record.study;
  const times = new Map(isLoaded ? loaded.cohort.patients.map((p) => [p.id, p.timeMonths]) : []);
  const models = rowsOf(await textOf(join(out, "tables/models.csv")), "tables/models.csv", modelRow);
  return {
    out,
    study,
    isSynthetic: isSynthetic(study),
    backend: record.backend,
    finished: record.finished,
    primary: study.report?.primaryModel ?? study.models[0]!.name,
    models,
    patients: patientsOf(await textOf(join(out, "predictions.csv")), times),
    leftOut: rowsOf(await textOf(join(out, "tables/flow.csv")), "tables/flow.csv", (cell) => ({
      patient: cell("patient_id"),
      cohort: cohortIn(cell("cohort")),
      phase: cell("phase"),
      reason: cell("reason"),
    })),
    roles: await rolesOf(out),
    loaded: isLoaded ? loaded : null,
    why: isLoaded ? "" : (loaded?.message ?? "the study's file is not known; open the study by its file to see follow-up and scans"),
  };
}

/** Whether a folder holds a study that has run to its end. */
export async function isFinishedStudy(out: string): Promise<boolean> {
  return access(join(out, "provenance.json")).then(
    () => true,
    () => false,
  );
}

/**
 * The blocks of features that a model used, from the folder's tables.
 *
 * @throws ConfigError when one is missing
 */
export async function readBlocks({ out, study }: FinishedStudy, model: string): Promise<Map<string, FeatureBlock>> {
  const blocks = new Map<string, FeatureBlock>();
  for (const name of study.models.find((m) => m.name === model)!.features) {
    const file = `features/${name}.csv`;
    const { columns, rows } = readCsv(await textOf(join(out, file)), file);
    const own = columns.slice(2);
    const values = rows.map(({ cells, line }) => {
      const row = own.map((c) => (cells[c] === "" ? null : numberIn(cells[c]!, `${file}, row ${line}, column ${c}`)));
      return [cells["patient_id"]!, row] as const;
    });
    const undefinedFeatures = own
      .map((column, i) => ({ name: column, patients: values.filter(([, row]) => row[i] === null).length }))
      .filter(({ patients }) => patients > 0);
    blocks.set(name, { name, columns: own, rows: new Map(values), undefinedFeatures });
  }
  return blocks;
}

async function provenanceOf(out: string): Promise<{ study: StudyConfig; backend: string; finished: string }> {
  const file = join(out, "provenance.json");
  if (!(await isFinishedStudy(out)))
    throw new ConfigError(out, "holds no finished study (there is no provenance.json); run the study first, or go on with it");
  let record: { study?: unknown; backend?: unknown; finished?: unknown };
  try {
    record = JSON.parse(await textOf(file)) as typeof record;
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

async function rolesOf(out: string): Promise<Record<string, FeatureRoleRow[]>> {
  const roles: Record<string, FeatureRoleRow[]> = {};
  const file = "tables/feature-roles.csv";
  const rows = rowsOf(await textOf(join(out, file)), file, (cell, where) => ({
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
