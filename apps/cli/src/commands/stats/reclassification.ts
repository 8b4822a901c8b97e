import { reclassificationFile } from "@islet/pipeline/node";
import { Command, InvalidArgumentError } from "commander";
import { examples, number } from "../../options.ts";
import { columns, print } from "../../output.ts";
import { idOption } from "./id-option.ts";
import { pText } from "./p-text.ts";

/** A risk between 0 and 1 where a category begins; may be repeated. */
function threshold(text: string, before: number[] = []): number[] {
  const value = number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError(`expected a risk between 0 and 1; got ${text}.`);
  return [...before, value].toSorted((a, b) => a - b);
}

interface ReclassificationOptions {
  table: string;
  outcome: string;
  before: string;
  after: string;
  threshold?: number[];
  id?: string[];
  json?: boolean;
}

/** islet stats reclassification: what a new risk adds to an old one. */
export function reclassificationCommand(): Command {
  return new Command("reclassification")
    .description("net reclassification and integrated discrimination improvement of a new risk over an old one")
    .requiredOption("--table <csv>", "CSV with one row a patient")
    .requiredOption("--outcome <column>", "column with 0 or 1")
    .requiredOption("--before <column>", "column with the old risk, 0 to 1")
    .requiredOption("--after <column>", "column with the new risk, 0 to 1")
    .option("--threshold <risk>", "where a risk category begins; may be repeated (default: every rise and fall counts)", threshold)
    .addOption(idOption())
    .addHelpText(
      "after",
      examples(
        "stats reclassification --table t.csv --outcome y --before clinical --after combined",
        "stats reclassification --table t.csv --outcome y --before clinical --after combined --threshold 0.1 --threshold 0.3 --json",
      ),
    )
    .action(async ({ table, outcome, before, after, threshold = [], id, json }: ReclassificationOptions) => {
      const report = await reclassificationFile(table, outcome, before, after, threshold, { ids: id });
      const three = (value: number) => (Number.isFinite(value) ? value.toFixed(3) : null);
      print(report, { json }, () => [
        `${report.n} rows: ${report.after} beside ${report.before}`,
        "",
        ...columns([
          ["", "value", "95% CI", "z", "P"],
          ...(
            [
              ["NRI", report.nri],
              ["IDI", report.idi],
            ] as const
          ).map(([name, { value, ci, z, p }]) => [
            name,
            three(value),
            Number.isFinite(ci[0]) ? `${three(ci[0])} to ${three(ci[1])}` : null,
            three(z),
            pText(Number.isNaN(p) ? null : p),
          ]),
        ]),
        "",
        ...columns([
          ["", "n", "up", "down"],
          ...(
            [
              ["with the event", report.events],
              ["without", report.nonEvents],
            ] as const
          ).map(([name, { n, up, down }]) => [name, n, up, down]),
        ]),
        "",
        `${report.method}.`,
      ]);
    });
}
