// From any CSV to what the learner takes.
import { ConfigError } from "../../errors.ts";
import { isMissing, numberIn, outcomeColumn, readCsv, requireColumn, type CsvTable } from "../../intake/csv.ts";
import type { FeatureTable } from "./feature-table.ts";
import { oneHot } from "./one-hot.ts";

/** How the columns of a table are read. */
export interface TableColumns {
  /** Column with 0 or 1; absent when new rows are only scored. */
  readonly outcome?: string;
  /** Column with the rows' names; without it rows are called by their line. */
  readonly id?: string;
  /** Column with the group of a row, such as the patient of a lesion. */
  readonly group?: string;
  /** Column with the scanner or centre. */
  readonly batch?: string;
  /** Columns whose values are categories. */
  readonly categorical?: readonly string[];
  /** Whether a feature's cell may be empty, NA, N/A, NaN, null or "." (then it is NaN); refused by default. */
  readonly missing?: "refuse" | "allow";
  /** The only columns that are read as features; without it, all that hold numbers, and the categorical ones. */
  readonly features?: readonly string[];
}

/** A table's features and outcome, and the columns that are neither. */
export interface LearnTable {
  readonly table: FeatureTable;
  /** 0 or 1 a row, both present; empty when no outcome column was named. */
  readonly outcome: Uint8Array;
  /** Columns that are no features, and why. */
  readonly ignored: readonly { readonly column: string; readonly reason: string }[];
}

/**
 * Reads features from a CSV: every column of numbers but those with another role, and the columns named as categories, coded by 0 and 1. A column of which some cells
 * are numbers and some are words is a fault, not a column of words.
 *
 * @throws ConfigError naming file, row and column: a column that is not there or has two roles, a cell that is no number or missing where it may not be, a name that occurs twice,
 *         an outcome other than 0 and 1 or of one class, or a table without a feature that varies
 */
export function learnTable(text: string, file: string, roles: TableColumns): LearnTable {
  const { outcome, id, group, batch, categorical = [], missing = "refuse" } = roles;
  const csv = readCsv(text, file);
  const others = [outcome, id, group, batch].filter((name) => name !== undefined);
  for (const column of [...others, ...categorical, ...(roles.features ?? [])]) requireColumn(csv.columns, column, file);
  const twice = [...others, ...categorical].find((name, i, all) => all.indexOf(name) !== i && !(name === id && name === group));
  if (twice !== undefined) throw new ConfigError(`${file}, column ${twice}`, "has two roles; name it once");
  if (id !== undefined) requireDistinct(csv, file, id);
  const y = outcome === undefined ? new Uint8Array() : bothClasses(outcomeColumn(csv, outcome, file), file, outcome);

  const candidates = roles.features ?? csv.columns.filter((name) => !others.includes(name));
  const reasons = new Map(candidates.flatMap((name) => (categorical.includes(name) ? [] : reasonAgainst(csv, name))));
  const kept = candidates.filter((name) => !reasons.has(name));
  const columns = kept.map((name) =>
    categorical.includes(name)
      ? categoryColumns(csv, file, name, missing)
      : { names: [name], values: numberColumn(csv, file, name, missing) },
  );
  const names = columns.flatMap((column) => column.names);
  const values = csv.rows.flatMap((_, i) => columns.flatMap((column) => column.values[i]!));
  if (outcome !== undefined) requireVariation(file, names, values, [...reasons]);
  const categories = columns.filter((column) => column.names.length > 0 && "isCategory" in column).map((column) => column.names);
  const cells = (column: string) => csv.rows.map(({ line, cells }) => present(cells[column]!, file, line, column));
  return {
    table: {
      ids: csv.rows.map(({ line, cells }) => (id === undefined ? `row ${line}` : cells[id]!)),
      names,
      values: Float64Array.from(values),
      ...(group !== undefined && { groups: cells(group) }),
      ...(batch !== undefined && { batches: cells(batch) }),
      ...(categories.length > 0 && { categories }),
    },
    outcome: y,
    ignored: [...reasons].map(([column, reason]) => ({ column, reason })),
  };
}

/** Why a column is no feature, if so. */
function reasonAgainst({ rows }: CsvTable, name: string): [string, string][] {
  const known = rows.filter(({ cells }) => !isMissing(cells[name]!));
  if (known.length === 0) return [[name, "has no values"]];
  const isText = known.every(({ cells }) => !Number.isFinite(Number(cells[name])));
  return isText ? [[name, "holds words"]] : [];
}

function numberColumn({ rows }: CsvTable, file: string, name: string, missing: "refuse" | "allow"): number[][] {
  return rows.map(({ line, cells }) => {
    const cell = cells[name]!;
    const where = `${file}, row ${line}, column ${name}`;
    if (!isMissing(cell)) return [numberIn(cell, where)];
    if (missing === "allow") return [NaN];
    throw new ConfigError(
      where,
      `${cell === "" ? "is empty" : `is "${cell}"`}; expected a number: fill the cell or leave the column out (learn cv fills gaps with --impute median)`,
    );
  });
}

function categoryColumns({ rows }: CsvTable, file: string, name: string, missing: "refuse" | "allow") {
  const levels = [...new Set(rows.map(({ cells }) => cells[name]!).filter((cell) => !isMissing(cell)))].sort();
  const { columns, code } = oneHot(name, levels);
  return {
    names: [...columns],
    isCategory: true,
    values: rows.map(({ line, cells }) => {
      const cell = cells[name]!;
      if (!isMissing(cell)) return code(cell);
      if (missing === "allow") return code(null);
      throw new ConfigError(
        `${file}, row ${line}, column ${name}`,
        `${cell === "" ? "is empty" : `is "${cell}"`}; expected one of ${levels.slice(0, 5).join(", ")}: fill the cell or leave the column out (learn cv fills gaps with --impute median)`,
      );
    }),
  };
}

/** A cell that says who or where a row is. */
function present(cell: string, file: string, line: number, column: string): string {
  if (isMissing(cell)) throw new ConfigError(`${file}, row ${line}, column ${column}`, "is empty; every row needs its group or batch");
  return cell;
}

function requireDistinct({ rows }: CsvTable, file: string, id: string): void {
  const lines = new Map<string, number>();
  for (const { line, cells } of rows) {
    const name = cells[id]!;
    const where = `${file}, row ${line}, column ${id}`;
    if (name === "") throw new ConfigError(where, "is empty; every row needs a name");
    const before = lines.get(name);
    if (before !== undefined)
      throw new ConfigError(
        where,
        `"${name}" is already in row ${before}; keep one row a patient, or name another column and group the rows with --group`,
      );
    lines.set(name, line);
  }
}

function requireVariation(file: string, names: readonly string[], values: readonly number[], reasons: readonly [string, string][]): void {
  const varies = names.some((_, j) => {
    const known = values.filter((value, k) => k % names.length === j && !Number.isNaN(value));
    return known.some((value) => value !== known[0]);
  });
  if (varies) return;
  const left = reasons.slice(0, 3).map(([column, reason]) => `${column} ${reason}`);
  throw new ConfigError(
    file,
    names.length === 0
      ? `has no column of numbers to learn from${left.length ? ` (${left.join("; ")})` : ""}; add features (learn cv codes categories with --categorical)`
      : `every feature has a single value (${names.slice(0, 5).join(", ")}${names.length > 5 ? ", ..." : ""}); there is nothing to learn from`,
  );
}

function bothClasses(outcome: Uint8Array, file: string, column: string): Uint8Array {
  const events = outcome.reduce((sum, value) => sum + value, 0);
  if (events > 0 && events < outcome.length) return outcome;
  throw new ConfigError(
    `${file}, column ${column}`,
    `all ${outcome.length} rows are ${events ? 1 : 0}; rows with and without the event are needed: check that 1 means the event, and that it is the right column`,
  );
}
