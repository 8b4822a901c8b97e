import { ConfigError } from "../../errors.ts";
import { numberIn, requireColumn, type CsvTable } from "../../intake/csv.ts";
import { scoreTable, type ScoreTable } from "./score-table.ts";

/**
 * Outcomes and risks of a table, where the risks must be probabilities.
 *
 * @throws ConfigError naming file, row and column of a value below 0 or above 1; as `scoreTable`
 */
export function riskTable(csv: CsvTable, file: string, outcome: string, names: readonly string[]): ScoreTable {
  const table = scoreTable(csv, file, outcome, names);
  for (const name of names) risksOf(csv, file, name);
  return table;
}

/**
 * A column of probabilities.
 *
 * @throws ConfigError naming file, row and column of a cell that is none
 */
export function risksOf({ columns, rows }: CsvTable, file: string, name: string): Float64Array {
  requireColumn(columns, name, file);
  return Float64Array.from(rows, ({ line, cells }) => {
    const where = `${file}, row ${line}, column ${name}`;
    const value = numberIn(cells[name]!, where);
    if (value < 0 || value > 1)
      throw new ConfigError(
        where,
        `expected a probability from 0 to 1; got ${value}. A decision value or score has no calibration: give the risk made from it`,
      );
    return value;
  });
}
