// From any CSV to outcomes and scores, and the check that a patient is there once.
import { ConfigError } from "../../errors.ts";
import { isMissing, numberIn, outcomeColumn, requireColumn, type CsvTable } from "../../intake/csv.ts";
import type { NamedScores } from "./roc-report.ts";

/** Outcomes and scores, a row each. */
export interface ScoreTable {
  /** 1 = event, 0 = none; both occur. */
  readonly outcome: Uint8Array;
  readonly scores: readonly (NamedScores & { readonly values: Float64Array })[];
}

/**
 * Reads an outcome of 0 and 1 and columns of scores.
 *
 * @param scores  names of columns, each once
 * @throws ConfigError naming file, row and column of a cell that is empty or no number, or file and column of an outcome of one class or a column without values
 */
export function scoreTable({ columns, rows }: CsvTable, file: string, outcome: string, scores: readonly string[]): ScoreTable {
  for (const column of [outcome, ...scores]) requireColumn(columns, column, file);
  const twice = scores.find((name, i) => scores.indexOf(name) !== i);
  if (twice !== undefined) throw new ConfigError(`${file}, column ${twice}`, "is named twice; name each score once");
  for (const name of [outcome, ...scores])
    if (rows.every(({ cells }) => isMissing(cells[name]!)))
      throw new ConfigError(`${file}, column ${name}`, "has no values; fill it or name another column");
  const y = outcomeColumn({ columns, rows }, outcome, file);
  const events = y.reduce((sum, value) => sum + value, 0);
  if (events === 0 || events === y.length) {
    throw new ConfigError(
      `${file}, column ${outcome}`,
      `patients with and without the event are needed, but ${events} of ${y.length} have it; check that 1 means the event`,
    );
  }
  return {
    outcome: y,
    scores: scores.map((name) => ({
      name,
      values: Float64Array.from(rows, ({ line, cells }) => numberIn(cells[name]!, `${file}, row ${line}, column ${name}`)),
    })),
  };
}

/**
 * Refuses a table in which a patient has more than one row: statistics of patients take rows to be independent.
 *
 * @throws ConfigError naming both rows of a name that occurs twice, or the row of a name that is missing
 */
export function requireDistinct({ columns, rows }: CsvTable, file: string, id: string): void {
  requireColumn(columns, id, file);
  const lines = new Map<string, number>();
  for (const { line, cells } of rows) {
    const name = cells[id]!;
    if (isMissing(name)) throw new ConfigError(`${file}, row ${line}, column ${id}`, "is empty; every row needs the name of its patient");
    const before = lines.get(name);
    if (before !== undefined)
      throw new ConfigError(
        `${file}, column ${id}`,
        `"${name}" is in rows ${before} and ${line}; a patient counts once: keep one of the rows, or do not call the column an id if its rows are independent`,
      );
    lines.set(name, line);
  }
}
