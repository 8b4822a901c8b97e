import { crossValidateFile, learnSettingsFile } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { examples, positive, repeated, whole, workersOption } from "../options.ts";
import { note, print } from "../output.ts";
import { classifierOption, listOf, selectionSteps, thresholdRule } from "./learn-options.ts";
import { learnLines } from "./learn-report.ts";

interface Flags {
  readonly table: string;
  readonly outcome: string;
  readonly id?: string;
  readonly seed: number;
  readonly settings?: string;
  readonly categorical: string[];
  readonly always: string[];
  readonly json?: boolean;
  readonly folds?: number;
  readonly repeats?: number;
  readonly validation?: string;
  readonly resamples?: number;
  readonly group?: string;
  readonly impute?: string;
  readonly missingFlag?: boolean;
  readonly batch?: string;
  readonly select?: object[];
  readonly scale?: string;
  readonly classifier?: Parameters<typeof classifierOption>[0];
  readonly kernel?: string[];
  readonly c?: number[];
  readonly classWeight?: string;
  readonly random?: number;
  readonly innerFolds?: number;
  readonly calibration?: string;
  readonly threshold?: object;
  readonly importance?: number;
  readonly permutations?: number;
  readonly workers?: number;
}

/** islet learn: the study's learner on any table. */
export function learnCommand(): Command {
  const learn = new Command("learn").description("the study's learner on any CSV");
  learn
    .command("cv")
    .description(
      "validates the learner on patients it has not seen: every step, from missing values to calibration, is learnt inside each fold",
    )
    .requiredOption("--table <csv>", "CSV with one row a patient")
    .requiredOption("--outcome <column>", "column with 0 or 1")
    .option("--id <column>", "column with the rows' names")
    .option("--categorical <column>", "column of categories, coded by 0 and 1 (may be repeated)", repeated, [])
    .option("--always <column>", "column that is in every model without selection (may be repeated)", repeated, [])
    .option("--seed <n>", "seed of every random choice", whole, 1)
    .option("--settings <yaml>", "any of the keys of `learn` in a study file; options below come before it")
    .addOption(
      new Option("--validation <how>", "how patients are held out (default: k-fold)").choices(["k-fold", "leave-one-out", "bootstrap"]),
    )
    .option("--folds <n>", "outer folds; fewer when the smaller class has fewer patients (default: 10)", whole)
    .option("--repeats <n>", "draw the folds so many times (default: 1)", positive)
    .option("--resamples <n>", "bootstrap samples (default: 200)", positive)
    .option("--group <column>", "rows with the same value stay together, such as the lesions of one patient")
    .addOption(new Option("--impute <how>", "fill missing numbers; categories take the most frequent").choices(["median", "mean"]))
    .option("--missing-flag", "add a 0/1 column for every column with missing values")
    .option("--batch <column>", "column with the scanner or centre, brought together by ComBat")
    .option(
      "--select <steps>",
      'steps in order, such as "univariate=0.05,correlation=0.9,top=10", mrmr=20, lasso, or none (default: univariate)',
      selectionSteps,
    )
    .addOption(new Option("--scale <how>", "scaling (default: z-score)").choices(["z-score", "robust", "none"]))
    .addOption(
      new Option("--classifier <name>", "SVM, or logistic regression by its penalty (default: svm)").choices([
        "svm",
        "l1",
        "l2",
        "elastic-net",
      ]),
    )
    .option("--kernel <names>", "kernels that the SVM's search tries: linear, rbf, poly (default: linear,rbf)", listOf(String))
    .option("--c <values>", "values of C that the search tries", listOf(Number))
    .addOption(new Option("--class-weight <how>", "weights of the classes (default: balanced)").choices(["balanced", "none"]))
    .option("--random <draws>", "search so many random choices instead of the grid", positive)
    .option("--inner-folds <n>", "folds of the search (default: 5)", positive)
    .addOption(new Option("--calibration <how>", "probabilities (default: auto: Platt for the SVM)").choices(["auto", "platt", "none"]))
    .option("--threshold <rule>", "youden, sensitivity=0.9, or cost=MISSED:FALSE-ALARM such as cost=5:1 (default: youden)", thresholdRule)
    .option("--importance <n>", "shuffle each feature so many times for its permutation importance", whole)
    .option("--permutations <n>", "shuffle the outcome so many times and run everything again", whole)
    .addOption(workersOption(" for --permutations"))
    .addHelpText(
      "after",
      examples(
        "learn cv --table features.csv --outcome recurrence --id patient_id --permutations 200",
        "learn cv --table lesions.csv --outcome y --group patient_id --impute median --select univariate,correlation=0.9 --classifier elastic-net --json",
      ),
    )
    .action(async (flags: Flags) => {
      const settings = await learnSettingsFile(flags.settings, overridesOf(flags));
      const progress = (what: string) => (done: number, of: number) => process.stderr.isTTY && note(`${what} ${done}/${of}`);
      const { table: file, outcome, id, categorical, always, seed, workers } = flags;
      const report = await crossValidateFile({ file, outcome, categorical, ...(id !== undefined && { id }) }, settings, {
        seed,
        always,
        ...(workers !== undefined && { workers }),
        onFold: progress("fold"),
        onPermutation: progress("permutation"),
      });
      for (const { column, reason } of report.ignored)
        note(
          `column ${column} ${reason}: no feature${reason === "holds words" ? "; name it with --categorical if they are categories" : ""}`,
        );
      for (const warning of report.warnings) note(`warning: ${warning}`);
      print(report, flags, () => learnLines(report));
    });
  return learn;
}

/** The options that were given, by the keys of `learn` in a study file. */
function overridesOf(flags: Flags): Record<string, unknown> {
  const { batch, classifier, kernel, c, random } = flags;
  const own = [
    "folds",
    "repeats",
    "validation",
    "resamples",
    "group",
    "impute",
    "missingFlag",
    "select",
    "scale",
    "classWeight",
    "innerFolds",
    "calibration",
    "threshold",
    "importance",
    "permutations",
  ] as const;
  return {
    ...Object.fromEntries(own.filter((key) => flags[key] !== undefined).map((key) => [key, flags[key]])),
    ...(batch !== undefined && { harmonise: { method: "combat", batch } }),
    ...((classifier !== undefined || kernel || c) && { classifier: classifierOption(classifier ?? "svm", kernel, c) }),
    ...(random !== undefined && { search: { kind: "random", draws: random } }),
  };
}
