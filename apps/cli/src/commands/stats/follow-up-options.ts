import type { Command } from "commander";
import { note } from "../../output.ts";

/** The flags of a command that reads follow-up. */
export interface FollowUpFlags {
  table: string;
  time: string;
  event: string;
  id?: string[];
  json?: boolean;
}

/** Those of one that compares groups of patients besides. */
export interface GroupFlags extends FollowUpFlags {
  group?: string;
  strata?: string;
}

/** Those of one that regresses on covariates besides. */
export interface CovariateFlags extends FollowUpFlags {
  covariate: string[];
  categorical?: string[];
  strata?: string;
}

/** Adds --table, --time and --event: follow-up with one kind of event, the same in every command that reads it. */
export function withFollowUp(command: Command): Command {
  return command
    .requiredOption("--table <csv>", "CSV with one row a patient; rows with an empty cell or NA in a column used are left out")
    .requiredOption("--time <column>", "column with the time to the event or to the last observation, 0 or more")
    .requiredOption("--event <column>", "column with 1 (event) or 0 (censored)");
}

/** Adds --group and --strata: what is compared, and within what. */
export function withGroups(command: Command): Command {
  return command
    .option("--group <column>", "column with the groups to compare")
    .option("--strata <column>", "compare the groups within the levels of this column");
}

/** The columns that a regression's flags name. */
export function covariateColumns({ time, event, strata, covariate, categorical, id }: CovariateFlags) {
  return { time, event, strata, covariates: covariate, ids: id, ...(categorical && { categorical }) };
}

/** Says how many rows of a table, where it is not the command's only one, were left out. */
export function noteLeftOut(rows: number, of = ""): void {
  if (rows > 0) note(`${rows} rows${of && ` of ${of}`} are left out: a value is missing.`);
}
