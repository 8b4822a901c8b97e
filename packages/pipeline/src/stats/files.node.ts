// Groups, collinearity and agreement on files.
import { requireColumn } from "../intake/csv.ts";
import { categoryAgreement, measurementAgreement, type AgreementReport } from "./agreement/agreement-report.ts";
import { collinearity, type CollinearityReport } from "./collinearity/collinearity.ts";
import { numericColumns, type NumericColumns } from "./collinearity/numeric-columns.ts";
import { readReaders } from "./agreement/reader-table.ts";
import { MOST_GROUPS, univariate, type UnivariateReport } from "./groups/univariate.ts";
import { readGroups, readVariables, type Variables } from "./variables.ts";
import { tableOf, type Ids } from "./table-file.node.ts";

/** The baseline table of a CSV: the columns asked for, or all but the group and those left out. */
export async function univariateFile(
  file: string,
  group: string,
  {
    variables,
    ids = [],
    leaveOut = [],
    categorical = [],
    isExact = false,
  }: {
    readonly variables?: readonly string[];
    readonly leaveOut?: readonly string[];
    readonly categorical?: readonly string[];
    readonly isExact?: boolean;
  } & Ids,
): Promise<UnivariateReport & Pick<Variables, "ignored">> {
  const csv = await tableOf(file, ids);
  for (const name of leaveOut) requireColumn(csv.columns, name, file);
  const groups = readGroups(csv, file, group, MOST_GROUPS);
  const names = variables ?? csv.columns.filter((name) => name !== group && !ids.includes(name) && !leaveOut.includes(name));
  const read = readVariables(csv, file, names, { categorical, isAsked: variables !== undefined });
  return { ...univariate(groups, read.variables, { isExact }), ignored: read.ignored };
}

/** Collinearity of a CSV table's columns: of those named (all but those left out), or of one set against another. */
export async function collinearityFile(
  file: string,
  {
    columns,
    against,
    ids = [],
    leaveOut = [],
    threshold,
  }: {
    readonly columns?: readonly string[];
    readonly against?: readonly string[];
    readonly leaveOut?: readonly string[];
    readonly threshold: number;
  } & Ids,
): Promise<CollinearityReport & Pick<NumericColumns, "rowsLeftOut" | "ignored">> {
  const csv = await tableOf(file, ids);
  for (const name of leaveOut) requireColumn(csv.columns, name, file);
  const names = columns ?? csv.columns.filter((name) => !ids.includes(name) && !leaveOut.includes(name));
  const { sets, rowsLeftOut, ignored } = numericColumns(csv, file, against ? [names, against] : [names]);
  return { ...collinearity(sets[0]!, sets[1] ?? null, threshold), rowsLeftOut, ignored };
}

/** Agreement of the readers in a CSV table, a column each. */
export async function agreementFile(
  file: string,
  readers: readonly string[],
  {
    weights,
    ids,
    ...options
  }: { readonly weights: "none" | "linear" | "quadratic"; readonly asCategories?: boolean; readonly order?: readonly string[] } & Ids,
): Promise<AgreementReport> {
  const table = readReaders(await tableOf(file, ids), file, readers, options);
  return table.kind === "measurements"
    ? measurementAgreement(readers, table.values, table.rowsLeftOut)
    : categoryAgreement(readers, table.levels, table.codes, weights, table.rowsLeftOut);
}
