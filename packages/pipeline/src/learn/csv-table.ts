// From any CSV to what the learner takes.
import { ConfigError } from "../errors.ts";
import { numberIn, readCsv, requireColumn, type CsvTable } from "../intake/csv.ts";
import type { FeatureTable } from "./feature-table.ts";

/** Which columns of a table are not features. */
export interface TableColumns {
  /** Column with 0 or 1; absent when new rows are only scored. */
  readonly outcome?: string;
  /** Column with the rows' names; without it rows are called by their line. */
  readonly id?: string;
}

/** A table's features and outcome, and the columns that are neither. */
export interface LearnTable {
  readonly table: FeatureTable;
  /** 0 or 1 a row; empty when no outcome column was named. */
  readonly outcome: Uint8Array;
  /** Columns that hold text and are no features. */
  readonly ignored: readonly string[];
}

/**
 * Reads features from a CSV: every column of numbers but the outcome and the id. A column of which some cells are numbers and
 * some are not is a fault, not a column of text.
 *
 * @throws ConfigError naming file, row and column
 */
export function learnTable(text: string, file: string, { outcome, id }: TableColumns): LearnTable {
  const csv = readCsv(text, file);
  for (const column of [outcome, id]) if (column !== undefined) requireColumn(csv.columns, column, file);
  const candidates = csv.columns.filter((name) => name !== outcome && name !== id);
  const isNumber = (cell: string) => cell !== "" && Number.isFinite(Number(cell));
  const names = candidates.filter((name) => csv.rows.some(({ cells }) => isNumber(cells[name]!)));
  const values = csv.rows.flatMap(({ line, cells }) => names.map((name) => numberIn(cells[name]!, `${file}, row ${line}, column ${name}`)));
  return {
    table: {
      ids: csv.rows.map(({ line, cells }) => (id === undefined ? `row ${line}` : cells[id]!)),
      names,
      values: Float64Array.from(values),
    },
    outcome: outcome === undefined ? new Uint8Array() : outcomeColumn(csv, outcome, file),
    ignored: candidates.filter((name) => !names.includes(name)),
  };
}

/**
 * A column of 0 and 1.
 *
 * @throws ConfigError naming file, row and column of another value
 */
export function outcomeColumn({ rows }: CsvTable, column: string, file: string): Uint8Array {
  return Uint8Array.from(rows, ({ line, cells }) => {
    if (cells[column] !== "0" && cells[column] !== "1")
      throw new ConfigError(`${file}, row ${line}, column ${column}`, `expected 0 or 1; got "${cells[column]}"`);
    return Number(cells[column]);
  });
}
