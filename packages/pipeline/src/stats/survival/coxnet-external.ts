import { ConfigError } from "../../errors.ts";
import { isMissing, numberIn, requireColumn, type CsvTable } from "../../intake/csv.ts";
import { concordance } from "./concordance.ts";
import type { CoxnetReport } from "./coxnet-report.ts";
import { requireEvents, survivalTable } from "./survival-table.ts";

/** An R-score on other patients. */
export interface ExternalRScore {
  readonly n: number;
  /** Rows left out because a value is missing. */
  readonly leftOut: number;
  readonly events: number;
  /** Harrell's C. */
  readonly concordance: { readonly c: number; readonly se: number };
  readonly scores: readonly { readonly id: string; readonly rScore: number }[];
}

/**
 * Gives other patients the R-score of a fit, with its means, and says how it ranks their follow-up.
 *
 * @param columns       time, event and id as in the table of the fit
 * @param coefficients  of the fit; NAME=LEVEL is 1 where column NAME holds LEVEL
 * @throws ConfigError naming a column that the table lacks, or row and column of a cell that is no number; when nobody has the event
 */
export function externalRScore(
  csv: CsvTable,
  file: string,
  columns: { readonly time: string; readonly event: string; readonly id?: string | undefined },
  coefficients: CoxnetReport["coefficients"],
): ExternalRScore {
  const { time, event, id } = columns;
  if (id !== undefined) requireColumn(csv.columns, id, file);
  const terms = coefficients.map((one) => ({ ...one, ...termOf(one.name, csv.columns, file) }));
  const used = [time, event, ...terms.map(({ column }) => column)];
  const rows = csv.rows.filter(({ cells }) => used.every((name) => !isMissing(cells[name] ?? "")));
  if (rows.length === 0) throw new ConfigError(file, `no row has a value in all of ${used.join(", ")}`);
  const { data } = survivalTable({ columns: csv.columns, rows }, file, { time, event });
  requireEvents(data, file, event);
  const scores = rows.map(({ line, cells }) => {
    let rScore = 0;
    for (const { coef, mean, column, level } of terms) {
      const cell = cells[column]!;
      const value =
        level === null
          ? numberIn(cell, `${file}, row ${line}, column ${column}`)
          : cell === level || Number(cell) === Number(level)
            ? 1
            : 0;
      rScore += coef * (value - mean);
    }
    return { id: id === undefined ? `row ${line}` : cells[id]!, rScore };
  });
  const { c, se } = concordance(
    data,
    scores.map(({ rScore }) => rScore),
  );
  return {
    n: rows.length,
    leftOut: csv.rows.length - rows.length,
    events: data.event.reduce((sum, code) => sum + code, 0),
    concordance: { c, se },
    scores,
  };
}

/** The column of a term, and its level where the term is one category of it. */
function termOf(name: string, columns: readonly string[], file: string): { column: string; level: string | null } {
  if (columns.includes(name)) return { column: name, level: null };
  for (let at = name.indexOf("="); at >= 0; at = name.indexOf("=", at + 1))
    if (columns.includes(name.slice(0, at))) return { column: name.slice(0, at), level: name.slice(at + 1) };
  requireColumn(columns, name, file);
  return { column: name, level: null };
}
