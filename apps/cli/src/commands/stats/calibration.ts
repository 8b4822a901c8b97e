import { checkFileOutput, calibrationFile, recalibratedTable, writeAtomic } from "@islet/pipeline/node";
import { Command } from "commander";
import { examples, number, positive, repeated } from "../../options.ts";
import { columns, note, print } from "../../output.ts";
import { idOption } from "./id-option.ts";
import { pText } from "./p-text.ts";

/** islet stats calibration: do risks mean what they say? */
export function calibrationCommand(): Command {
  return new Command("calibration")
    .description("calibration of risks: curve, slope, intercept, Brier score, expected calibration error, Spiegelhalter's test")
    .requiredOption("--table <csv>", "CSV with one row a patient")
    .requiredOption("--outcome <column>", "column with 0 or 1")
    .requiredOption("--score <column>", "column with a risk from 0 to 1; may be repeated", repeated)
    .option("--groups <number>", "groups of the curve", positive, 10)
    .option("--intercept <number>", "first change the risks by this intercept, fitted on other patients", number)
    .option("--slope <number>", "and by this slope: logit(risk) becomes intercept + slope x logit(risk)", number)
    .option("-o, --output <csv>", "write the table with the changed risks as NAME_recalibrated")
    .addOption(idOption())
    .addHelpText(
      "after",
      examples(
        "stats calibration --table predictions.csv --outcome outcome --score risk",
        "stats calibration --table external.csv --outcome y --score risk --intercept -0.4 --slope 0.7 --json",
      ),
    )
    .action(
      async ({
        table,
        outcome,
        score,
        groups,
        intercept,
        slope,
        output,
        id,
        json,
      }: {
        table: string;
        outcome: string;
        score: string[];
        groups: number;
        intercept?: number;
        slope?: number;
        output?: string;
        id?: string[];
        json?: boolean;
      }) => {
        const isChanged = intercept !== undefined || slope !== undefined;
        const change = isChanged ? { intercept: intercept ?? 0, slope: slope ?? 1 } : undefined;
        if (output !== undefined) {
          await checkFileOutput(output, [table]);
          await writeAtomic(output, await recalibratedTable(table, score, change));
          note(`The table with ${score.map((name) => `${name}_recalibrated`).join(", ")} is written to ${output}.`);
        }
        const report = await calibrationFile(table, outcome, score, groups, { ids: id, change });
        const three = (value: number | null | undefined) => value?.toFixed(3) ?? null;
        const fitted = (value: (typeof report.curves)[number]["slope"]) =>
          value ? `${three(value.value)} (${three(value.lo)} to ${three(value.hi)})` : null;
        print(report, { json }, () => [
          ...columns([
            [
              "score",
              "n",
              "events",
              "mean risk",
              "observed",
              "slope (95% CI)",
              "intercept (95% CI)",
              "in the large (95% CI)",
              "Brier",
              "scaled",
              "ECE",
              "Spiegelhalter z",
              "P",
            ],
            ...report.curves.map((c) => [
              c.score,
              c.n,
              c.events,
              three(c.meanRisk),
              three(c.observed),
              fitted(c.slope),
              fitted(c.intercept),
              fitted(c.inTheLarge),
              three(c.brier),
              three(c.brierScaled),
              three(c.ece),
              three(c.spiegelhalter?.z),
              pText(c.spiegelhalter?.p ?? null),
            ]),
          ]),
          ...report.curves.flatMap((c) => [
            "",
            ...(c.reason ? [`${c.score}: ${c.reason}.`] : []),
            ...columns([
              [`${c.score}: group`, "n", "events", "mean risk", "observed", "95% CI"],
              ...c.bins.map((bin, i) => [
                String(i + 1),
                bin.n,
                bin.events,
                three(bin.meanRisk),
                three(bin.observed),
                `${three(bin.ci[0])} to ${three(bin.ci[1])}`,
              ]),
            ]),
          ]),
          "",
          `${report.method}.`,
        ]);
      },
    );
}
