// The statistics on files.
import { readCsv } from "../intake/csv.ts";
import { textOf } from "../intake/text-file.node.ts";
import { calibration, type Calibration } from "./calibration.ts";
import { decisionCurve, type DecisionPoint } from "./decision-curve.ts";
import { riskTable } from "./risk-table.ts";
import { univariate, type UnivariateReport } from "./univariate.ts";
import { readGroups, readVariables, type Variables } from "./variables.ts";

/** The baseline table of a CSV: the columns asked for, or all but the group and those left out. */
export async function univariateFile(
  file: string,
  group: string,
  {
    variables,
    leaveOut = [],
    categorical = [],
    isExact = false,
  }: {
    readonly variables?: readonly string[];
    readonly leaveOut?: readonly string[];
    readonly categorical?: readonly string[];
    readonly isExact?: boolean;
  },
): Promise<UnivariateReport & Pick<Variables, "ignored">> {
  const csv = readCsv(await textOf(file), file);
  const groups = readGroups(csv, file, group);
  const names = variables ?? csv.columns.filter((name) => name !== group && !leaveOut.includes(name));
  const read = readVariables(csv, file, names, { categorical, isAsked: variables !== undefined });
  return { ...univariate(groups, read.variables, { isExact }), ignored: read.ignored };
}

/** The JSON of `islet stats calibration`. */
export interface CalibrationReport {
  readonly curves: readonly ({ readonly score: string } & Calibration)[];
  readonly method: string;
}

/** Calibration of a CSV table's risks. */
export async function calibrationFile(
  file: string,
  outcome: string,
  scores: readonly string[],
  groups: number,
): Promise<CalibrationReport> {
  const table = riskTable(await textOf(file), file, outcome, scores);
  return {
    curves: table.scores.map(({ name, values }) => ({ score: name, ...calibration(table.outcome, values, groups) })),
    method:
      `curve in ${groups} groups of about equal size, Wilson's 95% intervals; slope and intercept by logistic recalibration (maximum likelihood, Wald's 95% intervals); ` +
      `expected calibration error over ${groups} equal widths; Spiegelhalter's z, two-sided`,
  };
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
): Promise<DecisionReport> {
  const table = riskTable(await textOf(file), file, outcome, scores);
  return {
    n: table.outcome.length,
    events: table.outcome.reduce((sum, y) => sum + y, 0),
    curves: table.scores.map(({ name, values }) => ({ score: name, points: decisionCurve(table.outcome, values, thresholds) })),
    method: "net benefit (Vickers & Elkin 2006), in true positives a patient; act when risk >= threshold; acting on nobody is 0",
  };
}
