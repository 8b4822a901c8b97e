// What can be chosen at a place of the study file: the tables that were given, their columns, and the names that the study itself declares.
import type { ColumnSketch, StudyDraft, TableSketch } from "@islet/pipeline";
import type { Path } from "./schema.ts";

/** Something to choose, and what is said beside it. */
export interface Choice {
  readonly value: string;
  readonly hint?: string;
}

type Data = Readonly<Record<string, unknown>> | undefined;

/** Choices at a path; null where anything may be written. */
export function choicesAt(path: Path, draft: StudyDraft, tables: readonly TableSketch[]): readonly Choice[] | null {
  const [room, name, key] = path;
  const files = tables.map(({ file, rows, columns }) => ({ value: file, hint: `${rows} rows, ${columns.length} columns` }));
  const cohortFile = ((draft["cohorts"] as Data)?.["internal"] as Data)?.["table"];
  const cohort = tables.find(({ file }) => file === cohortFile);
  if (room === "cohorts") return key === "table" ? files : null;
  if (room === "columns") return columnsOf(cohort);
  if (room === "outcome" && name === "event") return columnsOf(cohort, ["outcome"]);
  if (room === "outcome" && name === "time") return columnsOf(cohort, ["number"]);
  if ((room === "clinical" || room === "findings") && key === "column") return columnsOf(cohort);
  if (room === "learn" && (name === "group" || key === "batch")) return columnsOf(cohort);
  if (room === "features" && key === "table") return files;
  if (room === "features" && (key === "patient" || key === "ignore")) {
    const given = (draft["features"] as Data)?.[String(name)];
    const own = typeof given === "object" && !Array.isArray(given) ? (given as Data)?.["table"] : given;
    const [first] = [own].flat();
    return columnsOf(tables.find(({ file }) => file === first));
  }
  if (room === "models" && key === "features")
    return Object.keys((draft["features"] as Data) ?? {}).map((table) => ({ value: `features.${table}` }));
  if (room === "models" && (key === "clinical" || key === "findings"))
    return Object.keys((draft[key] as Data) ?? {}).map((variable) => ({ value: variable }));
  if (room === "report") return ((draft["models"] ?? []) as Data[]).map((model) => ({ value: String(model?.["name"] ?? "") }));
  return null;
}

/** A table's columns, those of the expected kind first. */
function columnsOf(table: TableSketch | undefined, expected: readonly ColumnSketch["kind"][] = []): Choice[] {
  const columns = table?.columns ?? [];
  const rank = ({ kind }: ColumnSketch) => Number(expected.length > 0 && !expected.includes(kind));
  return columns
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ name, kind, missing }) => ({
      value: name,
      hint: `${kind === "outcome" ? "0 and 1" : kind}${missing ? `, ${missing} missing` : ""}`,
    }));
}
