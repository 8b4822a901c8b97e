import { coxFile } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { examples, number, repeated } from "../../options.ts";
import { columns, note, print } from "../../output.ts";
import { covariateColumns, noteLeftOut, withFollowUp, type CovariateFlags } from "./follow-up-options.ts";
import { idOption } from "./id-option.ts";
import { pText } from "./p-text.ts";

type Report = Awaited<ReturnType<typeof coxFile>>;

interface Options extends CovariateFlags {
  ties: Report["ties"];
  transform: Report["proportionalHazards"]["transform"];
  tau?: number;
}

/** islet stats cox: proportional hazards regression. */
export function coxCommand(): Command {
  return withFollowUp(
    new Command("cox").description("Cox regression: hazard ratios, tests of the model and of proportional hazards, Harrell's and Uno's C"),
  )
    .requiredOption("--covariate <column>", "a covariate; may be repeated; words become a 0/1 column for each but the first", repeated)
    .option("--categorical <column>", "a covariate whose numbers are codes; may be repeated", repeated)
    .option("--strata <column>", "a baseline hazard of its own for each level of this column")
    .addOption(
      new Option("--ties <method>", "events at the same time: efron as R, breslow as SPSS").choices(["efron", "breslow"]).default("efron"),
    )
    .addOption(
      new Option("--transform <scale>", "scale of time for the proportional hazards test")
        .choices(["km", "identity", "rank", "log"])
        .default("km"),
    )
    .option("--tau <time>", "time up to which events count for Uno's C", number)
    .addOption(idOption())
    .addHelpText(
      "after",
      examples(
        "stats cox --table t.csv --time months --event recurrence --covariate risk",
        "stats cox --table t.csv --time months --event recurrence --covariate age --covariate sex --ties breslow --json",
      ),
    )
    .action(async (flags: Options) => {
      const { table, ties, transform, tau, json } = flags;
      const report = await coxFile(table, covariateColumns(flags), { ties, transform, tau });
      noteLeftOut(report.leftOut);
      for (const warning of report.warnings) note(`${warning}.`);
      print(report, { json }, () => lines(report));
    });
}

function lines({
  n,
  events,
  ties,
  strata,
  coefficients,
  concordance,
  concordanceSe,
  uno,
  tests,
  proportionalHazards,
  logLik,
  references,
}: Report): string[] {
  const row = (name: string, { chi2, df, p }: Report["tests"]["wald"]) => [name, chi2 === null ? null : chi2.toFixed(3), df, pText(p)];
  return [
    `Cox regression, n = ${n}, ${events} events; ties by ${ties === "efron" ? "Efron" : "Breslow"}${strata ? `; ${strata} strata` : ""}; log likelihood ${logLik.toFixed(3)}`,
    "",
    ...columns([
      ["covariate", "coef", "SE", "hazard ratio", "95% CI", "z", "P"],
      ...coefficients.map((c) => [
        c.name,
        c.coef.toFixed(4),
        c.se.toFixed(4),
        c.hr.toPrecision(4),
        `${c.lo.toPrecision(4)} to ${c.hi.toPrecision(4)}`,
        c.z.toFixed(3),
        pText(c.p),
      ]),
    ]),
    "",
    ...columns([
      ["whole model", "chi-square", "df", "P"],
      row("likelihood ratio", tests.likelihoodRatio),
      row("Wald", tests.wald),
      row("score (log-rank)", tests.score),
    ]),
    "",
    ...columns([
      [`proportional hazards (${proportionalHazards.transform})`, "chi-square", "df", "P"],
      ...proportionalHazards.rows.map((test) => row(test.name, test)),
      row("all together", proportionalHazards.global),
    ]),
    "",
    `Harrell's C ${concordance.toFixed(4)} (SE ${concordanceSe.toFixed(4)}); Uno's C ${uno.c.toFixed(4)} (SE ${uno.se.toFixed(4)})${uno.tau === null ? "" : ` up to ${uno.tau}`}; on the patients it was fitted on`,
    "",
    ...references,
  ];
}
