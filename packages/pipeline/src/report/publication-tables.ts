// Every table that a paper prints, as files.
import { delongTables } from "./delong-tables.ts";
import { flowSummary } from "./flow.ts";
import { performanceTables } from "./performance-tables.ts";
import type { StudyResults } from "../study/results.ts";
import { riskGroupTable, survivalTables } from "./survival-tables.ts";
import { tableCsv, tableHtml, tableLatex, type Table } from "./table.ts";
import { univariateTables } from "./univariate-tables.ts";

/** The tables in the order of the report. */
export function publicationTables(results: StudyResults): Table[] {
  return [
    flowSummary(results),
    ...performanceTables(results),
    ...univariateTables(results),
    ...delongTables(results),
    ...survivalTables(results),
    riskGroupTable(results),
  ];
}

/** The files of a table, by their path in the output folder. */
export function tableFiles(table: Table): Record<string, string> {
  const page = `<!doctype html>\n<meta charset="utf-8">\n<title>${table.name}</title>\n${tableHtml(table)}\n`;
  return {
    [`tables/${table.name}.csv`]: tableCsv(table),
    [`tables/${table.name}.html`]: page,
    [`tables/${table.name}.tex`]: tableLatex(table),
  };
}
