import { ConfigError } from "../errors.ts";
import { readCsv } from "../intake/csv.ts";
import { scoreTable } from "../learn/csv-table.ts";
import type { NamedScores } from "./roc-report.ts";

/**
 * Outcomes and risks of a table, where the risks must be probabilities.
 *
 * @throws ConfigError naming file, row and column of a value below 0 or above 1, or an outcome of one class
 */
export function riskTable(
  text: string,
  file: string,
  outcome: string,
  names: readonly string[],
): { outcome: Uint8Array; scores: readonly NamedScores[] } {
  const table = scoreTable(text, file, outcome, names);
  for (const { name, values } of table.scores) {
    const row = values.findIndex((value) => value < 0 || value > 1);
    if (row < 0) continue;
    throw new ConfigError(
      `${file}, row ${readCsv(text, file).rows[row]!.line}, column ${name}`,
      `expected a probability from 0 to 1; got ${values[row]}. A decision value or score has no calibration: give the risk made from it`,
    );
  }
  const events = table.outcome.reduce((sum, y) => sum + y, 0);
  if (events === 0 || events === table.outcome.length) {
    throw new ConfigError(
      `${file}, column ${outcome}`,
      `patients with and without the event are needed, but ${events} of ${table.outcome.length} have it`,
    );
  }
  return table;
}
