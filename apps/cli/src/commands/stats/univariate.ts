import { univariateFile } from "@islet/pipeline/node";
import { Command } from "commander";
import { examples, repeated } from "../../options.ts";
import { columns, note, print } from "../../output.ts";
import { idOption } from "./id-option.ts";
import { pText } from "./p-text.ts";

type Row = Awaited<ReturnType<typeof univariateFile>>["rows"][number];

/** How a test is called in a table for people. */
const TEST_NAMES: Record<NonNullable<Row["test"]>, string> = {
  student: "Student's t",
  welch: "Welch's t",
  "mann-whitney": "Mann-Whitney U",
  anova: "ANOVA",
  "welch-anova": "Welch's ANOVA",
  "kruskal-wallis": "Kruskal-Wallis",
  fisher: "Fisher",
  "fisher-freeman-halton": "Fisher-Freeman-Halton",
  "chi-square": "chi-square",
};

/** islet stats univariate: the baseline table. */
export function univariateCommand(): Command {
  return new Command("univariate")
    .description("baseline table: every variable described in two groups or more and compared by the test that fits it, named in its row")
    .requiredOption("--table <csv>", "CSV with one row a patient; empty cells or NA are missing")
    .requiredOption("--group <column>", "column with two groups or more")
    .option("--variable <column>", "a column to compare; may be repeated (default: all but the group)", repeated)
    .option("--categorical <column>", "a column whose numbers are codes of categories; may be repeated", repeated)
    .option("--exact", "test all tables of counts exactly, not only those with an expected count of 5 or less")
    .addOption(idOption())
    .option("--leave-out <column>", "a column that is no variable; may be repeated", repeated)
    .addHelpText(
      "after",
      examples(
        "stats univariate --table t.csv --group recurrence --id patient_id",
        "stats univariate --table t.csv --group recurrence --variable age --variable grade --categorical grade --exact --json",
      ),
    )
    .action(
      async ({
        table,
        group,
        variable,
        id,
        leaveOut,
        categorical,
        exact,
        json,
      }: {
        table: string;
        group: string;
        variable?: string[];
        id?: string[];
        leaveOut?: string[];
        categorical?: string[];
        exact?: boolean;
        json?: boolean;
      }) => {
        const report = await univariateFile(table, group, {
          ...(variable && { variables: variable }),
          ids: id,
          ...(leaveOut && { leaveOut }),
          ...(categorical && { categorical }),
          isExact: exact ?? false,
        });
        for (const { column, reason } of report.ignored) note(`${column} is left out: ${reason}.`);
        print(report, { json }, () => [
          `${report.n} rows by ${report.group}: ${report.groups.map(({ name, n }) => `${name} (n = ${n})`).join(", ")}`,
          "",
          ...columns([
            ["variable", ...report.groups.map(({ name }) => name), "test", "statistic", "P", "P (BH)", "SMD", "note"],
            ...report.rows.flatMap(lines),
          ]),
          "",
          report.method,
          "SMD: standardised mean difference; for categories Yang & Dalton's. P (BH): adjusted by Benjamini and Hochberg for the rows tested.",
        ]);
      },
    );
}

/** The lines of one variable: one, or for categories one more for each level. */
function lines(row: Row): (string | null)[][] {
  const known = row.groups.map(({ n, missing }) => (missing > 0 ? ` [${missing} missing of ${n + missing}]` : ""));
  const result = [
    row.test && TEST_NAMES[row.test],
    row.statistic === null ? null : row.statistic.toFixed(3),
    pText(row.p),
    pText(row.pBenjaminiHochberg),
    row.smd === null ? null : row.smd.toFixed(2),
    row.note ?? "",
  ];
  const describe = (group: Row["groups"][number], g: number) => {
    if (group.counts || group.n === 0) return known[g]!;
    const [first, ...rest] = row.describe === "mean-sd" ? [group.mean, group.sd] : [group.median, group.q1, group.q3];
    const shown = rest.map((value) => short(value ?? null));
    return `${short(first ?? null)} ${row.describe === "mean-sd" ? `+- ${shown[0]}` : `(${shown.join(" to ")})`}${known[g]}`;
  };
  const head = [row.variable, ...row.groups.map(describe), ...result];
  const [first] = row.groups;
  if (!first.counts) return [head];
  const share = ({ counts }: Row["groups"][number], k: number) =>
    `${counts![k]!.count}${counts![k]!.share === null ? "" : ` (${(100 * counts![k]!.share).toFixed(1)}%)`}`;
  return [
    head,
    ...first.counts.map(({ level }, k) => [`  ${level}`, ...row.groups.map((group) => share(group, k)), "", "", "", "", "", ""]),
  ];
}

/** Four significant digits; whole numbers whole. */
function short(value: number | null): string {
  return value === null ? "-" : String(Number(value.toPrecision(4)));
}
