// The cohort's table: one patient a row, checked before anything is computed.
import { ConfigError } from "../errors.ts";
import { numberIn, readCsv } from "../intake/csv.ts";
import type { StudyConfig } from "./config.ts";
import { nearest } from "../nearest.ts";

/** Which of the study's two cohorts a patient belongs to. */
export type CohortName = "internal" | "external";

/** A table as text, and where it lies. */
export interface TableText {
  /** What messages call it. */
  readonly file: string;
  /** The folder that paths in the table are relative to. */
  readonly folder: string;
  readonly text: string;
}

/** One patient of the study; `paths` holds what the phases' columns name, as written in the table. */
export interface Patient {
  readonly id: string;
  readonly cohort: CohortName;
  /** 1 = the event came within the horizon, 0 = it did not. */
  readonly outcome: 0 | 1;
  readonly timeMonths: number | null;
  /** Column -> path as written; empty cells are absent. */
  readonly paths: Readonly<Record<string, string>>;
  /** The folder that the paths are relative to. */
  readonly folder: string;
  /** Variable (of `clinical` and `findings`) -> cell as written. */
  readonly variables: Readonly<Record<string, string>>;
  /** The cell of the column that `learn.group` names. */
  readonly group?: string;
  /** The cell of the column that `learn.harmonise.batch` names. */
  readonly batch?: string;
}

/** Who is in the study and who was left out. */
export interface Cohort {
  readonly patients: readonly Patient[];
  readonly excluded: readonly { readonly id: string; readonly cohort: CohortName; readonly reason: string }[];
}

/**
 * The patients of a study from its one or two tables.
 *
 * @param internal  the internal cohort's table; it serves both cohorts when it has a cohort column
 * @throws ConfigError naming file, row and column: a missing column, a duplicate id, an outcome that is not 0 or 1, a time that is
 *   no number, an outcome of one class only in the internal cohort
 */
export function readCohort(study: StudyConfig, internal: TableText, external: TableText | null): Cohort {
  const patients: Patient[] = [];
  const excluded: Cohort["excluded"][number][] = [];
  const seen = new Map<string, string>();
  const sources: [CohortName, TableText][] = [["internal", internal]];
  if (external) sources.push(["external", external]);
  const shared = !external || external.file === internal.file;

  for (const [name, table] of sources) {
    const { columns, rows } = readCsv(table.text, table.file);
    checkColumns(study, table.file, columns);
    const hasCohort = columns.includes(study.columns.cohort);
    for (const { line, cells } of rows) {
      const where = (column: string) => `${table.file}, row ${line}, column ${column}`;
      const cohort = cohortOf(study, cells, hasCohort && shared, name, external !== null, where(study.columns.cohort));
      if (cohort !== name && external) continue;
      const id = cells[study.columns.patient]!;
      if (!id) throw new ConfigError(where(study.columns.patient), "is empty; every patient needs an id");
      if (/[\\/\0]|^\.+$/.test(id))
        throw new ConfigError(where(study.columns.patient), `the id "${id}" cannot name a file; use letters, digits, "-" and "_"`);
      const before = seen.get(id);
      if (before) throw new ConfigError(where(study.columns.patient), `patient ${id} is already in ${before}; each patient has one row`);
      seen.set(id, `${table.file}, row ${line}`);
      if (study.exclude.includes(id)) {
        excluded.push({ id, cohort, reason: "listed in study.exclude" });
        continue;
      }
      const event = cells[study.outcome.event]!;
      if (event !== "0" && event !== "1") throw new ConfigError(where(study.outcome.event), `expected 0 or 1; got "${event}"`);
      const timeMonths = study.outcome.time ? numberIn(cells[study.outcome.time]!, where(study.outcome.time)) : null;
      if (timeMonths !== null && timeMonths < 0)
        throw new ConfigError(where(study.outcome.time!), `a follow-up cannot be negative; got ${timeMonths}`);
      const inHorizon = timeMonths === null || timeMonths <= study.outcome.horizonMonths;
      if (study.outcome.early === "exclude" && event === "0" && timeMonths !== null && timeMonths < study.outcome.horizonMonths) {
        excluded.push({ id, cohort, reason: `censored at ${timeMonths} months, before the horizon of ${study.outcome.horizonMonths}` });
        continue;
      }
      patients.push({
        id,
        cohort,
        outcome: event === "1" && inHorizon ? 1 : 0,
        timeMonths,
        paths: Object.fromEntries(
          pathColumns(study)
            .map((c) => [c, cells[c]!] as const)
            .filter(([, path]) => path !== ""),
        ),
        folder: table.folder,
        variables: Object.fromEntries(variableColumns(study).map(([variable, c]) => [variable, cells[c]!])),
        ...(study.learn.group !== undefined && { group: named(cells[study.learn.group]!, where(study.learn.group)) }),
        ...(study.learn.harmonise && { batch: named(cells[study.learn.harmonise.batch]!, where(study.learn.harmonise.batch)) }),
      });
    }
  }
  const stranger = study.exclude.find((id) => !seen.has(id));
  if (stranger !== undefined) throw new ConfigError("exclude", `patient "${stranger}" is in no table of this study`);
  const outcomes = new Set(patients.filter((p) => p.cohort === "internal").map((p) => p.outcome));
  if (outcomes.size < 2) {
    throw new ConfigError(
      `${internal.file}, column ${study.outcome.event}`,
      outcomes.size
        ? `every patient of the internal cohort has outcome ${[...outcomes][0]}; a model needs both 0 and 1`
        : "no patient of the internal cohort is left",
    );
  }
  return { patients, excluded };
}

function cohortOf(
  study: StudyConfig,
  cells: Record<string, string>,
  useColumn: boolean,
  table: CohortName,
  hasExternal: boolean,
  where: string,
): CohortName {
  if (!useColumn) return table;
  const value = cells[study.columns.cohort]!;
  if (value === (study.cohorts.internal.where ?? "internal")) return "internal";
  if (value === (study.cohorts.external?.where ?? "external")) return "external";
  throw new ConfigError(
    where,
    `expected "${study.cohorts.internal.where ?? "internal"}" or "${study.cohorts.external?.where ?? "external"}"${hasExternal ? "" : " (the column cohort splits one table in two)"}; got "${value}"`,
  );
}

/** The columns that hold paths. */
function pathColumns(study: StudyConfig): string[] {
  const named = Object.values(study.phases).flatMap((p) => [p.image, p.mask, p.rough, p.roughFrom?.mask]);
  return [...new Set(named.filter((c): c is string => c !== undefined))];
}

/** Variables of `clinical` and `findings` with their columns. */
function variableColumns(study: StudyConfig): [variable: string, column: string][] {
  return [...Object.entries(study.clinical), ...Object.entries(study.findings)].map(([name, v]) => [name, v.column]);
}

/** A cell that must say something. */
function named(cell: string, where: string): string {
  if (cell === "") throw new ConfigError(where, "is empty; every patient needs one");
  return cell;
}

function checkColumns(study: StudyConfig, file: string, columns: readonly string[]): void {
  const wanted = [
    study.columns.patient,
    study.outcome.event,
    ...(study.outcome.time ? [study.outcome.time] : []),
    ...pathColumns(study),
    ...variableColumns(study).map(([, c]) => c),
    ...(study.learn.group !== undefined ? [study.learn.group] : []),
    ...(study.learn.harmonise ? [study.learn.harmonise.batch] : []),
  ];
  for (const column of wanted) {
    if (columns.includes(column)) continue;
    const near = nearest(column, columns);
    throw new ConfigError(file, `has no column "${column}"${near ? `; did you mean "${near}"?` : ""} (columns: ${columns.join(", ")})`);
  }
}

/** The groups of patients by their ids, where the study's learner keeps groups together. */
export function groupsOf({ patients }: Pick<Cohort, "patients">, ids: readonly string[]): string[] | undefined {
  const groupOf = new Map(patients.flatMap(({ id, group }) => (group === undefined ? [] : [[id, group] as const])));
  return ids.every((id) => groupOf.has(id)) && ids.length > 0 ? ids.map((id) => groupOf.get(id)!) : undefined;
}
