// A study that was sent to a service: its tables name cases that lie there, where a study file's tables name files.
import { stringify } from "#csv-stringify";
import { parseDocument } from "yaml";
import { ConfigError } from "../errors.ts";
import { readCsv, requireColumn } from "../intake/csv.ts";
import { featureTablesOf, parseStudy, type StudyConfig } from "./config.ts";

/** A study as it was sent: the text of study.yaml, and that of every table it names. */
export interface SentStudy {
  readonly study: string;
  readonly tables: Readonly<Record<string, string>>;
}

/** Where the files of a case lie, as paths that the placed tables shall name; null where it has none. */
export interface CaseFilesAt {
  readonly image: string;
  readonly mask: string | null;
  readonly rough: string | null;
}

/** What a service knows. */
export interface SentStudyHost {
  /** The files of a case; null where there is no such case. */
  caseFiles(id: string): CaseFilesAt | null;
  /** The file of weights that were sent; null where there are none under this id. */
  weights(id: string): string | null;
}

/** What a phase's columns may name, and the file of a case that it stands for. */
const ROLES = ["image", "mask", "rough"] as const;

/**
 * A study file and tables whose paths are those of the cases. One column with the id of a case may serve as image, mask and rough annotation of a phase.
 *
 * @returns texts by file name, "study.yaml" among them
 * @throws ConfigError for a study that cannot be, a table that was not sent, a cell that names no case or one without the file wanted,
 *   weights that are neither seeded, shipped nor sent
 */
export function placeStudy(sent: SentStudy, host: SentStudyHost): Record<string, string> {
  const study = parseStudy(sent.study, "study");
  const document = parseDocument(sent.study);
  const { weights } = study.deep;
  if (typeof weights === "string" && !weights.startsWith("shipped:")) {
    const file = host.weights(weights);
    if (file === null)
      throw new ConfigError(
        "study, deep.weights",
        `"${weights}" is neither shipped:NAME nor the id of weights that were sent to /v1/models`,
      );
    document.setIn(["deep", "weights"], file);
  }
  for (const phase of Object.keys(study.phases)) {
    for (const role of ROLES) if (study.phases[phase]![role]) document.setIn(["phases", phase, role], columnOf(phase, role));
    if (study.phases[phase]!.roughFrom) document.setIn(["phases", phase, "roughFrom", "mask"], columnOf(phase, "roughFrom"));
  }
  const cohorts = new Set([study.cohorts.internal.table, ...(study.cohorts.external ? [study.cohorts.external.table] : [])]);
  const features = featureTablesOf(study).flatMap(([, { tables }]) => tables);
  for (const name of [...cohorts, ...features]) textOfTable(name, sent.tables);
  const tables = Object.entries(sent.tables).map(([name, text]) => {
    checkName(name);
    return [name, cohorts.has(name) ? placeTable(study, name, text, host) : text];
  });
  return { ...Object.fromEntries(tables), "study.yaml": document.toString() };
}

const columnOf = (phase: string, role: string) => `islet.${phase}.${role}`;

function textOfTable(name: string, tables: SentStudy["tables"]): string {
  const text = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (text !== undefined) return text;
  throw new ConfigError(
    "study",
    `names the table "${name}", which was not sent with it (sent: ${Object.keys(tables).join(", ") || "none"}); send its text under "tables"`,
  );
}

function checkName(name: string): void {
  if (/^[\w][\w. -]*$/.test(name) && name !== "study.yaml") return;
  throw new ConfigError("tables", `"${name.slice(0, 80)}" cannot name a table here; use a plain file name such as cohort.csv`);
}

/** A cohort's table with a column for every file of every phase in place of those that name cases. */
function placeTable(study: StudyConfig, name: string, text: string, host: SentStudyHost): string {
  const { columns, rows } = readCsv(text, name);
  const wanted = Object.entries(study.phases).flatMap(([phase, config]) => [
    ...ROLES.flatMap((role) => (config[role] === undefined ? [] : [{ column: config[role], as: columnOf(phase, role), role }])),
    ...(config.roughFrom ? [{ column: config.roughFrom.mask, as: columnOf(phase, "roughFrom"), role: "mask" as const }] : []),
  ]);
  for (const { column } of wanted) requireColumn(columns, column, name);
  const replaced = new Set(wanted.map(({ column }) => column));
  const kept = columns.filter((column) => !replaced.has(column));
  const lines = rows.map(({ line, cells }) => [
    ...kept.map((column) => cells[column]!),
    ...wanted.map(({ column, role }) => {
      const id = cells[column]!;
      if (id === "") return "";
      const where = `${name}, row ${line}, column ${column}`;
      const files = host.caseFiles(id);
      if (!files) throw new ConfigError(where, `expected the id of a case that was sent to /v1/cases; got "${id.slice(0, 80)}"`);
      const file = files[role];
      if (file === null)
        throw new ConfigError(
          where,
          `case ${id} was sent without a ${role === "rough" ? "rough annotation" : "mask"}; send it again with one`,
        );
      return file;
    }),
  ]);
  return stringify([[...kept, ...wanted.map(({ as }) => as)], ...lines]);
}
