// Features made elsewhere: from tables, such as PyRadiomics' or those of `islet radiomics`, to blocks that models name.
import { ConfigError } from "../errors.ts";
import { isMissing, numberIn, readCsv, type CsvTable } from "../intake/csv.ts";
import { nearest } from "../nearest.ts";
import type { FailedCase } from "./results.ts";
import { sha256 } from "../host/cache.ts";
import type { Cohort, TableText } from "./cohort.ts";
import { featureTablesOf, type FeatureTableConfig, type StudyConfig } from "./config.ts";
import { columnPrefix, undefinedIn, type FeatureBlock } from "./features.ts";

/** What the tables of features of a study hold of its patients. */
export interface FeatureTables {
  /** Blocks by the name that models use: `features.arterial`. */
  readonly blocks: ReadonlyMap<string, FeatureBlock>;
  /** Patients without a row, by block. */
  readonly missing: readonly FailedCase[];
  /** Sentences about what was no feature and whose rows were passed over. */
  readonly notes: readonly string[];
  /** SHA-256 of each table's text, without a byte order mark, as UTF-8. */
  readonly hashes: readonly { readonly block: string; readonly file: string; readonly sha256: string }[];
}

/** What PyRadiomics writes beside its features: versions, settings, and facts of image and mask. */
const DIAGNOSTICS = "diagnostics_";

/**
 * Reads the study's tables of features: one row a patient, a column a feature.
 *
 * A column is a feature where every known cell is a number. Columns that the study reads as something else, PyRadiomics' diagnostics and columns of words are
 * passed over with a sentence. An empty cell (or NA, N/A, NaN, null, ".") is a feature without a value.
 *
 * @param texts  the tables of each name of `study.features`, in its order
 * @throws ConfigError naming file, row and column: no column of ids, a patient with two rows, a cell that is no number among numbers, features
 *   that only some of several tables have, a table with no patient of the cohort or no feature
 */
export async function readFeatureTables(
  study: StudyConfig,
  cohort: Cohort,
  texts: ReadonlyMap<string, readonly TableText[]>,
): Promise<FeatureTables> {
  const hashes: FeatureTables["hashes"][number][] = [];
  const blocks = new Map<string, FeatureBlock>();
  const missing: FailedCase[] = [];
  const notes: string[] = [];
  const excluded = new Set(cohort.excluded.map(({ id }) => id));
  for (const [name, config] of featureTablesOf(study)) {
    const block = `features.${name}`;
    const files = config.tables.join(", ");
    for (const { file, text } of texts.get(name)!)
      hashes.push({ block, file, sha256: await sha256(new TextEncoder().encode(text.replace(/^\uFEFF/, ""))) });
    const parts = texts.get(name)!.map((text) => readPart(text, name, config));
    const { features, passedOver } = featureColumns(study, config, parts);
    if (features.length === 0)
      throw new ConfigError(
        files,
        `has no column of numbers that could be a feature${passedOver.length ? ` (${passedOver.join("; ")})` : ""}; expected one patient a row and one feature a column`,
      );
    if (passedOver.length > 0) notes.push(`${block} (${files}): no features are ${passedOver.join("; ")}`);

    const found = new Map(rowsById(parts, config));
    const rows = new Map<string, (number | null)[]>();
    for (const { id, cohort: of } of cohort.patients) {
      const row = found.get(id);
      if (row) rows.set(id, valuesOf(row, features));
      else missing.push({ patient: id, cohort: of, phase: block, reason: `has no row in ${files}` });
    }
    if (rows.size === 0) {
      const [stranger] = found.keys();
      throw new ConfigError(
        `${files}, column ${config.patient}`,
        `none of its ${found.size} patients (the first: "${stranger}") is in the study, whose first is "${cohort.patients[0]!.id}"; name the column of ids in features.${name}.patient, and write the ids the same way in both tables`,
      );
    }
    const known = new Set(cohort.patients.map(({ id }) => id));
    const strangers = [...found.keys()].filter((id) => !known.has(id) && !excluded.has(id)).length;
    if (strangers > 0)
      notes.push(`${block} (${files}): ${strangers} ${strangers > 1 ? "rows are" : "row is"} of no patient of this study, and passed over`);
    const columns = features.map((feature) => columnPrefix(block) + feature);
    blocks.set(block, { name: block, columns, rows, undefinedFeatures: undefinedIn(columns, rows) });
  }
  return { blocks, missing, notes, hashes };
}

/** One table, read. */
interface Part extends CsvTable {
  readonly file: string;
}

function readPart({ file, text }: TableText, name: string, { patient, ignore }: FeatureTableConfig): Part {
  const table = readCsv(text, file);
  if (!table.columns.includes(patient)) {
    const near = nearest(patient, table.columns);
    throw new ConfigError(
      file,
      `has no column "${patient}" of patients' ids (columns: ${few(table.columns)}); name the one that has them, as features: { ${name}: { table: ..., patient: ${near ?? "COLUMN"} } }`,
    );
  }
  const stray = ignore.find((column) => !table.columns.includes(column));
  if (stray !== undefined)
    throw new ConfigError(file, `has no column "${stray}", which features.${name}.ignore names (columns: ${few(table.columns)})`);
  return { ...table, file };
}

/** The rows of all parts by their patient. */
function rowsById(parts: readonly Part[], { patient }: FeatureTableConfig): [id: string, row: Row][] {
  const before = new Map<string, string>();
  return parts.flatMap(({ file, rows }) =>
    rows.map(({ line, cells }): [string, Row] => {
      const id = cells[patient]!;
      const where = `${file}, row ${line}, column ${patient}`;
      if (id === "") throw new ConfigError(where, "is empty; every row needs its patient's id");
      const first = before.get(id);
      if (first !== undefined)
        throw new ConfigError(
          where,
          `patient ${id} is already in ${first}; keep one row a patient (of several lesions or masks choose one, or average them)`,
        );
      before.set(id, `${file}, row ${line}`);
      return [id, { file, line, cells }];
    }),
  );
}

interface Row {
  readonly file: string;
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

function valuesOf({ file, line, cells }: Row, features: readonly string[]): (number | null)[] {
  return features.map((feature) =>
    isMissing(cells[feature]!) ? null : numberIn(cells[feature]!, `${file}, row ${line}, column ${feature}`),
  );
}

/** The columns that are features in every part, and in words those that are none. */
function featureColumns(
  study: StudyConfig,
  config: FeatureTableConfig,
  parts: readonly Part[],
): { features: string[]; passedOver: string[] } {
  const roles = new Set(rolesOf(study, config));
  const all = [...new Set(parts.flatMap(({ columns }) => columns))].filter(
    (column) => column !== config.patient && !config.ignore.includes(column),
  );
  const diagnostics = all.filter((column) => column.startsWith(DIAGNOSTICS));
  const read = all.filter((column) => roles.has(column));
  const numbering = all.filter((column) => /^(Unnamed: \d+)?$/.test(column));
  const rest = all.filter((column) => !roles.has(column) && !column.startsWith(DIAGNOSTICS) && !numbering.includes(column));
  const words: string[] = [];
  const empty: string[] = [];
  const features: string[] = [];
  for (const column of rest) {
    const known = parts.flatMap(({ file, rows }) =>
      rows.flatMap(({ line, cells }) => (isMissing(cells[column] ?? "") ? [] : [{ file, line, cell: cells[column]! }])),
    );
    const wrong = known.filter(({ cell }) => !Number.isFinite(Number(cell)));
    if (known.length === 0) empty.push(column);
    else if (wrong.length === known.length) words.push(column);
    else if (wrong.length > 0)
      throw new ConfigError(
        `${wrong[0]!.file}, row ${wrong[0]!.line}, column ${column}`,
        `expected a number, as in the column's other cells; got "${wrong[0]!.cell}": mend the cell, or name the column in ignore`,
      );
    else features.push(column);
  }
  for (const { file, columns } of parts) {
    const lacking = features.filter((feature) => !columns.includes(feature));
    if (lacking.length > 0)
      throw new ConfigError(
        file,
        `lacks ${lacking.length} of the ${features.length} features that the other table has (${few(lacking)}); make both with the same settings, or name these columns in ignore`,
      );
  }
  const said = (columns: readonly string[], why: string) => (columns.length > 0 ? [`${few(columns)} (${why})`] : []);
  return {
    features,
    passedOver: [
      ...said(read, "the study reads them as something else"),
      ...(diagnostics.length > 0
        ? [
            `${diagnostics.length} column${diagnostics.length > 1 ? "s" : ""} ${DIAGNOSTICS}* (PyRadiomics' notes on version, image and mask)`,
          ]
        : []),
      ...(numbering.length > 0 ? ["a column without a name (row numbers)"] : []),
      ...said(words, "words"),
      ...said(empty, "no values"),
    ],
  };
}

/** Columns that mean something else to the study, should a table have them too: an outcome must not become a feature. */
function rolesOf(study: StudyConfig, { patient }: FeatureTableConfig): string[] {
  const { event, time } = study.outcome;
  const variables = [...Object.values(study.clinical), ...Object.values(study.findings)].map(({ column }) => column);
  const { group, harmonise } = study.learn;
  return [study.columns.patient, study.columns.cohort, event, time, group, harmonise?.batch, ...variables].filter(
    (column): column is string => column !== undefined && column !== patient,
  );
}

/** The first names of a list. */
function few(names: readonly string[]): string {
  return names.length > 6 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}
