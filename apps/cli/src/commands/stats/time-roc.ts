import { timeRocFile } from "@islet/pipeline/node";
import { Command } from "commander";
import { examples, number, repeated } from "../../options.ts";
import { columns, print } from "../../output.ts";
import { noteLeftOut, withFollowUp, type FollowUpFlags } from "./follow-up-options.ts";
import { idOption } from "./id-option.ts";

/** islet stats time-roc: ROC curves at times, from follow-up with censoring. */
export function timeRocCommand(): Command {
  return withFollowUp(
    new Command("time-roc").description("AUC of a score for events by a time, from follow-up with censoring; Harrell's and Uno's C"),
  )
    .requiredOption("--score <column>", "column with a score, higher = earlier event; may be repeated", repeated)
    .requiredOption(
      "--at <time>",
      "time of the curve, in the unit of the times; may be repeated",
      (text: string, before: number[] = []) => [...before, number(text)],
    )
    .addOption(idOption())
    .addHelpText(
      "after",
      examples(
        "stats time-roc --table t.csv --time months --event recurrence --score risk --at 24 --at 60",
        "stats time-roc --table t.csv --time months --event recurrence --score radiomics --score deep --at 60 --json",
      ),
    )
    .action(async ({ table, time, event, score, at, id, json }: FollowUpFlags & { score: string[]; at: number[] }) => {
      const report = await timeRocFile(table, { time, event, ids: id }, score, at);
      noteLeftOut(report.leftOut);
      const three = (value: number) => value.toFixed(3);
      print(report, { json }, () => [
        `Time-dependent ROC, n = ${report.n}`,
        "",
        ...columns([
          ["score", "by time", "events", "followed beyond", "censored", "AUC", "SE", "95% CI"],
          ...report.scores.flatMap(({ score: name, times }) =>
            times.map((roc) => [
              name,
              roc.time,
              roc.cases,
              roc.controls,
              roc.censored,
              three(roc.auc),
              three(roc.se),
              `${three(roc.lo)} to ${three(roc.hi)}`,
            ]),
          ),
        ]),
        "",
        ...columns([
          ["score", "Harrell's C", "SE", "Uno's C", "SE"],
          ...report.scores.map(({ score: name, harrell, uno }) => [name, three(harrell.c), three(harrell.se), three(uno.c), three(uno.se)]),
        ]),
        "",
        ...report.references,
      ]);
    });
}
