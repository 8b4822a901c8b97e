// Readers' columns of a CSV: what they measured, or which category they chose.
import { ConfigError } from "../../errors.ts";
import { isMissing, requireColumn, type CsvTable } from "../../intake/csv.ts";
import { categories } from "../variables.ts";

/** Readers' values on the rows in which none is missing. */
export type ReaderTable = { readonly rowsLeftOut: number } & (
  | { readonly kind: "measurements"; readonly values: readonly Float64Array[] }
  | { readonly kind: "categories"; readonly levels: readonly string[]; readonly codes: readonly Int32Array[] }
);

/**
 * Reads one column a reader. Numbers are measurements when more than two different ones occur, and categories otherwise or when asked for.
 *
 * @param order  categories from low to high, for weights; by default rising or alphabetical
 * @throws ConfigError for fewer than two readers or complete rows, text among numbers, or a category that `order` does not name
 */
export function readReaders(
  csv: CsvTable,
  file: string,
  readers: readonly string[],
  { asCategories = false, order }: { readonly asCategories?: boolean; readonly order?: readonly string[] } = {},
): ReaderTable {
  if (readers.length < 2) throw new ConfigError("--reader", "name two readers or more, a column each");
  for (const name of readers) requireColumn(csv.columns, name, file);
  const twice = readers.find((name, i) => readers.indexOf(name) !== i);
  if (twice !== undefined) throw new ConfigError(`${file}, column ${twice}`, "is named twice; a reader has one column");
  for (const name of readers)
    if (csv.rows.every(({ cells }) => isMissing(cells[name]!)))
      throw new ConfigError(`${file}, column ${name}`, "has no values; fill it or leave the reader out");
  const complete = csv.rows.filter(({ cells }) => readers.every((name) => !isMissing(cells[name]!)));
  if (complete.length < 2)
    throw new ConfigError(file, `only ${complete.length} of ${csv.rows.length} rows have a value of every reader; at least 2 are needed`);
  const rowsLeftOut = csv.rows.length - complete.length;
  const cells = readers.map((name) => complete.map((row) => row.cells[name]!));
  const all = cells.flat();
  const isNumeric = all.every((cell) => Number.isFinite(Number(cell)));
  if (isNumeric && !asCategories && !order && new Set(all.map(Number)).size > 2) {
    return { kind: "measurements", values: cells.map((column) => Float64Array.from(column, Number)), rowsLeftOut };
  }
  if (!isNumeric && !asCategories && !order && all.some((cell) => Number.isFinite(Number(cell)))) {
    const { line, cells } = complete.find((row) => readers.some((name) => !Number.isFinite(Number(row.cells[name]))))!;
    const name = readers.find((reader) => !Number.isFinite(Number(cells[reader])))!;
    throw new ConfigError(
      `${file}, row ${line}, column ${name}`,
      `expected a number, as in other cells; got "${cells[name]}". Mend the cell, or say --categories`,
    );
  }
  const { levels, codes } = categories("", all, isNumeric);
  const place = (level: string) => {
    const at = order ? order.indexOf(level) : levels.indexOf(level);
    if (at < 0) throw new ConfigError("--order", `does not name the category "${level}" of ${file} (named: ${order!.join(", ")})`);
    return at;
  };
  const places = Int32Array.from(levels, place);
  const n = complete.length;
  return {
    kind: "categories",
    levels: order ?? levels,
    codes: readers.map((_, k) => codes.slice(k * n, (k + 1) * n).map((code) => places[code]!)),
    rowsLeftOut,
  };
}
