import { rocFile } from "@islet/pipeline/node";
import { Command, InvalidArgumentError, Option } from "commander";
import { examples, number, repeated } from "../../options.ts";
import { columns, print } from "../../output.ts";
import { pText } from "./p-text.ts";

/** A range as FROM,TO within 0 to 1. */
function range(text: string): [from: number, to: number] {
  const [from, to, ...rest] = text.split(",").map(number);
  if (from === undefined || to === undefined || rest.length > 0 || !(from >= 0 && from < to && to <= 1)) {
    throw new InvalidArgumentError(`expected FROM,TO with 0 <= FROM < TO <= 1, such as 0.9,1; got "${text}".`);
  }
  return [from, to];
}

interface RocOptions {
  table: string;
  outcome: string;
  score: string[];
  specificity?: [number, number];
  sensitivity?: [number, number];
  points?: boolean;
  json?: boolean;
}

/** islet stats roc: ROC curves of scores. */
export function rocCommand(): Command {
  return new Command("roc")
    .description(
      "AUC with DeLong's interval, P against 0.5, Youden threshold, average precision; DeLong's paired test for every pair of scores",
    )
    .requiredOption("--table <csv>", "CSV with one row a patient")
    .requiredOption("--outcome <column>", "column with 0 or 1")
    .requiredOption("--score <column>", "column with a score, higher = more likely an event; may be repeated", repeated)
    .addOption(
      new Option("--specificity <from,to>", "also the partial area over these specificities").argParser(range).conflicts("sensitivity"),
    )
    .addOption(new Option("--sensitivity <from,to>", "also the partial area over these sensitivities").argParser(range))
    .option("--points", "with --json, also every point of the ROC and precision-recall curves")
    .addHelpText(
      "after",
      examples(
        "stats roc --table t.csv --outcome y --score risk",
        "stats roc --table t.csv --outcome y --score radiomics --score deep --specificity 0.9,1 --json",
      ),
    )
    .action(async ({ table, outcome, score, specificity, sensitivity, points, json }: RocOptions) => {
      const axis = specificity ? "specificity" : "sensitivity";
      const [from, to] = specificity ?? sensitivity ?? [0, 1];
      const asked = specificity ?? sensitivity;
      const report = await rocFile(table, outcome, score, {
        ...(asked && { partial: { axis, from, to } as const }),
        withPoints: points ?? false,
      });
      const three = (value: number | null | undefined) => value?.toFixed(3) ?? null;
      print(report, { ...(json && { json }) }, () => [
        ...columns([
          [
            "score",
            "n",
            "events",
            "AUC",
            "95% CI (DeLong)",
            "P (Mann-Whitney)",
            "threshold",
            "SEN",
            "SPC",
            "ACC",
            "average precision",
            ...(asked ? ["partial area", "standardised"] : []),
          ],
          ...report.curves.map((c) => [
            c.score,
            c.n,
            c.positives,
            three(c.auc),
            c.ci ? `${three(c.ci[0])} to ${three(c.ci[1])}` : null,
            pText(c.pRandom),
            c.youden.threshold.toPrecision(4),
            three(c.youden.sensitivity),
            three(c.youden.specificity),
            three(c.youden.accuracy),
            three(c.averagePrecision),
            ...(c.partial ? [c.partial.area.toFixed(4), three(c.partial.standardised)] : []),
          ]),
        ]),
        ...(asked ? ["", `partial area over ${axis} ${from} to ${to}; standardised by McClish.`] : []),
        ...(report.delong.length
          ? ["", ...columns([["DeLong", "and", "z", "P"], ...report.delong.map((d) => [d.a, d.b, three(d.z), pText(d.p)])])]
          : []),
      ]);
    });
}
