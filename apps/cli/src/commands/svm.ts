import { decideSvmFile, fitSvmFile, writeAtomic } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { columns, print } from "../output.ts";
import { examples, number } from "../options.ts";

interface FitFlags {
  readonly table: string;
  readonly outcome: string;
  readonly id?: string;
  readonly kernel: "linear" | "rbf" | "poly";
  readonly c: number;
  readonly gamma?: number;
  readonly tol: number;
  readonly classWeight?: "balanced";
  readonly scale?: boolean;
  readonly out: string;
  readonly json?: boolean;
}

/** islet svm: one support vector machine on any table. */
export function svmCommand(): Command {
  const svm = new Command("svm").description("one support vector machine on any CSV; defaults as scikit-learn's SVC");

  svm
    .command("fit")
    .description("fit on every numeric column but the outcome; nothing is scaled unless --scale")
    .requiredOption("--table <csv>", "CSV with one row a patient")
    .requiredOption("--outcome <column>", "column with 0 or 1")
    .option("--id <column>", "column with the rows' names")
    .addOption(new Option("--kernel <name>", "kernel").choices(["linear", "rbf", "poly"]).default("rbf"))
    .option("--c <c>", "penalty C", number, 1)
    .option("--gamma <g>", "gamma of the RBF kernel (default: 1 / (features x variance))", number)
    .option("--tol <t>", "tolerance of the optimality conditions", number, 1e-3)
    .addOption(new Option("--class-weight <how>", "weights of the classes").choices(["balanced"]))
    .option("--scale", "z-score every column first")
    .requiredOption("-o, --out <file>", "model to write (.json)")
    .addHelpText(
      "after",
      examples(
        "svm fit --table features.csv --outcome recurrence -o m.json",
        "svm fit --table features.csv --outcome y --id patient_id --kernel linear --c 0.5 --class-weight balanced --scale -o m.json",
      ),
    )
    .action(async ({ table, outcome, id, kernel, c, gamma, tol, classWeight, scale, out, json }: FitFlags) => {
      const model = await fitSvmFile(table, outcome, id, {
        kernel,
        C: c,
        tolerance: tol,
        balanced: classWeight === "balanced",
        scale: scale === true,
        ...(gamma !== undefined && { gamma }),
      });
      await writeAtomic(out, `${JSON.stringify(model)}\n`);
      const summary = {
        out,
        features: model.features.length,
        supportVectors: model.svm.dualCoef.length,
        rho: model.svm.rho,
        kernel: model.svm.kernel,
        C: model.C,
      };
      print(summary, { ...(json && { json }) }, () => [
        `wrote ${out}: ${kernel} SVM on ${summary.features} features, ${summary.supportVectors} support vectors`,
      ]);
    });

  svm
    .command("decide")
    .description("decision values of a table's rows; positive is the side of the event")
    .requiredOption("--model <file>", "model of svm fit")
    .requiredOption("--table <csv>", "CSV with the model's columns")
    .option("--id <column>", "column with the rows' names")
    .addHelpText(
      "after",
      examples("svm decide --model m.json --table new.csv", "svm decide --model m.json --table new.csv --id patient_id --json"),
    )
    .action(async ({ model, table, id, json }: { model: string; table: string; id?: string; json?: boolean }) => {
      const result = await decideSvmFile(model, table, id);
      print(result, { ...(json && { json }) }, () =>
        columns([["row", "decision"], ...result.decision.map((value, i) => [result.ids[i]!, value.toPrecision(6)])]),
      );
    });
  return svm;
}
