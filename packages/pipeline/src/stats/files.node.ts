// The statistics on files.
import { readCsv } from "../intake/csv.ts";
import { textOf } from "../intake/text-file.node.ts";
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
