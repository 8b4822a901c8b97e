// How well risks and scores predict, on files.
import { stringify } from "csv-stringify/sync";
import { ConfigError } from "../../errors.ts";
import { isMissing, requireColumn } from "../../intake/csv.ts";
import { calibration, type Calibration } from "./calibration.ts";
import { confusionReport, type ConfusionReport } from "./confusion-report.ts";
import { decisionCurve, type DecisionPoint } from "./decision-curve.ts";
import { clusteredReport, delongGroupsReport, delongReport, type DelongGroupsReport, type DelongReport } from "./delong-report.ts";
import { recalibratedRisks, type LogitLine } from "./recalibration.ts";
import { reclassification, type Reclassification } from "./reclassification.ts";
import { risksOf, riskTable } from "./risk-table.ts";
import { rocReport, type RocReport } from "./roc-report.ts";
import { scoreTable } from "./score-table.ts";
import { readGroups } from "../variables.ts";
import { tableOf, type Ids } from "../table-file.node.ts";

/** ROC curves of a CSV table's scores, with DeLong's tests of every pair. */
export async function rocFile(
  file: string,
  outcome: string,
  scores: readonly string[],
  { ids, ...options }: Parameters<typeof rocReport>[2] & Ids = {},
): Promise<RocReport> {
  const table = scoreTable(await tableOf(file, ids), file, outcome, scores);
  return rocReport(table.outcome, table.scores, options);
}

/** The JSON of `islet stats calibration`. */
export interface CalibrationReport {
  readonly curves: readonly ({ readonly score: string } & Calibration)[];
  /** What the risks were changed by before they were judged. */
  readonly changed: LogitLine | null;
  readonly method: string;
}

/** Calibration of a CSV table's risks, after a change of them that was fitted elsewhere where one is given. */
export async function calibrationFile(
  file: string,
  outcome: string,
  scores: readonly string[],
  groups: number,
  { ids, change }: Ids & { readonly change?: LogitLine | undefined } = {},
): Promise<CalibrationReport> {
  const table = riskTable(await tableOf(file, ids), file, outcome, scores);
  return {
    curves: table.scores.map(({ name, values }) => ({
      score: name,
      ...calibration(table.outcome, change ? recalibratedRisks(values, change) : values, groups),
    })),
    changed: change ?? null,
    method:
      (change ? `risks changed on the logit scale by intercept ${change.intercept} and slope ${change.slope}; ` : "") +
      `curve in ${groups} groups of about equal size, Wilson's 95% intervals; slope and intercept by logistic recalibration (maximum likelihood, Wald's 95% intervals); ` +
      `expected calibration error over ${groups} equal widths; Spiegelhalter's z, two-sided`,
  };
}

/** A CSV table with a column NAME_recalibrated beside each of its columns of risks; needs no outcome. */
export async function recalibratedTable(file: string, scores: readonly string[], change: LogitLine | undefined): Promise<string> {
  if (!change)
    throw new ConfigError(
      "--output",
      "writes changed risks; give --intercept and --slope as islet stats calibration prints them for other patients",
    );
  const csv = await tableOf(file);
  const added = scores.map((name) => recalibratedRisks(risksOf(csv, file, name), change));
  return stringify([
    [...csv.columns, ...scores.map((name) => `${name}_recalibrated`)],
    ...csv.rows.map(({ cells }, i) => [...csv.columns.map((name) => cells[name]!), ...added.map((values) => values[i]!)]),
  ]);
}

/** The JSON of `islet stats dca`. */
export interface DecisionReport {
  readonly n: number;
  readonly events: number;
  readonly curves: readonly { readonly score: string; readonly points: readonly DecisionPoint[] }[];
  readonly method: string;
}

/** Decision curves of a CSV table's risks. */
export async function decisionCurveFile(
  file: string,
  outcome: string,
  scores: readonly string[],
  thresholds: readonly number[],
  { ids }: Ids = {},
): Promise<DecisionReport> {
  const table = riskTable(await tableOf(file, ids), file, outcome, scores);
  return {
    n: table.outcome.length,
    events: table.outcome.reduce((sum, y) => sum + y, 0),
    curves: table.scores.map(({ name, values }) => ({ score: name, points: decisionCurve(table.outcome, values, thresholds) })),
    method: "net benefit (Vickers & Elkin 2006), in true positives a patient; act when risk >= threshold; acting on nobody is 0",
  };
}

/** DeLong's paired test of every pair of a CSV table's scores, or Obuchowski's where a column names the cluster of each row. */
export async function delongFile(
  file: string,
  outcome: string,
  scores: readonly string[],
  { ids, cluster }: Ids & { readonly cluster?: string | undefined } = {},
): Promise<DelongReport> {
  if (scores.length < 2 && cluster === undefined)
    throw new ConfigError("--score", "name two scores or more to compare, or --group for one score in two groups of patients");
  const csv = await tableOf(file, ids);
  const table = scoreTable(csv, file, outcome, scores);
  if (cluster === undefined) return delongReport(table.outcome, table.scores);
  requireColumn(csv.columns, cluster, file);
  const clusters = csv.rows.map(({ line, cells }) => {
    if (isMissing(cells[cluster]!))
      throw new ConfigError(`${file}, row ${line}, column ${cluster}`, "is empty; every row needs its cluster");
    return cells[cluster]!;
  });
  return clusteredReport(table.outcome, table.scores, clusters);
}

/** DeLong's unpaired test of a CSV table's scores between two groups of its rows. */
export async function delongGroupsFile(
  file: string,
  outcome: string,
  scores: readonly string[],
  group: string,
  { ids }: Ids = {},
): Promise<DelongGroupsReport> {
  const csv = await tableOf(file, ids);
  const table = scoreTable(csv, file, outcome, scores);
  const { codes, levels } = readGroups(csv, file, group, 2);
  for (const [g, name] of levels.entries()) {
    const outcomes = table.outcome.filter((_, i) => codes[i] === g);
    const events = outcomes.reduce((sum, y) => sum + y, 0);
    if (events > 0 && events < outcomes.length) continue;
    throw new ConfigError(
      `${file}, column ${outcome}`,
      `an ROC curve needs patients with and without the event in each group, but in ${group} ${name} ${events} of ${outcomes.length} have it`,
    );
  }
  return delongGroupsReport(table.outcome, table.scores, group, codes, [levels[0]!, levels[1]!]);
}

/** Confusion measures and McNemar's tests of a CSV table's scores. */
export async function confusionFile(
  file: string,
  outcome: string,
  scores: readonly string[],
  threshold: number | "youden",
  { ids }: Ids = {},
): Promise<ConfusionReport> {
  const table = scoreTable(await tableOf(file, ids), file, outcome, scores);
  return confusionReport(table.outcome, table.scores, threshold);
}

/** The JSON of `islet stats reclassification`. */
export interface ReclassificationReport extends Reclassification {
  readonly n: number;
  readonly before: string;
  readonly after: string;
  readonly thresholds: readonly number[];
  readonly method: string;
}

/** What one column of risks of a CSV table adds to another. */
export async function reclassificationFile(
  file: string,
  outcome: string,
  before: string,
  after: string,
  thresholds: readonly number[],
  { ids }: Ids = {},
): Promise<ReclassificationReport> {
  const table = riskTable(await tableOf(file, ids), file, outcome, [before, after]);
  return {
    n: table.outcome.length,
    before,
    after,
    thresholds,
    ...reclassification(table.outcome, table.scores[0]!.values, table.scores[1]!.values, thresholds),
    method: `net reclassification improvement ${thresholds.length > 0 ? `by categories from ${thresholds.join(", ")}` : "of any rise or fall (continuous)"} and integrated discrimination improvement (Pencina et al. 2008, 2011), normal 95% intervals, two-sided P`,
  };
}
