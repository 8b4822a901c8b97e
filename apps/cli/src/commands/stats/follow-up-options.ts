import type { Command } from "commander";

/** Adds --table, --time and --event: follow-up with one kind of event, the same in every command that reads it. */
export function withFollowUp(command: Command): Command {
  return command
    .requiredOption("--table <csv>", "CSV with one row a patient; rows with an empty cell or NA in a column used are left out")
    .requiredOption("--time <column>", "column with the time to the event or to the last observation, 0 or more")
    .requiredOption("--event <column>", "column with 1 (event) or 0 (censored)");
}
