// A table of scans as files, and work on each of them, whatever becomes of the others.
import { dirname } from "node:path";
import { ConfigError, IntakeError } from "../../errors.ts";
import { pathFrom, textOf } from "../../intake/named-file.node.ts";
import { caseName, pathsOf, readCaseRows, type CaseRow } from "./cases.ts";

/** A table, read and checked. */
export interface CaseTable {
  /** As the user named it. */
  readonly file: string;
  readonly rows: readonly CaseRow[];
  /** Every file and folder that it names, from where the command runs. */
  readonly paths: readonly string[];
  /** One of the table's paths from where the command runs. */
  at(path: string): string;
}

/** A case that is done: with its result, or with why it has none. */
export interface CaseProgress<T> {
  readonly name: string;
  readonly done: number;
  readonly total: number;
  readonly result: T | null;
  readonly warnings: readonly string[];
  readonly fault: string | null;
}

/** A case that could not be used. */
export interface ExcludedCase {
  readonly patient: string;
  readonly phase: string;
  readonly reason: string;
}

/**
 * Reads a table of cases.
 *
 * @throws ConfigError as `readCaseRows`
 */
export async function openCaseTable(file: string): Promise<CaseTable> {
  const rows = readCaseRows(await textOf(file), file);
  const at = (path: string) => pathFrom(dirname(file), path);
  return { file, rows, paths: pathsOf(rows).map(at), at };
}

/**
 * Works on each case in turn. A case that cannot be used is told and left out.
 *
 * @param work  throws IntakeError or ConfigError for a case at fault; anything else ends all
 * @throws IntakeError where no case can be used
 */
export async function eachCase<T>(
  { file, rows }: CaseTable,
  work: (row: CaseRow) => Promise<{ readonly result: T; readonly warnings: readonly string[] }>,
  tell: (progress: CaseProgress<T>) => void,
): Promise<{ readonly results: readonly T[]; readonly excluded: readonly ExcludedCase[] }> {
  const results: T[] = [];
  const excluded: ExcludedCase[] = [];
  for (const [i, row] of rows.entries()) {
    const told = { name: caseName(row), done: i + 1, total: rows.length };
    try {
      const { result, warnings } = await work(row);
      results.push(result);
      tell({ ...told, result, warnings, fault: null });
    } catch (error) {
      if (!(error instanceof IntakeError || error instanceof ConfigError)) throw error;
      excluded.push({ patient: row.patient, phase: row.phase, reason: error.message });
      tell({ ...told, result: null, warnings: [], fault: error.message });
    }
  }
  if (results.length === 0) throw new IntakeError(file, `none of its ${rows.length} cases can be used; the first: ${excluded[0]!.reason}`);
  return { results, excluded };
}
