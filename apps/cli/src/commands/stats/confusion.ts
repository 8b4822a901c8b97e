import { confusionFile } from "@islet/pipeline/node";
import { Command, InvalidArgumentError } from "commander";
import { examples, number, repeated } from "../../options.ts";
import { columns, print } from "../../output.ts";
import { idOption } from "./id-option.ts";
import { pText } from "./p-text.ts";

/** A threshold, or the word for each score's own best. */
function threshold(text: string): number | "youden" {
  if (text === "youden") return text;
  try {
    return number(text);
  } catch {
    throw new InvalidArgumentError(`expected a number or "youden"; got "${text}".`);
  }
}

/** islet stats confusion: what a threshold does. */
export function confusionCommand(): Command {
  return new Command("confusion")
    .description(
      "accuracy, sensitivity, specificity, predictive values with exact and Wilson intervals, F1, MCC; McNemar's test for every pair of scores",
    )
    .requiredOption("--table <csv>", "CSV with one row a patient")
    .requiredOption("--outcome <column>", "column with 0 or 1")
    .requiredOption("--score <column>", "column with a score, or with calls of 0 or 1; may be repeated", repeated)
    .requiredOption(
      "--threshold <number>",
      'positive when score >= threshold; "youden" takes each score\'s own best on these rows',
      threshold,
    )
    .addOption(idOption())
    .addHelpText(
      "after",
      examples(
        "stats confusion --table external.csv --outcome y --score risk --threshold 0.165",
        "stats confusion --table t.csv --outcome y --score radiomics --score deep --threshold youden --json",
      ),
    )
    .action(
      async ({
        table,
        outcome,
        score,
        threshold,
        id,
        json,
      }: {
        table: string;
        outcome: string;
        score: string[];
        threshold: number | "youden";
        id?: string[];
        json?: boolean;
      }) => {
        const report = await confusionFile(table, outcome, score, threshold, { ids: id });
        const three = (value: number | null) => value?.toFixed(3) ?? null;
        print(report, { json }, () => [
          `${report.n} rows, ${report.positives} events`,
          "",
          ...columns([
            ["score", "measure", "value", "count", "95% CI (exact)", "95% CI (Wilson)"],
            ...report.scores.flatMap((s) => [
              ...(["accuracy", "sensitivity", "specificity", "ppv", "npv"] as const).map((name) => {
                const { value, count, of, exact, wilson } = s[name];
                return [
                  s.score,
                  name.toUpperCase(),
                  three(value),
                  `${count}/${of}`,
                  `${three(exact[0])} to ${three(exact[1])}`,
                  `${three(wilson[0])} to ${three(wilson[1])}`,
                ];
              }),
              ...(
                [
                  ["F1", s.f1],
                  ["MCC", s.mcc],
                  ["BALANCED ACCURACY", s.balancedAccuracy],
                  ["THRESHOLD", s.threshold],
                ] as const
              ).map(([name, value]) => [s.score, name, three(value), "", "", ""]),
            ]),
          ]),
          ...(report.mcnemar.length > 0
            ? [
                "",
                ...columns([
                  [
                    "McNemar",
                    "and",
                    "only first right",
                    "only second right",
                    "P (exact)",
                    "P (Holm)",
                    "P (BH)",
                    "chi2",
                    "P (chi2)",
                    "P of SEN",
                    "P of SPC",
                  ],
                  ...report.mcnemar.map(({ a, b, accuracy, sensitivity, specificity }) => [
                    a,
                    b,
                    accuracy.onlyA,
                    accuracy.onlyB,
                    pText(accuracy.pExact),
                    pText(accuracy.pHolm),
                    pText(accuracy.pBenjaminiHochberg),
                    three(accuracy.chi2),
                    pText(accuracy.pAsymptotic),
                    pText(sensitivity.pExact),
                    pText(specificity.pExact),
                  ]),
                ]),
              ]
            : []),
          "",
          `${report.method}.`,
        ]);
      },
    );
}
