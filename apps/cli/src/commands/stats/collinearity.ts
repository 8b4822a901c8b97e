import { collinearityFile } from "@islet/pipeline/node";
import { Command, InvalidArgumentError } from "commander";
import { examples, number, repeated } from "../../options.ts";
import { columns, note, print } from "../../output.ts";
import { idOption } from "./id-option.ts";
import { pText } from "./p-text.ts";

type Report = Awaited<ReturnType<typeof collinearityFile>>;

/** An |r| from 0 to 1. */
function share(text: string): number {
  const value = number(text);
  if (value < 0 || value > 1) throw new InvalidArgumentError(`expected an |r| from 0 to 1; got ${value}.`);
  return value;
}

/** How many pairs and columns a person is shown; --json has all. */
const SHOWN = 15;

interface CollinearityOptions {
  table: string;
  column?: string[];
  against?: string[];
  id?: string[];
  leaveOut?: string[];
  threshold: number;
  json?: boolean;
}

/** islet stats collinearity: how much columns repeat each other. */
export function collinearityCommand(): Command {
  return new Command("collinearity")
    .description("how much columns repeat each other: Pearson r and P of every pair, histograms, variance inflation, clusters")
    .requiredOption("--table <csv>", "CSV with one row a patient; rows with a gap are left out")
    .option(
      "--column <name>",
      'a column, or a beginning of names such as "deep_a*"; may be repeated (default: all columns of numbers)',
      repeated,
    )
    .option("--against <name>", "compare the columns with these instead of with each other; may be repeated", repeated)
    .option("--threshold <r>", "|r| from which two columns are called collinear", share, 0.8)
    .addOption(idOption())
    .option("--leave-out <column>", "a column that is no variable; may be repeated", repeated)
    .addHelpText(
      "after",
      examples(
        "stats collinearity --table features.csv --id patient_id",
        'stats collinearity --table features.csv --column "arterial*" --against "venous*" --json',
      ),
    )
    .action(async ({ table, column, against, id, leaveOut, threshold, json }: CollinearityOptions) => {
      const report = await collinearityFile(table, {
        ...(column && { columns: column }),
        ...(against && { against }),
        ids: id,
        ...(leaveOut && { leaveOut }),
        threshold,
      });
      for (const { column, reason } of report.ignored) note(`${column} is left out: it ${reason}.`);
      print(report, { json }, () => lines(report));
    });
}

function lines(report: Report): string[] {
  const isWithin = report.clusters !== null;
  const pairs = report.rows
    .flatMap((a, i) => report.columns.map((b, j) => ({ a, b, i, j, r: report.r[i]![j]!, p: report.p[i]![j]! })))
    .filter(({ i, j }) => !isWithin || j > i)
    .sort((one, other) => Math.abs(other.r) - Math.abs(one.r));
  const bars = ({ from, to, counts }: Report["histogram"]["r"]) => {
    const most = Math.max(1, ...counts);
    const at = (k: number) => (from + ((to - from) * k) / counts.length).toFixed(2);
    return counts.map((count, k) => [`${at(k)} to ${at(k + 1)}`, count, "#".repeat(Math.ceil((40 * count) / most))]);
  };
  return [
    `${report.n} rows${report.rowsLeftOut > 0 ? ` (${report.rowsLeftOut} with gaps left out)` : ""}, ${isWithin ? `${report.rows.length} columns` : `${report.rows.length} columns against ${report.columns.length}`}, ${report.pairs} pairs; |r| >= ${report.threshold} in ${report.share === null ? "-" : `${(100 * report.share).toFixed(1)}%`}`,
    "",
    ...columns([["strongest", "and", "r", "P"], ...pairs.slice(0, SHOWN).map(({ a, b, r, p }) => [a, b, r.toFixed(4), pText(p)])]),
    "",
    ...columns([["r", "pairs", ""], ...bars(report.histogram.r)]),
    "",
    ...columns([["P", "pairs", ""], ...bars(report.histogram.p)]),
    ...(report.clusters
      ? [
          "",
          ...columns([
            ["cluster", "columns", "smallest |r|"],
            ...report.clusters
              .slice(0, SHOWN)
              .map(({ columns, smallest }) => [
                columns.slice(0, 6).join(", ") + (columns.length > 6 ? ", ..." : ""),
                columns.length,
                smallest.toFixed(3),
              ]),
          ]),
        ]
      : []),
    ...(report.vif
      ? [
          "",
          ...columns([
            ["column", "variance inflation"],
            ...[...report.vif]
              .sort((a, b) => b.vif - a.vif)
              .slice(0, SHOWN)
              .map(({ column, vif }) => [column, vif.toFixed(2)]),
          ]),
        ]
      : ["", `No variance inflation: ${report.vifReason}.`]),
    "",
    `${report.method}.`,
  ];
}
