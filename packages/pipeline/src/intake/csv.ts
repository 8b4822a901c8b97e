// Tables as text: cells with their places, so that a message can name them.
import { parse } from "#csv-parse";
import { ConfigError } from "../errors.ts";
import { nearest } from "../nearest.ts";

/** A table as text cells. */
export interface CsvTable {
  readonly columns: readonly string[];
  /** Each row with its line in the file, for messages. */
  readonly rows: readonly { readonly line: number; readonly cells: Readonly<Record<string, string>> }[];
}

/**
 * Reads a CSV with a header row, cells apart by commas, or by the semicolons or tabs of a spreadsheet; cells are trimmed, blank lines and a byte order mark are passed over.
 *
 * @param file  what messages call it
 * @throws ConfigError naming the row of a missing cell or quote, a column that occurs twice, or an empty table
 */
export function readCsv(text: string, file: string): CsvTable {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      info: true,
    }) as unknown as typeof records;
  } catch (error) {
    throw new ConfigError(file, `is not a CSV table: ${(error as Error).message.split("\n")[0]}`, { cause: error });
  }
  const columns = records[0]?.record;
  if (!columns || records.length < 2)
    throw new ConfigError(file, "expected a header row and at least one row below it; the table is empty");
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) throw new ConfigError(file, `column "${twice}" occurs twice in the header; rename or remove one`);
  const rows = records.slice(1).map(({ record, info }) => {
    if (record.length !== columns.length) {
      throw new ConfigError(
        `${file}, row ${info.lines}`,
        `has ${record.length} cells, the header has ${columns.length}; a comma or a quote is probably missing`,
      );
    }
    return { line: info.lines, cells: Object.fromEntries(columns.map((name, i) => [name, record[i]!])) };
  });
  return { columns, rows };
}

/** The mark between cells: a comma, or the semicolon or tab of a spreadsheet where the header has no comma. */
function delimiterOf(text: string): string {
  const [header] = text.split(/\r?\n/, 1);
  return [",", ";", "\t"].find((mark) => header!.includes(mark)) ?? ",";
}

/** A cell as a finite number. */
export function numberIn(cell: string, where: string): number {
  const value = cell === "" ? Number.NaN : Number(cell);
  if (!Number.isFinite(value))
    throw new ConfigError(where, cell === "" ? "is empty; expected a number" : `expected a number; got "${cell}"`);
  return value;
}

/** Cells that stand for "not known", in any case. */
const MISSING = new Set(["", "na", "n/a", "nan", "null", "."]);

/** Whether a cell stands for a missing value. */
export function isMissing(cell: string): boolean {
  return MISSING.has(cell.toLowerCase());
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

/** So many names a sentence bears: those of a cohort's table, not the thousand of a table of features. */
const NAMED = 40;

/** A ConfigError that names the nearest column when a table has none of this name. */
export function requireColumn(columns: readonly string[], column: string, file: string): void {
  if (columns.includes(column)) return;
  const near = nearest(column, columns);
  const more = columns.length > NAMED ? ` and ${columns.length - NAMED / 2} more` : "";
  const named = columns.slice(0, more ? NAMED / 2 : NAMED).join(", ");
  throw new ConfigError(file, `has no column "${column}"${near ? `; did you mean "${near}"?` : ""} (columns: ${named}${more})`);
}
