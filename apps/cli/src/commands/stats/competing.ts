import { competingFile } from "@islet/pipeline/node";
import { Command } from "commander";
import { examples } from "../../options.ts";
import { columns, print } from "../../output.ts";
import { noteLeftOut, withGroups, type GroupFlags } from "./follow-up-options.ts";
import { idOption } from "./id-option.ts";
import { pText } from "./p-text.ts";

type Report = Awaited<ReturnType<typeof competingFile>>;

/** islet stats competing: cumulative incidence of two competing events. */
export function competingCommand(): Command {
  return withGroups(
    new Command("competing")
      .description(
        "cumulative incidence of two competing events (Aalen-Johansen), such as local recurrence and metastasis, and Gray's test",
      )
      .requiredOption("--table <csv>", "CSV with one row a patient; rows with an empty cell or NA in a column used are left out")
      .requiredOption("--time <column>", "column with the time to the first event or to the last observation, 0 or more")
      .requiredOption("--event <column>", "column with 0 (censored), 1 or 2 (the competing events)"),
  )
    .addOption(idOption())
    .addHelpText(
      "after",
      examples(
        "stats competing --table t.csv --time months --event first --group risk",
        "stats competing --table t.csv --time months --event first --json",
      ),
    )
    .action(async ({ table, time, event, group, strata, id, json }: GroupFlags) => {
      const report = await competingFile(table, { time, event, group, strata, ids: id });
      noteLeftOut(report.leftOut);
      print(report, { json }, () => lines(report, group));
    });
}

function lines(report: Report, group: string | undefined): string[] {
  const three = (value: number | null) => (value === null ? "-" : value.toFixed(3));
  const rows = report.groups.flatMap(({ name, n, causes }) =>
    causes.flatMap(({ event, events, at }) =>
      at.map(({ time, incidence, se, lo, hi }) => [
        name,
        n,
        event,
        events,
        time,
        three(incidence),
        three(se),
        `${three(lo)} to ${three(hi)}`,
      ]),
    ),
  );
  return [
    `Cumulative incidence, n = ${report.n}`,
    "",
    ...columns([[group ?? "group", "n", "event", "events", "by time", "incidence", "SE", "95% CI"], ...rows]),
    ...(report.gray.length > 0
      ? [
          "",
          ...columns([
            [report.strata ? `Gray's test within ${report.strata} strata` : "Gray's test", "chi-square", "df", "P"],
            ...report.gray.map(({ event, chi2, df, p }) => [`event ${event}`, chi2 === null ? null : chi2.toFixed(3), df, pText(p)]),
          ]),
        ]
      : []),
    "",
    ...report.references,
  ];
}
