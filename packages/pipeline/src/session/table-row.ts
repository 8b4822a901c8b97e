// A patient's features that were made elsewhere: one row of a table that lies on the desk.
import { ConfigError } from "../errors.ts";
import { readCsv } from "../intake/csv.ts";
import type { Bundle } from "../study/bundle/bundle.ts";

/** A table and the patient's row in it. */
export interface TableRow {
  /** What messages call it. */
  readonly file: string;
  readonly text: string;
  /** 0 is the first below the header; null where none was chosen, which is well where there is only one. */
  readonly row: number | null;
}

/**
 * What the rows of a table are called: by the model's column of patients, by "patient_id", or by the first column.
 *
 * @throws ConfigError where it is no table, or where two rows have one name
 */
export function rowNames({ model }: Bundle, { file, text }: Pick<TableRow, "file" | "text">): string[] {
  const { columns, rows } = readCsv(text, file);
  const column = [model.columns.patient, "patient_id"].find((name) => name !== undefined && columns.includes(name)) ?? columns[0]!;
  const names = rows.map(({ cells }) => cells[column]!);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new ConfigError(file, `two rows have the same ${column}, "${twice}", so that neither can be chosen; give each patient one row`);
  return names;
}

/**
 * The cells of the patient's row by column.
 *
 * @throws ConfigError where it is no table, or none of its several rows was chosen
 */
export function cellsOf({ file, text, row }: TableRow): Readonly<Record<string, string>> {
  const { rows } = readCsv(text, file);
  const chosen = row ?? (rows.length === 1 ? 0 : null);
  if (chosen === null) throw new ConfigError(file, `has ${rows.length} rows, and none was chosen; choose the patient's`);
  const found = rows[chosen];
  if (!found) throw new ConfigError(file, `has ${rows.length} rows, and not row ${chosen + 1}; choose the patient's again`);
  return found.cells;
}
