// From any CSV to follow-up and many candidate covariates.
import { ConfigError } from "../../errors.ts";
import { isMissing, type CsvTable } from "../../intake/csv.ts";
import { columnsMatching } from "../collinearity/numeric-columns.ts";
import { survivalTable, type SurvivalColumns, type SurvivalTable } from "./survival-table.ts";

/** A survival table with the candidates left out, and the rows' names. */
export interface CoxnetTable extends SurvivalTable {
  readonly ids: readonly string[];
  readonly ignored: readonly { readonly column: string; readonly reason: string }[];
}

/**
 * Reads candidates by name or by the beginning of their names ("deep_*"). Of a pattern's columns those that play another part, hold no value, or hold one value only are left out with the
 * reason; a column asked for by its own name is refused instead, as `survivalTable` does.
 *
 * @param id  column with the rows' names; without it a row is called by its line
 * @throws ConfigError naming a pattern that fits no column, or when no candidate is left; as `survivalTable`
 */
export function coxnetTable(
  csv: CsvTable,
  file: string,
  columns: SurvivalColumns & { readonly covariates: readonly string[] },
  id?: string,
): CoxnetTable {
  const { time, event, strata, covariates: patterns } = columns;
  const taken = new Set([time, event, strata, id]);
  const ignored: { column: string; reason: string }[] = [];
  const names = new Set<string>();
  for (const pattern of patterns) {
    const found = columnsMatching(csv.columns, pattern, file);
    const isAsked = found.length === 1 && found[0] === pattern;
    for (const name of found) {
      const known = csv.rows.map(({ cells }) => cells[name]!).filter((cell) => !isMissing(cell));
      const reason = known.length === 0 ? "has no values" : new Set(known).size === 1 ? "has a single value" : null;
      if (isAsked || (!taken.has(name) && reason === null)) names.add(name);
      else if (reason !== null && !taken.has(name)) ignored.push({ column: name, reason });
    }
  }
  if (names.size === 0)
    throw new ConfigError(file, `no candidate is left (${ignored.map(({ column, reason }) => `${column} ${reason}`).join(", ")})`);
  const table = survivalTable(csv, file, { ...columns, covariates: [...names] });
  const called = new Map(csv.rows.map(({ line, cells }) => [line, id === undefined ? `row ${line}` : cells[id]!]));
  return { ...table, ids: table.lines.map((line) => called.get(line)!), ignored };
}
