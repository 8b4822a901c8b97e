// All that is written of a study's results: tables for a paper, figures, and the report that holds both.
import type { Finding } from "../study/guards/finding.ts";
import { figureFoot, tableFoot } from "./document.ts";
import { withFoot, type Figure } from "./figures/draw.ts";
import { studyFigures } from "./figures/study-figures.ts";
import type { ReportFacts } from "./methods.ts";
import { reportPage } from "./page.ts";
import { publicationTables, tableFiles } from "./publication-tables.ts";
import { isSynthetic, type StudyResults } from "../study/results.ts";

/** The files of a report; pictures come from the figures, by whoever can draw them. */
export interface StudyReport {
  /** Text by its path in the output folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly figures: readonly Figure[];
}

/**
 * Writes tables, figures and report.html.
 *
 * Pure: equal results give equal bytes, whatever the number of workers and whether they came from the cache.
 */
export function studyReport(results: StudyResults, findings: readonly Finding[], facts: ReportFacts): StudyReport {
  const tables = publicationTables(results);
  const synthetic = isSynthetic(results.study);
  const figures = studyFigures(results).map((figure) => withFoot(figure, figureFoot(synthetic)));
  const files: Record<string, string> = { "report.html": reportPage({ results, findings, tables, figures, facts }) };
  for (const table of tables) Object.assign(files, tableFiles({ ...table, notes: [...table.notes, tableFoot(synthetic)] }));
  for (const { name, svg } of figures) files[`figures/${name}.svg`] = svg;
  return { files, figures };
}
