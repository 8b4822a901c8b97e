import { kmFile } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { examples, number } from "../../options.ts";
import { columns, note, print } from "../../output.ts";
import { withFollowUp } from "./follow-up-options.ts";
import { idOption } from "./id-option.ts";
import { pText } from "./p-text.ts";

type Report = Awaited<ReturnType<typeof kmFile>>;

const TEST_NAMES: Record<Report["tests"][number]["weights"], string> = {
  "log-rank": "log-rank",
  "gehan-breslow": "Gehan-Breslow (Wilcoxon)",
  "tarone-ware": "Tarone-Ware",
  "peto-peto": "Peto-Peto",
};

/** islet stats km: Kaplan-Meier curves and log-rank tests. */
export function kmCommand(): Command {
  return withFollowUp(
    new Command("km").description(
      "Kaplan-Meier curves with numbers at risk, median and restricted mean survival as R and SPSS print them, log-rank tests",
    ),
  )
    .option("--group <column>", "column with the groups to compare")
    .option("--strata <column>", "compare the groups within the levels of this column")
    .addOption(
      new Option("--conf-type <scale>", "scale of the curve's interval: log as R, plain as SPSS")
        .choices(["log", "plain", "log-log"])
        .default("log"),
    )
    .option("--limit <time>", "where the restricted mean ends (default: the longest follow-up)", number)
    .addOption(idOption())
    .addHelpText(
      "after",
      examples(
        "stats km --table t.csv --time months --event recurrence --group risk",
        "stats km --table t.csv --time months --event recurrence --group risk --conf-type log-log --json",
      ),
    )
    .action(
      async ({
        table,
        time,
        event,
        group,
        strata,
        confType,
        limit,
        id,
        json,
      }: {
        table: string;
        time: string;
        event: string;
        group?: string;
        strata?: string;
        confType: Report["confType"];
        limit?: number;
        id?: string[];
        json?: boolean;
      }) => {
        const report = await kmFile(table, { time, event, group, strata, ids: id }, { confType, limit });
        if (report.leftOut > 0) note(`${report.leftOut} rows are left out: a value is missing.`);
        print(report, { json }, () => lines(report, group));
      },
    );
}

function lines(report: Report, group: string | undefined): string[] {
  const span = ({ lo, hi }: { lo: number | null; hi: number | null }) => `${short(lo)} to ${short(hi)}`;
  const { times, atRisk } = report.riskTable;
  return [
    `Kaplan-Meier, n = ${report.n}, ${report.events} events; curve's 95% interval on the ${report.confType} scale`,
    "",
    ...columns([
      [group ?? "group", "n", "events", "median (R)", "95% CI", "mean (R)", "SE", "95% CI", "up to"],
      ...report.groups.map(({ name, n, events, median, mean }) => [
        name,
        n,
        events,
        short(median.value),
        span(median),
        short(mean.value),
        short(mean.se),
        span(mean),
        short(mean.limit),
      ]),
    ]),
    "",
    ...columns([
      [group ?? "group", "median (SPSS)", "SE", "95% CI", "mean (SPSS)", "SE", "95% CI", "up to"],
      ...report.groups.map(({ name, spss: { median, mean } }) => [
        name,
        short(median.value),
        short(median.se),
        span(median),
        short(mean.value),
        short(mean.se),
        span(mean),
        short(mean.limit),
      ]),
    ]),
    "",
    ...columns([["at risk at", ...times.map(String)], ...report.groups.map(({ name }, g) => [name, ...atRisk[g]!])]),
    ...(report.tests.length > 0
      ? [
          "",
          ...columns([
            [report.strata ? `test within ${report.strata} strata` : "test", "chi-square", "df", "P"],
            ...report.tests.map(({ weights, chi2, df, p }) => [TEST_NAMES[weights], chi2 === null ? null : chi2.toFixed(3), df, pText(p)]),
          ]),
        ]
      : []),
    "",
    ...report.references,
  ];
}

/** Four significant digits; what has no value, or is not reached, is a dash. */
function short(value: number | null): string {
  return value === null ? "-" : String(Number(value.toPrecision(4)));
}
