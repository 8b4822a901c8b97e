import { delongFile, delongGroupsFile } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { examples, repeated } from "../../options.ts";
import { columns, print } from "../../output.ts";
import { idOption } from "./id-option.ts";
import { pText } from "./p-text.ts";

const three = (value: number | null) => value?.toFixed(3) ?? null;
const interval = (ci: readonly [number, number] | null) => (ci ? `${three(ci[0])} to ${three(ci[1])}` : null);

/** islet stats delong: AUCs compared. */
export function delongCommand(): Command {
  return new Command("delong")
    .description(
      "DeLong's test: the matrix of all scores on the same patients, or one score between two groups of patients, with adjusted P",
    )
    .requiredOption("--table <csv>", "CSV with one row a patient")
    .requiredOption("--outcome <column>", "column with 0 or 1")
    .requiredOption("--score <column>", "column with a score, higher = more likely an event; may be repeated", repeated)
    .option("--group <column>", "column with two groups of patients: the unpaired test of each score between them")
    .addOption(
      new Option(
        "--cluster <column>",
        "column of what makes rows alike, such as the patient of each lesion: Obuchowski's interval and test in place of DeLong's",
      ).conflicts("group"),
    )
    .addOption(idOption())
    .addHelpText(
      "after",
      examples(
        "stats delong --table t.csv --outcome y --score radiomics --score deep --score clinical",
        "stats delong --table t.csv --outcome y --score deep --group cohort --json",
      ),
    )
    .action(
      async ({
        table,
        outcome,
        score,
        group,
        cluster,
        id,
        json,
      }: {
        table: string;
        outcome: string;
        score: string[];
        group?: string;
        cluster?: string;
        id?: string[];
        json?: boolean;
      }) => {
        if (group !== undefined) {
          const report = await delongGroupsFile(table, outcome, score, group, { ids: id });
          print(report, { json }, () => [
            ...columns([
              ["score", report.group, "n", "events", "AUC", "95% CI", "difference", "t", "df", "P", "P (Holm)", "P (BH)"],
              ...report.scores.flatMap((s) =>
                s.groups.map((g, i) => [
                  s.score,
                  g.name,
                  g.n,
                  g.positives,
                  three(g.auc),
                  interval(g.ci),
                  ...(i === 0
                    ? [three(s.difference), three(s.t), s.df?.toFixed(1) ?? null, pText(s.p), pText(s.pHolm), pText(s.pBenjaminiHochberg)]
                    : ["", "", "", "", "", ""]),
                ]),
              ),
            ]),
            "",
            `${report.method}.`,
          ]);
          return;
        }
        const report = await delongFile(table, outcome, score, { ids: id, cluster });
        print(report, { json }, () => [
          `${report.n} rows${report.clusters === null ? "" : ` in ${report.clusters} clusters`}, ${report.positives} events`,
          "",
          ...columns([["score", "AUC", "95% CI"], ...report.scores.map((s) => [s.score, three(s.auc), interval(s.ci)])]),
          "",
          ...(report.pairs.length === 0
            ? []
            : columns([
                ["score", "and", "difference", "95% CI", "z", "P", "P (Holm)", "P (BH)"],
                ...report.pairs.map((d) => [
                  d.a,
                  d.b,
                  three(d.difference),
                  interval(d.ci),
                  three(d.z),
                  pText(d.p),
                  pText(d.pHolm),
                  pText(d.pBenjaminiHochberg),
                ]),
              ])),
          "",
          `${report.method}.`,
        ]);
      },
    );
}
