import { kmFile } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { examples, number } from "../../options.ts";
import { columns, print } from "../../output.ts";
import { noteLeftOut, withFollowUp, withGroups, type GroupFlags } from "./follow-up-options.ts";
import { idOption } from "./id-option.ts";
import { pText } from "./p-text.ts";

type Report = Awaited<ReturnType<typeof kmFile>>;

interface KmFlags extends GroupFlags {
  confType: Report["confType"];
  limit?: number;
}

const TEST_NAMES: Record<Report["tests"][number]["weights"], string> = {
  "log-rank": "log-rank",
  "gehan-breslow": "Gehan-Breslow (Wilcoxon)",
  "tarone-ware": "Tarone-Ware",
  "peto-peto": "Peto-Peto",
};

/** islet stats km: Kaplan-Meier curves and log-rank tests. */
export function kmCommand(): Command {
  return withGroups(
    withFollowUp(
      new Command("km").description(
        "Kaplan-Meier curves with numbers at risk, median and restricted mean survival as R and SPSS print them, log-rank tests",
      ),
    ),
  )
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
    .action(async ({ table, time, event, group, strata, confType, limit, id, json }: KmFlags) => {
      const report = await kmFile(table, { time, event, group, strata, ids: id }, { confType, limit });
      noteLeftOut(report.leftOut);
      print(report, { json }, () => lines(report, group));
    });
}

function lines(report: Report, group: string | undefined): string[] {
  const span = ({ lo, hi }: { lo: number | null; hi: number | null }) => `${short(lo)} to ${short(hi)}`;
  const median = (of: { value: number | null; lo: number | null; hi: number | null }) => [short(of.value), span(of)];
  const mean = (of: Parameters<typeof median>[0] & { se: number | null; limit: number | null }) => [
    short(of.value),
    short(of.se),
    span(of),
    short(of.limit),
  ];
  const { times, atRisk } = report.riskTable;
  return [
    `Kaplan-Meier, n = ${report.n}, ${report.events} events; curve's 95% interval on the ${report.confType} scale`,
    "",
    ...columns([
      [group ?? "group", "n", "events", "median (R)", "95% CI", "mean (R)", "SE", "95% CI", "up to"],
      ...report.groups.map((group) => [group.name, group.n, group.events, ...median(group.median), ...mean(group.mean)]),
    ]),
    "",
    ...columns([
      [group ?? "group", "median (SPSS)", "SE", "95% CI", "mean (SPSS)", "SE", "95% CI", "up to"],
      ...report.groups.map(({ name, spss }) => [
        name,
        short(spss.median.value),
        short(spss.median.se),
        span(spss.median),
        ...mean(spss.mean),
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
