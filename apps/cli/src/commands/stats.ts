import { rocFile } from "@islet/pipeline/node";
import { Command } from "commander";
import { columns, print } from "../output.ts";
import { examples, repeated } from "../options.ts";
import { calibrationCommand } from "./stats/calibration.ts";
import { decisionCurveCommand } from "./stats/dca.ts";
import { univariateCommand } from "./stats/univariate.ts";

/** islet stats: the statistics alone, on any table. */
export function statsCommand(): Command {
  const stats = new Command("stats").description("statistics on any CSV");
  stats
    .command("roc")
    .description("AUC with DeLong's interval, P against 0.5, Youden threshold; DeLong's paired test for every pair of scores")
    .requiredOption("--table <csv>", "CSV with one row a patient")
    .requiredOption("--outcome <column>", "column with 0 or 1")
    .requiredOption("--score <column>", "column with a score, higher = more likely an event; may be repeated", repeated)
    .addHelpText(
      "after",
      examples(
        "stats roc --table t.csv --outcome y --score risk",
        "stats roc --table t.csv --outcome y --score radiomics --score deep --json",
      ),
    )
    .action(async ({ table, outcome, score, json }: { table: string; outcome: string; score: string[]; json?: boolean }) => {
      const report = await rocFile(table, outcome, score);
      const three = (value: number | null | undefined) => (value === null || value === undefined ? null : value.toFixed(3));
      print(report, { ...(json && { json }) }, () => [
        ...columns([
          ["score", "n", "events", "AUC", "95% CI (DeLong)", "P (Mann-Whitney)", "threshold", "SEN", "SPC", "ACC"],
          ...report.curves.map((c) => [
            c.score,
            c.n,
            c.positives,
            three(c.auc),
            c.ci ? `${three(c.ci[0])} to ${three(c.ci[1])}` : null,
            three(c.pRandom),
            c.youden.threshold.toPrecision(4),
            three(c.youden.sensitivity),
            three(c.youden.specificity),
            three(c.youden.accuracy),
          ]),
        ]),
        ...(report.delong.length
          ? ["", ...columns([["DeLong", "and", "z", "P"], ...report.delong.map((d) => [d.a, d.b, three(d.z), three(d.p)])])]
          : []),
      ]);
    });
  for (const command of [univariateCommand(), calibrationCommand(), decisionCurveCommand()]) stats.addCommand(command);
  return stats;
}
