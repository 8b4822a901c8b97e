import { decisionCurveFile } from "@islet/pipeline/node";
import { Command, InvalidArgumentError } from "commander";
import { examples, number, repeated } from "../../options.ts";
import { columns, print } from "../../output.ts";
import { idOption } from "./id-option.ts";

/** Thresholds as FROM,TO,STEP, such as 0.05,0.5,0.05. */
function thresholds(text: string): number[] {
  const [from, to, step, ...rest] = text.split(",").map(number);
  const isRange = from !== undefined && to !== undefined && step !== undefined && rest.length === 0;
  if (!isRange || !(from > 0 && from <= to && to < 1 && step > 0)) {
    throw new InvalidArgumentError(`expected FROM,TO,STEP with 0 < FROM <= TO < 1, such as 0.05,0.5,0.05; got "${text}".`);
  }
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (count > 10_000) throw new InvalidArgumentError(`${count} thresholds are too many; take a larger STEP.`);
  return Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12)));
}

/** islet stats dca: is acting on a risk better than acting on everybody or nobody? */
export function decisionCurveCommand(): Command {
  return new Command("dca")
    .description("decision-curve analysis: net benefit of acting on a risk, on everybody, on nobody")
    .requiredOption("--table <csv>", "CSV with one row a patient")
    .requiredOption("--outcome <column>", "column with 0 or 1")
    .requiredOption("--score <column>", "column with a risk from 0 to 1; may be repeated", repeated)
    .option("--thresholds <from,to,step>", "risks at which one would act", thresholds, thresholds("0.01,0.99,0.01"))
    .addOption(idOption())
    .addHelpText(
      "after",
      examples(
        "stats dca --table predictions.csv --outcome outcome --score risk --thresholds 0.05,0.5,0.05",
        "stats dca --table t.csv --outcome y --score a --score b --json",
      ),
    )
    .action(
      async ({
        table,
        outcome,
        score,
        thresholds,
        id,
        json,
      }: {
        table: string;
        outcome: string;
        score: string[];
        thresholds: number[];
        id?: string[];
        json?: boolean;
      }) => {
        const report = await decisionCurveFile(table, outcome, score, thresholds, { ids: id });
        print(report, { json }, () => [
          `${report.n} rows, ${report.events} events`,
          "",
          ...columns([
            ["threshold", "all", ...report.curves.flatMap(({ score }) => [score, `${score}: avoided per 100`])],
            ...thresholds.map((threshold, i) => [
              String(threshold),
              report.curves[0]!.points[i]!.treatAll.toFixed(4),
              ...report.curves.flatMap(({ points }) => [points[i]!.netBenefit.toFixed(4), points[i]!.avoidedPer100.toFixed(1)]),
            ]),
          ]),
          "",
          `${report.method}.`,
        ]);
      },
    );
}
