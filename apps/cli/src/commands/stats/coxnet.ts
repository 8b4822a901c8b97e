import { checkFileOutput, coxnetFile, rScoreTable, writeAtomic } from "@islet/pipeline/node";
import { Command, InvalidArgumentError, Option } from "commander";
import { examples, number, repeated, whole } from "../../options.ts";
import { columns, note, print } from "../../output.ts";
import { covariateColumns, noteLeftOut, withFollowUp, type CovariateFlags } from "./follow-up-options.ts";
import { idOption } from "./id-option.ts";

type Report = Awaited<ReturnType<typeof coxnetFile>>;

interface Options extends CovariateFlags {
  alpha?: number[];
  folds: number;
  seed: number;
  rule: Report["rule"];
  external?: string;
  output?: string;
}

/** A mixture of penalties; may be given several times. */
function mixtures(text: string, before: number[] = []): number[] {
  const alpha = number(text);
  if (alpha < 0 || alpha > 1) throw new InvalidArgumentError(`expected 0 (ridge) to 1 (lasso); got ${alpha}.`);
  return [...before, alpha];
}

/** A number of folds. */
function folds(text: string): number {
  const count = whole(text);
  if (count < 3 || count > 255) throw new InvalidArgumentError(`expected 3 to 255 (10 is usual); got ${count}.`);
  return count;
}

/** islet stats coxnet: penalised proportional hazards regression. */
export function coxnetCommand(): Command {
  return withFollowUp(
    new Command("coxnet").description(
      "elastic-net Cox regression of many candidates with a cross-validated penalty; its linear predictor is the R-score",
    ),
  )
    .requiredOption("--covariate <column>", 'a candidate, or all that begin alike, as "deep_*"; may be repeated', repeated)
    .option("--categorical <column>", "a candidate whose numbers are codes; may be repeated", repeated)
    .option("--strata <column>", "a baseline hazard of its own for each level of this column")
    .option("--alpha <number>", "1 = lasso, 0 = ridge, between: elastic net; repeated, the best is taken (default: 1)", mixtures)
    .option("--folds <number>", "of the cross-validation; no more than there are events", folds, 10)
    .option("--seed <n>", "of the folds", whole, 1)
    .addOption(
      new Option("--rule <name>", "the penalty of the smallest deviance, or the strongest within one standard error of it")
        .choices(["min", "1se"])
        .default("min"),
    )
    .option("--external <csv>", "judge the R-score on these patients too; same columns")
    .option("-o, --output <csv>", "write every patient's R-score, fitted and held out")
    .addOption(idOption())
    .addHelpText(
      "after",
      examples(
        'stats coxnet --table features.csv --time months --event recurrence --covariate "deep_*" --id patient_id -o r-score.csv',
        'stats coxnet --table t.csv --time months --event recurrence --covariate age --covariate "radiomics_*" --alpha 0.5 --alpha 1 --json',
      ),
    )
    .action(async (flags: Options) => {
      const { table, alpha: alphas = [1], folds, seed, rule, external, output, json } = flags;
      if (output !== undefined) await checkFileOutput(output, [table, external]);
      const report = await coxnetFile(table, covariateColumns(flags), { alphas, folds, seed, rule, external });
      if (output !== undefined) {
        await writeAtomic(output, rScoreTable(report));
        note(`${report.n + (report.external?.n ?? 0)} R-scores are written to ${output}.`);
      }
      noteLeftOut(report.leftOut);
      if (report.external) noteLeftOut(report.external.leftOut, external);
      for (const { column, reason } of report.ignored) note(`${column} is left out: ${reason}.`);
      for (const warning of report.warnings) note(`${warning}.`);
      print(report, { json }, () => lines(report));
    });
}

function lines(report: Report): string[] {
  const { n, events, candidates, strata, alphas, alpha, lambda, coefficients, concordance, references } = report;
  const c = ({ c, se }: { c: number; se: number }) => `${c.toFixed(4)} (SE ${se.toFixed(4)})`;
  return [
    `Elastic-net Cox regression, n = ${n}, ${events} events, ${candidates} candidates${strata ? `; ${strata} strata` : ""}`,
    "",
    ...columns([
      ["alpha", "best lambda", "deviance an event", "SE"],
      ...alphas.map((one) => [one.alpha, one.lambda.toPrecision(4), one.deviance.toFixed(4), one.se.toFixed(4)]),
    ]),
    "",
    `chosen: alpha ${alpha}, lambda ${lambda.toPrecision(4)} (${report.rule}); ${coefficients.length} of ${candidates} candidates stay in`,
    ...(coefficients.length > 0
      ? [
          "",
          ...columns([
            ["covariate", "coef", "mean", "hazard ratio per SD"],
            ...coefficients.map((one) => [one.name, one.coef.toPrecision(5), one.mean.toPrecision(5), one.hrPerSd.toFixed(3)]),
          ]),
          "",
          "R-score = sum of coef x (value - mean)",
        ]
      : []),
    "",
    `Harrell's C ${c(concordance.fitted)} on the patients it was fitted on; ${c(concordance.heldOut)} held out in ${report.folds} folds`,
    ...(report.external
      ? [`external: n = ${report.external.n}, ${report.external.events} events, Harrell's C ${c(report.external.concordance)}`]
      : []),
    "",
    ...references,
  ];
}
