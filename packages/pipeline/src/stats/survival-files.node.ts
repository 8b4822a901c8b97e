// Survival analysis on files.
import { readCsv } from "../intake/csv.ts";
import { textOf } from "../intake/named-file.node.ts";
import type { Ties } from "./cox-likelihood.ts";
import { competingReport, type CompetingReport } from "./competing-report.ts";
import { coxReport, type CoxReport } from "./cox-report.ts";
import type { ConfidenceType } from "./kaplan-meier.ts";
import { kmReport, type KmReport } from "./km-report.ts";
import type { TimeTransform } from "./proportional-hazards.ts";
import { survivalTable, type SurvivalColumns } from "./survival-table.ts";
import { timeRocReport, type TimeRocReport } from "./time-roc-report.ts";

async function tableOf(file: string, columns: SurvivalColumns, codes: 1 | 2 = 1) {
  return survivalTable(readCsv(await textOf(file), file), file, columns, codes);
}

/** Survival curves of a CSV table, by group where one is named. */
export async function kmFile(
  file: string,
  columns: SurvivalColumns,
  options: { readonly confType?: ConfidenceType; readonly limit?: number | undefined } = {},
): Promise<KmReport> {
  return kmReport(await tableOf(file, columns), options);
}

/** Cox regression on a CSV table. */
export async function coxFile(
  file: string,
  columns: SurvivalColumns,
  options: { readonly ties?: Ties; readonly transform?: TimeTransform; readonly tau?: number | undefined } = {},
): Promise<CoxReport> {
  return coxReport(await tableOf(file, columns), options);
}

/** Cumulative incidence of two competing events of a CSV table, by group where one is named. */
export async function competingFile(file: string, columns: SurvivalColumns): Promise<CompetingReport> {
  return competingReport(await tableOf(file, columns, 2));
}

/** Time-dependent ROC curves of a CSV table's scores. */
export async function timeRocFile(
  file: string,
  columns: Pick<SurvivalColumns, "time" | "event">,
  scores: readonly string[],
  at: readonly number[],
): Promise<TimeRocReport> {
  return timeRocReport(await tableOf(file, { ...columns, covariates: scores }), scores, at);
}
