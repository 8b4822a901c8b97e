// A table of the user's, as a statistic asks for it.
import { readCsv, type CsvTable } from "../intake/csv.ts";
import { textOf } from "../intake/named-file.node.ts";
import { requireDistinct } from "./prediction/score-table.ts";

/** Columns that name the patients: none may repeat a name. */
export interface Ids {
  readonly ids?: readonly string[] | undefined;
}

/**
 * A CSV table; with columns of ids, one in which each of them names every row differently.
 *
 * @throws ConfigError as `textOf`, `readCsv` and `requireDistinct`
 */
export async function tableOf(file: string, ids: readonly string[] = []): Promise<CsvTable> {
  const csv = readCsv(await textOf(file), file);
  for (const id of ids) requireDistinct(csv, file, id);
  return csv;
}
