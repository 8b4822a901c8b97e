import { rocFile } from "@islet/pipeline/node";
import { Command, InvalidArgumentError, Option } from "commander";
import { examples, number, repeated, whole } from "../../options.ts";
import { columns, print } from "../../output.ts";
import { idOption } from "./id-option.ts";
import { pText } from "./p-text.ts";

/** A range as FROM,TO within 0 to 1. */
function range(text: string): [from: number, to: number] {
  const [from, to, ...rest] = text.split(",").map(number);
  if (from === undefined || to === undefined || rest.length > 0 || !(from >= 0 && from < to && to <= 1)) {
    throw new InvalidArgumentError(`expected FROM,TO with 0 <= FROM < TO <= 1, such as 0.9,1; got "${text}".`);
  }
  return [from, to];
}

/** A number of replicates that can carry a 95% interval. */
function replicates(text: string): number {
  const count = whole(text);
  if (count < 100) throw new InvalidArgumentError(`expected 100 or more (2000 is usual); got ${count}.`);
  return count;
}

interface RocOptions {
  table: string;
  outcome: string;
  score: string[];
  specificity?: [number, number];
  sensitivity?: [number, number];
  points?: boolean;
  ci: "delong" | "logit" | "bootstrap";
  replicates: number;
  seed: number;
  id?: string[];
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
    .addOption(
      new Option(
        "--ci <method>",
        "95% interval of the AUC: by DeLong, the same on the logit scale (better in small studies), or by resampling patients (percentiles and BCa)",
      )
        .choices(["delong", "logit", "bootstrap"])
        .default("delong"),
    )
    .option("--replicates <number>", "of the bootstrap", replicates, 2000)
    .option("--seed <n>", "of the bootstrap", whole, 1)
    .option("--points", "with --json, also every point of the ROC and precision-recall curves")
    .addOption(idOption())
    .addHelpText(
      "after",
      examples(
        "stats roc --table t.csv --outcome y --score risk",
        "stats roc --table t.csv --outcome y --score radiomics --score deep --id patient_id --ci bootstrap --seed 7 --json",
      ),
    )
    .action(async ({ table, outcome, score, specificity, sensitivity, points, ci, replicates, seed, id, json }: RocOptions) => {
      const axis = specificity ? "specificity" : "sensitivity";
      const [from, to] = specificity ?? sensitivity ?? [0, 1];
      const asked = specificity ?? sensitivity;
      const report = await rocFile(table, outcome, score, {
        ...(asked && { partial: { axis, from, to } as const }),
        withPoints: points ?? false,
        ids: id,
        scale: ci === "logit" ? "logit" : "plain",
        ...(ci === "bootstrap" && { bootstrap: { replicates, seed } }),
      });
      const three = (value: number | null | undefined) => value?.toFixed(3) ?? null;
      const interval = (found: readonly [number, number] | null) => found && `${three(found[0])} to ${three(found[1])}`;
      print(report, { json }, () => [
        ...columns([
          [
            "score",
            "n",
            "events",
            "AUC",
            ...(ci !== "bootstrap" ? [`95% CI (DeLong${ci === "logit" ? ", logit" : ""})`] : ["95% CI (percentile)", "95% CI (BCa)"]),
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
            interval(c.ci),
            ...(ci === "bootstrap" ? [interval(c.bootstrap?.bca ?? null)] : []),
            pText(c.pRandom),
            c.youden.threshold.toPrecision(4),
            three(c.youden.sensitivity),
            three(c.youden.specificity),
            three(c.youden.accuracy),
            three(c.averagePrecision),
            ...(c.partial ? [c.partial.area.toFixed(4), three(c.partial.standardised)] : []),
          ]),
        ]),
        ...(asked ? ["", `partial area over ${axis} ${from} to ${to}.`] : []),
        ...(report.delong.length
          ? ["", ...columns([["DeLong", "and", "z", "P"], ...report.delong.map((d) => [d.a, d.b, three(d.z), pText(d.p)])])]
          : []),
        "",
        `${report.method}.`,
      ]);
    });
}
