// From any CSV to columns of numbers on the rows that have them all.
import { ConfigError } from "../../errors.ts";
import { isMissing, requireColumn, type CsvTable } from "../../intake/csv.ts";
import type { Column } from "./correlation.ts";

/** Columns without gaps, the rows left out for theirs, and the columns that cannot be used. */
export interface NumericColumns {
  readonly sets: readonly (readonly Column[])[];
  readonly rowsLeftOut: number;
  readonly ignored: readonly { readonly column: string; readonly reason: string }[];
}

/**
 * Reads sets of numeric columns on the rows in which none of their cells is missing.
 *
 * A pattern is a column's name, or a beginning of names with a star ("deep_a*"). Columns of text, without values, or with a single value are
 * left out with the reason; text among numbers is a fault.
 *
 * @param patterns  of each set; every column must be in one set only
 * @throws ConfigError naming a pattern that fits no column, row and column of a cell that is no number, or how few rows are left
 */
export function numericColumns(csv: CsvTable, file: string, patterns: readonly (readonly string[])[]): NumericColumns {
  const names = patterns.map((set) => [...new Set(set.flatMap((pattern) => columnsMatching(csv.columns, pattern, file)))]);
  const twice = names.flat().find((name, i, all) => all.indexOf(name) !== i);
  if (twice !== undefined) throw new ConfigError(file, `column "${twice}" is in both sets; a column belongs to one`);
  const ignored: { column: string; reason: string }[] = [];
  const usable = names.map((set) =>
    set.filter((name) => {
      const known = csv.rows.filter(({ cells }) => !isMissing(cells[name]!));
      const numbers = known.filter(({ cells }) => Number.isFinite(Number(cells[name])));
      const other = known.find(({ cells }) => !Number.isFinite(Number(cells[name])));
      if (other && numbers.length > 0)
        throw new ConfigError(`${file}, row ${other.line}, column ${name}`, `expected a number; got "${other.cells[name]}"`);
      const reason =
        known.length === 0
          ? "has no values"
          : other
            ? "is text"
            : numbers.every(({ cells }) => Number(cells[name]) === Number(numbers[0]!.cells[name]))
              ? "has a single value"
              : null;
      if (reason) ignored.push({ column: name, reason });
      return reason === null;
    }),
  );
  const complete = csv.rows.filter(({ cells }) => usable.flat().every((name) => !isMissing(cells[name]!)));
  if (complete.length < 3) {
    throw new ConfigError(
      file,
      `only ${complete.length} of ${csv.rows.length} rows have a number in every column; at least 3 are needed: leave out columns with many gaps`,
    );
  }
  const sets = usable.map((set) =>
    set
      .map((name) => ({ name, values: Float64Array.from(complete, ({ cells }) => Number(cells[name])) }))
      .filter(({ name, values }) => {
        const isConstant = values.every((value) => value === values[0]);
        if (isConstant) ignored.push({ column: name, reason: "has a single value on the rows without gaps" });
        return !isConstant;
      }),
  );
  if (sets.some((set) => set.length === 0)) {
    throw new ConfigError(
      file,
      `no column of numbers is left to compare (${ignored.map(({ column, reason }) => `${column} ${reason}`).join(", ")})`,
    );
  }
  return { sets, rowsLeftOut: csv.rows.length - complete.length, ignored };
}

/**
 * The columns a pattern stands for: one of that name, or those that begin as it does before its star.
 *
 * @throws ConfigError when there is none
 */
export function columnsMatching(columns: readonly string[], pattern: string, file: string): string[] {
  if (!pattern.endsWith("*") || columns.includes(pattern)) {
    requireColumn(columns, pattern, file);
    return [pattern];
  }
  const found = columns.filter((name) => name.startsWith(pattern.slice(0, -1)));
  if (found.length === 0)
    throw new ConfigError(
      file,
      `no column begins with "${pattern.slice(0, -1)}" (columns: ${columns.slice(0, 10).join(", ")}${columns.length > 10 ? ", ..." : ""})`,
    );
  return found;
}
