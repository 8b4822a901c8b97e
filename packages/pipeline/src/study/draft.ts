// A study that somebody is still writing: proposed from tables, written as YAML and read back.
import { parseDocument, stringify } from "yaml";
import { ConfigError } from "../errors.ts";
import { isMissing, readCsv } from "../intake/csv.ts";

/** What a table looks like to somebody who chooses its columns. */
export interface TableSketch {
  readonly file: string;
  readonly rows: number;
  readonly columns: readonly ColumnSketch[];
}

/** A column by its known cells. */
export interface ColumnSketch {
  readonly name: string;
  /** "outcome": 0 and 1 alone; "number"; "category": at most a fifth of the rows' number (or 8) of different words; "id": a different word a row; "words". */
  readonly kind: "outcome" | "number" | "category" | "id" | "words" | "empty";
  readonly missing: number;
}

/**
 * Looks at a table's columns.
 *
 * @throws ConfigError where it is no table
 */
export function sketchTable(text: string, file: string): TableSketch {
  if (text.startsWith("PK")) throw new ConfigError(file, "is a spreadsheet's own format or a zip, expected a table as CSV; save it as CSV");
  if (text.includes("\0")) throw new ConfigError(file, "is not a text file; expected a table as CSV");
  const { columns, rows } = readCsv(text, file);
  return {
    file,
    rows: rows.length,
    columns: columns.map((name) => {
      const known = rows.map(({ cells }) => cells[name]!).filter((cell) => !isMissing(cell));
      return { name, kind: kindOf(known, rows.length), missing: rows.length - known.length };
    }),
  };
}

function kindOf(known: readonly string[], rows: number): ColumnSketch["kind"] {
  if (known.length === 0) return "empty";
  const distinct = new Set(known);
  if (distinct.size === 2 && distinct.has("0") && distinct.has("1")) return "outcome";
  const isNumber = known.every((cell) => Number.isFinite(Number(cell)));
  if (isNumber && distinct.size > 2) return "number";
  if (distinct.size <= Math.max(8, rows / 5) && distinct.size < known.length) return "category";
  return distinct.size === rows ? "id" : isNumber ? "number" : "words";
}

/** A study file as plain data, complete or not: what a form edits. */
export type StudyDraft = Readonly<Record<string, unknown>>;

/** Words by which columns are mostly called. */
const CALLED = {
  patient: /^(patient[ _-]?id|patient|case|subject|id)$/i,
  cohort: /^(cohort|centre|center|hospital|set|split)$/i,
  event: /recur|relapse|event|outcome|death|died|progress|metasta|response/i,
  time: /month|follow|time|survival|\bdfs\b|\bos\b|\bpfs\b/i,
};

/**
 * A study to begin with: the table with an outcome is the cohort's, every other table holds features, and there is a model a table.
 *
 * A proposal by the columns' names and kinds, to be read and changed; it reads no outcome and computes nothing.
 */
export function proposeStudy(tables: readonly TableSketch[]): StudyDraft {
  const hasOutcome = (table: TableSketch) => table.columns.some(({ kind }) => kind === "outcome");
  const widthOf = ({ columns }: TableSketch) => columns.length;
  const cohort =
    tables.filter(hasOutcome).toSorted((a, b) => widthOf(a) - widthOf(b))[0] ?? tables.toSorted((a, b) => widthOf(a) - widthOf(b))[0];
  if (!cohort) throw new ConfigError("tables", "none was given; a study needs the cohort's table, and tables of features");
  const called = (what: RegExp, kinds: readonly ColumnSketch["kind"][], columns = cohort.columns) =>
    columns.find(({ name, kind }) => what.test(name) && kinds.includes(kind))?.name;
  const patient = called(CALLED.patient, ["id", "number", "words"]) ?? cohort.columns.find(({ kind }) => kind === "id")?.name;
  const part = called(CALLED.cohort, ["category"]);
  const event = called(CALLED.event, ["outcome"]) ?? cohort.columns.find(({ kind }) => kind === "outcome")?.name ?? "";
  const time = called(CALLED.time, ["number"]);
  const features = tables
    .filter((table) => table !== cohort)
    .map((table) => {
      const own = table.columns.some(({ name }) => name === (patient ?? "patient_id"))
        ? undefined
        : (called(CALLED.patient, ["id", "number", "words"], table.columns) ?? table.columns.find(({ kind }) => kind === "id")?.name);
      return [nameOf(table.file), own === undefined ? table.file : { table: table.file, patient: own }] as const;
    });
  const taken = new Set([patient, part, event, time]);
  const clinical = cohort.columns
    .filter(({ name, kind }) => !taken.has(name) && (kind === "number" || kind === "category" || kind === "outcome"))
    .map(({ name, kind }) => [name, { column: name, kind: kind === "number" ? "number" : "category" }] as const);
  const blocks = features.map(([name]) => `features.${name}`);
  const hasGaps = [...cohort.columns, ...tables.filter((table) => table !== cohort).flatMap(({ columns }) => columns)].some(
    ({ kind, missing }) => missing > 0 && (kind === "number" || kind === "category"),
  );
  const models = [
    ...features.map(([name]) => ({ name: `Radiomics ${name}`, features: [`features.${name}`] })),
    ...(blocks.length > 1 ? [{ name: "Radiomics, all tables", features: blocks }] : []),
    ...(clinical.length > 0 ? [{ name: "Clinical", clinical: clinical.slice(0, 4).map(([name]) => name) }] : []),
  ];
  return {
    name: "my study",
    seed: 1,
    cohorts: { internal: { table: cohort.file } },
    ...(patient !== undefined || part !== undefined
      ? { columns: { ...(patient !== undefined && { patient }), ...(part !== undefined && { cohort: part }) } }
      : {}),
    outcome: { event, ...(time !== undefined && { time }) },
    ...(features.length > 0 && { features: Object.fromEntries(features) }),
    ...(clinical.length > 0 && { clinical: Object.fromEntries(clinical) }),
    ...(hasGaps && { learn: { impute: "median" } }),
    models,
    ...(models[0] && { report: { primaryModel: models[0].name } }),
  };
}

/** A table's name in a study: its file's, in the letters that the study file allows. */
function nameOf(file: string): string {
  return (
    file
      .replace(/\.[^.]*$/, "")
      .replace(/[^\w-]+/g, "-")
      .replace(/^-+|-+$/g, "") || "table"
  );
}

/** A draft as the text of a study file. */
export function writeStudyDraft(draft: StudyDraft): string {
  return stringify(draft, { lineWidth: 140, flowCollectionPadding: true });
}

/**
 * The data of a study file, whether or not it is a valid study.
 *
 * @throws ConfigError where it is no YAML, or no keys and values
 */
export function readStudyDraft(text: string, file: string): StudyDraft {
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault) throw new ConfigError(file, `is not valid YAML: ${fault.message.split("\n")[0]}`, { cause: fault });
  const data: unknown = document.toJS();
  if (data === null || typeof data !== "object" || Array.isArray(data))
    throw new ConfigError(file, "expected keys and values; it holds none");
  return data as StudyDraft;
}
