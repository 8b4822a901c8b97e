import { Option } from "commander";
import { repeated } from "../../options.ts";

/** --id: every statistic takes its rows for different patients, and with their names it can tell. */
export function idOption(): Option {
  return new Option("--id <column>", "column that names the patients; a name that repeats is refused; may be repeated").argParser(repeated);
}
