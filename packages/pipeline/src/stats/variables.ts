// From any CSV to variables of two kinds: numbers, and categories.
import { ConfigError } from "../errors.ts";
import { isMissing, requireColumn, type CsvTable } from "../intake/csv.ts";

/** A column of a table; a missing value is NaN among numbers and -1 among the codes of categories. */
export type Variable =
  | { readonly name: string; readonly kind: "continuous"; readonly values: Float64Array }
  | { readonly name: string; readonly kind: "categorical"; readonly levels: readonly string[]; readonly codes: Int32Array };

/** Columns of a table as variables, and those that are none, with the reason. */
export interface Variables {
  readonly variables: readonly Variable[];
  readonly ignored: readonly { readonly column: string; readonly reason: string }[];
}

/** A cell that is no number and no sign of a missing value is NaN. */
function asNumber(cell: string): number {
  const value = Number(cell);
  return Number.isFinite(value) ? value : Number.NaN;
}

/**
 * Reads columns as numbers or categories.
 *
 *   all cells numbers, more than two different ones                  -> continuous
 *   all cells numbers, one or two different ones; no cell a number   -> categorical, levels in rising or alphabetical order
 *   some cells numbers and some not                                  -> a fault, unless the column is named in `categorical`
 *   no cell a number, and every one occurs once (10 rows or more)    -> ignored: names, not categories
 *
 * Cells that are empty or NA, N/A, NaN, null or "." are missing.
 *
 * @param names        the columns to read; a column that was asked for by name (`isAsked`) is never ignored
 * @param categorical  columns whose numbers are codes
 * @throws ConfigError naming file, row and column of a cell that is no number among numbers, or the nearest known column
 */
export function readVariables(
  { columns, rows }: CsvTable,
  file: string,
  names: readonly string[],
  { categorical = [], isAsked = false }: { readonly categorical?: readonly string[]; readonly isAsked?: boolean } = {},
): Variables {
  for (const name of [...names, ...categorical]) requireColumn(columns, name, file);
  const variables: Variable[] = [];
  const ignored: { column: string; reason: string }[] = [];
  for (const name of names) {
    const cells = rows.map((row) => row.cells[name]!);
    const known = cells.filter((cell) => !isMissing(cell));
    const numbers = known.filter((cell) => !Number.isNaN(asNumber(cell))).length;
    const asCodes = categorical.includes(name);
    if (!asCodes && numbers > 0 && numbers < known.length) {
      const { line, cells } = rows.find((row) => !isMissing(row.cells[name]!) && Number.isNaN(asNumber(row.cells[name]!)))!;
      throw new ConfigError(
        `${file}, row ${line}, column ${name}`,
        `expected a number, as in ${numbers} other rows; got "${cells[name]}". Mend the cell, leave it empty if the value is missing, or name the column with --categorical`,
      );
    }
    const isNumeric = numbers === known.length;
    const distinct = new Set<string | number>(isNumeric ? known.map(Number) : known).size;
    if (isNumeric && distinct > 2 && !asCodes) {
      variables.push({
        name,
        kind: "continuous",
        values: Float64Array.from(cells, (cell) => (isMissing(cell) ? Number.NaN : Number(cell))),
      });
    } else if (!isAsked && !asCodes && !isNumeric && known.length >= 10 && distinct === known.length) {
      ignored.push({ column: name, reason: "every value occurs once: names, not categories" });
    } else {
      variables.push(categories(name, cells, isNumeric));
    }
  }
  return { variables, ignored };
}

/** A column as categories, in rising order of numbers or alphabetical order of words. */
export function categories(name: string, cells: readonly string[], isNumeric: boolean): Variable & { kind: "categorical" } {
  const key = (cell: string) => (isNumeric ? String(Number(cell)) : cell);
  const levels = [...new Set(cells.filter((cell) => !isMissing(cell)).map(key))].sort((a, b) =>
    isNumeric ? Number(a) - Number(b) : a < b ? -1 : 1,
  );
  return { name, kind: "categorical", levels, codes: Int32Array.from(cells, (cell) => (isMissing(cell) ? -1 : levels.indexOf(key(cell)))) };
}

/**
 * The column that says which group a row belongs to.
 *
 * @param most  how many groups are compared
 * @throws ConfigError when a cell is missing, or there is one group, or more than `most`
 */
export function readGroups({ columns, rows }: CsvTable, file: string, column: string, most = Infinity): Variable & { kind: "categorical" } {
  requireColumn(columns, column, file);
  const cells = rows.map((row) => row.cells[column]!);
  const empty = rows.find((row) => isMissing(row.cells[column]!));
  if (empty)
    throw new ConfigError(
      `${file}, row ${empty.line}, column ${column}`,
      "is empty; every row needs its group, or leave the row out of the table",
    );
  const groups = categories(
    column,
    cells,
    cells.every((cell) => !Number.isNaN(asNumber(cell))),
  );
  const { length } = groups.levels;
  if (length >= 2 && length <= most) return groups;
  const shown = groups.levels.slice(0, 5).join(", ") + (length > 5 ? ", ..." : "");
  throw new ConfigError(
    `${file}, column ${column}`,
    length === 1
      ? `every row is "${shown}"; two groups or more are needed`
      : `has ${length} groups (${shown}); ${most === 2 ? "two are compared: make a table of two of them" : `at most ${most} are compared: merge some, or is it a measurement?`}`,
  );
}
