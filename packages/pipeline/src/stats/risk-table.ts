import { ConfigError } from "../errors.ts";
import type { CsvTable } from "../intake/csv.ts";
import { scoreTable, type ScoreTable } from "./score-table.ts";

/**
 * Outcomes and risks of a table, where the risks must be probabilities.
 *
 * @throws ConfigError naming file, row and column of a value below 0 or above 1; as `scoreTable`
 */
export function riskTable(csv: CsvTable, file: string, outcome: string, names: readonly string[]): ScoreTable {
  const table = scoreTable(csv, file, outcome, names);
  for (const { name, values } of table.scores) {
    const row = values.findIndex((value) => value < 0 || value > 1);
    if (row < 0) continue;
    throw new ConfigError(
      `${file}, row ${csv.rows[row]!.line}, column ${name}`,
      `expected a probability from 0 to 1; got ${values[row]}. A decision value or score has no calibration: give the risk made from it`,
    );
  }
  return table;
}
