// Survival analysis on files.
import type { Ties } from "./cox-likelihood.ts";
import { competingReport, type CompetingReport } from "./competing-report.ts";
import { externalRScore, type ExternalRScore } from "./coxnet-external.ts";
import { coxnetReport, type CoxnetChoice, type CoxnetReport } from "./coxnet-report.ts";
import { coxnetTable } from "./coxnet-table.ts";
import { coxReport, type CoxReport } from "./cox-report.ts";
import { tableOf } from "../table-file.node.ts";
import type { ConfidenceType } from "./kaplan-meier.ts";
import { kmReport, type KmReport } from "./km-report.ts";
import type { TimeTransform } from "./proportional-hazards.ts";
import { requireEvents, requireRegression, survivalTable, type SurvivalColumns } from "./survival-table.ts";
import { timeRocReport, type TimeRocReport } from "./time-roc-report.ts";

/** Which columns of a file hold what; `ids` name the patients, and none may repeat a name. */
type FileColumns = SurvivalColumns & { readonly ids?: readonly string[] | undefined };

async function followUpTable(file: string, { ids, ...columns }: FileColumns, codes: 1 | 2 = 1) {
  return survivalTable(await tableOf(file, ids), file, columns, codes);
}

/** Survival curves of a CSV table, by group where one is named. */
export async function kmFile(
  file: string,
  columns: FileColumns,
  options: { readonly confType?: ConfidenceType; readonly limit?: number | undefined } = {},
): Promise<KmReport> {
  return kmReport(await followUpTable(file, columns), options);
}

/** Cox regression on a CSV table. */
export async function coxFile(
  file: string,
  columns: FileColumns,
  options: { readonly ties?: Ties; readonly transform?: TimeTransform; readonly tau?: number | undefined } = {},
): Promise<CoxReport> {
  const table = await followUpTable(file, columns);
  requireRegression(table, file, columns.event);
  return coxReport(table, options);
}

/** Elastic-net Cox regression on a CSV table; covariates may be patterns such as "deep_*". The first id names the scores. The R-score is judged on an external table where one is given. */
export async function coxnetFile(
  file: string,
  { ids, ...columns }: FileColumns & { readonly covariates: readonly string[] },
  { external, ...choice }: CoxnetChoice & { readonly external?: string | undefined },
): Promise<CoxnetReport & { readonly external: ExternalRScore | null }> {
  const table = coxnetTable(await tableOf(file, ids), file, columns, ids?.[0]);
  requireRegression(table, file, columns.event);
  const others = external === undefined ? null : await tableOf(external, ids);
  const report = coxnetReport(table, choice);
  const { time, event } = columns;
  return { ...report, external: others && externalRScore(others, external!, { time, event, id: ids?.[0] }, report.coefficients) };
}

/** Cumulative incidence of two competing events of a CSV table, by group where one is named. */
export async function competingFile(file: string, columns: FileColumns): Promise<CompetingReport> {
  return competingReport(await followUpTable(file, columns, 2));
}

/** Time-dependent ROC curves of a CSV table's scores. */
export async function timeRocFile(
  file: string,
  columns: Pick<FileColumns, "time" | "event" | "ids">,
  scores: readonly string[],
  at: readonly number[],
): Promise<TimeRocReport> {
  const table = await followUpTable(file, { ...columns, covariates: scores });
  requireEvents(table.data, file, columns.event);
  return timeRocReport(table, scores, at);
}
