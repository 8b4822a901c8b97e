import { crossValidateFile } from "@islet/pipeline/node";
import { Command } from "commander";
import { columns, note, print } from "../output.ts";
import { examples, whole } from "../options.ts";

/** islet learn: the study's learner on any table. */
export function learnCommand(): Command {
  const learn = new Command("learn").description("the study's learner on any CSV");
  learn
    .command("cv")
    .description("nested cross-validation: selection, scaling, grid search, SVM and calibration inside each fold")
    .requiredOption("--table <csv>", "CSV with one row a patient")
    .requiredOption("--outcome <column>", "column with 0 or 1")
    .option("--id <column>", "column with the rows' names")
    .option("--seed <n>", "seed of the folds", whole, 1)
    .option("--folds <n>", "outer folds; fewer when the smaller class has fewer patients", whole, 10)
    .addHelpText(
      "after",
      examples(
        "learn cv --table features.csv --outcome recurrence",
        "learn cv --table features.csv --outcome y --id patient_id --seed 7 --json",
      ),
    )
    .action(
      async ({
        table,
        outcome,
        id,
        seed,
        folds,
        json,
      }: {
        table: string;
        outcome: string;
        id?: string;
        seed: number;
        folds: number;
        json?: boolean;
      }) => {
        const onFold = (done: number, of: number) => process.stderr.isTTY && note(`fold ${done}/${of}`);
        const report = await crossValidateFile(table, outcome, { seed, folds, onFold, ...(id !== undefined && { id }) });
        print(report, { ...(json && { json }) }, () => [
          `n ${report.n}, events ${report.events}, ${report.folds.length} folds`,
          `AUC ${report.auc.toFixed(3)} (95% CI ${report.ci[0].toFixed(3)} to ${report.ci[1].toFixed(3)}, DeLong), P against 0.5: ${report.p.toFixed(3)} (Mann-Whitney)`,
          `at threshold ${report.threshold.toPrecision(4)} (Youden): ACC ${report.acc.toFixed(3)}, SEN ${report.sen.toFixed(3)}, SPC ${report.spc.toFixed(3)}`,
          "",
          ...columns([
            ["fold", "selected", "kernel", "C", "inner AUC"],
            ...report.folds.map((f) => [f.fold, f.selected.length, f.params.kernel.kind, f.params.C, f.innerAuc.toFixed(3)]),
          ]),
          "",
          "Research use only.",
        ]);
      },
    );
  return learn;
}
