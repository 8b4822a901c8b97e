import { checkFileOutput, decideSvmFile, fitSvmFile, writeAtomic } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { columns, note, print } from "../output.ts";
import { examples, notNegative, number, positive, whole } from "../options.ts";

interface FitFlags {
  readonly table: string;
  readonly outcome: string;
  readonly id?: string;
  readonly kernel: "linear" | "rbf" | "poly";
  readonly c: number;
  readonly gamma?: number;
  readonly degree: number;
  readonly coef0: number;
  readonly probability?: boolean;
  readonly seed: number;
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
    .option("--gamma <g>", "gamma of the kernels rbf and poly (default: 1 / (features x variance))", number)
    .option("--degree <n>", "degree of the kernel poly", positive, 3)
    .option("--coef0 <c>", "constant of the kernel poly: (gamma a.b + c)^degree", notNegative, 0)
    .option("--tol <t>", "tolerance of the optimality conditions", number, 1e-3)
    .addOption(new Option("--class-weight <how>", "weights of the classes").choices(["balanced"]))
    .option("--scale", "z-score every column first")
    .option("--probability", "calibrate probabilities (Platt, 5 stratified folds)")
    .option("--seed <n>", "seed of those folds", whole, 1)
    .requiredOption("-o, --out <file>", "model to write (.json)")
    .addHelpText(
      "after",
      examples(
        "svm fit --table features.csv --outcome recurrence -o m.json",
        "svm fit --table features.csv --outcome y --id patient_id --kernel linear --c 0.5 --class-weight balanced --scale --probability -o m.json",
      ),
    )
    .action(
      async ({ table, outcome, id, kernel, c, gamma, degree, coef0, tol, classWeight, scale, probability, seed, out, json }: FitFlags) => {
        await checkFileOutput(out, [table]);
        const { model, n, events, ignored } = await fitSvmFile(
          { file: table, outcome, ...(id !== undefined && { id }) },
          {
            kernel,
            C: c,
            degree,
            coef0,
            tolerance: tol,
            balanced: classWeight === "balanced",
            scale: scale === true,
            probability: probability === true,
            seed,
            ...(gamma !== undefined && { gamma }),
          },
        );
        for (const { column, reason } of ignored) note(`column ${column} ${reason}: no feature`);
        await writeAtomic(out, `${JSON.stringify(model)}\n`);
        const { svm, platt } = model;
        const summary = {
          out,
          method: "C-support-vector machine, the problem and defaults of libsvm and scikit-learn's SVC",
          n,
          events,
          features: model.features.length,
          supportVectors: svm.dualCoef.length,
          rho: svm.rho,
          kernel: svm.kernel,
          C: model.C,
          tolerance: model.tolerance,
          isConverged: svm.isConverged,
          platt,
          ignored,
        };
        print(summary, { json }, () => [
          `wrote ${out}: ${kernel} SVM (${summary.method})`,
          `n ${n}, events ${events}, ${summary.features} features, ${summary.supportVectors} support vectors${platt ? "; probabilities by Platt's sigmoid on held-out decisions" : ""}`,
        ]);
      },
    );

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
      print(result, { json }, () =>
        columns([
          ["row", "decision", ...(result.probability ? ["probability"] : [])],
          ...result.decision.map((value, i) => [
            result.ids[i]!,
            value.toPrecision(6),
            ...(result.probability ? [result.probability[i]!.toFixed(4)] : []),
          ]),
        ]),
      );
    });
  return svm;
}
