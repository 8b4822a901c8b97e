// The patients of a table that is to be scored: ids, files, variables, and features made elsewhere.
import { basename, dirname } from "node:path";
import { ConfigError } from "../errors.ts";
import { readCsv, requireColumn, type CsvTable } from "../intake/csv.ts";
import { pathFrom, textOf } from "../intake/named-file.node.ts";
import { nearest } from "../nearest.ts";
import type { Bundle } from "../study/bundle/bundle.ts";
import type { PatientInputs, PhaseInputs } from "./inputs.ts";

/** Which columns and rows of a table. */
export interface TableChoice {
  /** Other names of the table's columns: `patient`, `batch`, `PHASE.image`, `PHASE.rough`, `PHASE.mask`, or a variable. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Only the rows with these cells, by column. */
  readonly where?: Readonly<Record<string, string>>;
  /** CSVs of features made elsewhere, one patient a row, by table. */
  readonly features?: Readonly<Record<string, string>>;
}

/** A patient of a table. */
export interface TablePatient {
  readonly id: string;
  readonly row: number;
  readonly inputs: PatientInputs;
  /** Every file and folder that its cells name. */
  readonly paths: readonly string[];
  /** A sentence with paths as the table has them: where they lie on this disk is nobody's business in an output. */
  asWritten(sentence: string): string;
  /** A fault of this patient with its row and, where one is to blame, the column. */
  placed(fault: string): string;
}

/**
 * The patients of a table whose columns are those of the study's own unless `columns` says otherwise.
 *
 * @throws ConfigError naming file, row and column
 */
export async function readPatients(
  file: string,
  { model }: Bundle,
  { columns: other = {}, where = {}, features = {} }: TableChoice,
): Promise<TablePatient[]> {
  const { columns, rows } = readCsv(await textOf(file), file);
  const known = [
    "patient",
    ...(model.columns.batch === undefined ? [] : ["batch"]),
    ...model.phases.flatMap(({ name }) => ["image", "rough", "mask"].map((part) => `${name}.${part}`)),
    ...model.variables.map(({ name }) => name),
  ];
  const stranger = Object.keys(other).find((key) => !known.includes(key));
  if (stranger !== undefined)
    throw new ConfigError(`column ${stranger}`, `the model knows no such column (its columns: ${known.join(", ")})`);
  const columnFor = (key: string, usual: string): string => {
    const name = other[key] ?? usual;
    requireColumn(columns, name, file);
    return name;
  };
  const idColumn = columnFor("patient", model.columns.patient);
  const batchColumn = model.columns.batch === undefined ? null : columnFor("batch", model.columns.batch);
  const variables = model.variables.map(({ name, column }) => [name, columnFor(name, column)] as const);
  const phases = model.phases.map((phase) => ({
    phase,
    image: columnFor(`${phase.name}.image`, phase.columns.image),
    rough: phase.deep ? columnFor(`${phase.name}.rough`, phase.columns.rough ?? `${phase.name}_rough`) : null,
    mask: phase.radiomics.length > 0 ? columnFor(`${phase.name}.mask`, phase.columns.mask ?? `${phase.name}_mask`) : null,
  }));
  const filters = Object.entries(where);
  for (const [column] of filters) requireColumn(columns, column, file);
  const tables = new Map<string, ReadonlyMap<string, Readonly<Record<string, string>>>>();
  for (const { name } of model.tables) if (features[name] !== undefined) tables.set(name, await readFeatureRows(features[name], idColumn));
  const resolved = (path: string) => pathFrom(dirname(file), path);
  const kept = rowsWith(rows, filters, file);
  const seen = new Map<string, number>();
  return kept.map(({ line, cells }, row) => {
    const id = cells[idColumn]!;
    const place = `${file}, row ${line}, column ${idColumn}`;
    if (id === "") throw new ConfigError(place, "is empty; every patient needs an id");
    if (seen.has(id)) throw new ConfigError(place, `${id} is already in row ${seen.get(id)}; give each patient one row`);
    seen.set(id, line);
    const given: Record<string, PhaseInputs> = {};
    for (const { phase, image, rough, mask } of phases) {
      if (cells[image] === "") continue;
      const box = rough === null ? "" : cells[rough]!;
      // Where the study's annotations were simulated from masks, so are these: from the same seed and patient.
      const isSimulated = phase.roughFrom !== undefined && !/\.json$/i.test(box);
      given[phase.name] = {
        image: resolved(cells[image]!),
        ...(box !== "" && (isSimulated ? { roughFrom: resolved(box) } : { rough: resolved(box) })),
        ...(mask !== null && cells[mask] !== "" && { mask: resolved(cells[mask]!) }),
      };
    }
    const inputs: PatientInputs = {
      patient: id,
      phases: given,
      variables: Object.fromEntries(variables.map(([name, column]) => [name, cells[column]!])),
      tables: Object.fromEntries([...tables].flatMap(([name, byId]) => (byId.has(id) ? [[name, byId.get(id)!]] : []))),
      ...(batchColumn !== null && { batch: cells[batchColumn]! }),
    };
    const named = phases.flatMap(({ phase, image, rough, mask }) =>
      [image, rough, mask].flatMap((column) => (column === null ? [] : [{ of: `phase ${phase.name}: `, column, path: cells[column]! }])),
    );
    const asWritten = (sentence: string) =>
      named.filter(({ path }) => path !== "").reduce((text, { path }) => text.replaceAll(resolved(path), path), sentence);
    const placed = (fault: string) => {
      const at = `${basename(file)}, row ${line}`;
      const [wrong] = named
        .filter(({ path }) => path !== "" && fault.startsWith(resolved(path)))
        .toSorted((a, b) => b.path.length - a.path.length);
      const empty = named.find(({ of, path }) => path === "" && fault.startsWith(of));
      if (empty) return `${at}, column ${empty.column}: is empty: ${fault.slice(empty.of.length)}`;
      const variable = variables.find(([name]) => fault.startsWith(`variable ${name}: `));
      if (variable) return `${at}, column ${variable[1]}: ${fault.slice(`variable ${variable[0]}: `.length)}`;
      return `${at}${wrong ? `, column ${wrong.column}` : ""}: ${asWritten(fault)}`;
    };
    return { id, row, inputs, paths: named.flatMap(({ path }) => (path === "" ? [] : [resolved(path)])), asWritten, placed };
  });
}

/** So many values of a column a sentence bears. */
const SAID = 20;

/** The rows that have all these cells; where there is none, what the first column to blame holds instead. */
function rowsWith(rows: CsvTable["rows"], filters: readonly (readonly [column: string, value: string])[], file: string): CsvTable["rows"] {
  let kept = rows;
  for (const [i, [column, value]] of filters.entries()) {
    const left = kept.filter(({ cells }) => cells[column] === value);
    if (left.length > 0) {
      kept = left;
      continue;
    }
    const held = [...new Set(kept.map(({ cells }) => cells[column]!))].toSorted();
    const near = nearest(value, held);
    const before = filters.slice(0, i).map(([name, cell]) => `${name} = ${cell}`);
    throw new ConfigError(
      `${file}, column ${column}`,
      `no row${before.length > 0 ? ` with ${before.join(" and ")}` : ""} has "${value}"${near ? `; did you mean "${near}"?` : ""} (its values: ${held
        .slice(0, SAID)
        .map((cell) => cell || "empty")
        .join(", ")}${held.length > SAID ? ` and ${held.length - SAID} more` : ""})`,
    );
  }
  return kept;
}

async function readFeatureRows(file: string, idColumn: string): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const { columns, rows } = readCsv(await textOf(file), file);
  requireColumn(columns, idColumn, file);
  return new Map(rows.map(({ cells }) => [cells[idColumn]!, cells]));
}
