import { agreementFile } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { examples, repeated } from "../../options.ts";
import { columns, print } from "../../output.ts";
import { idOption } from "./id-option.ts";
import { pText } from "./p-text.ts";

type Report = Awaited<ReturnType<typeof agreementFile>>;
type Weights = Parameters<typeof agreementFile>[2]["weights"];

interface AgreementOptions {
  table: string;
  reader: string[];
  categories?: boolean;
  order?: string[];
  weights: Weights;
  id?: string[];
  json?: boolean;
}

/** islet stats agreement: do readers agree? */
export function agreementCommand(): Command {
  return new Command("agreement")
    .description("agreement of readers: ICC(2,1), ICC(3,1) and Bland-Altman for measurements; Cohen's and Fleiss' kappa for findings")
    .requiredOption("--table <csv>", "CSV with one row a subject")
    .requiredOption("--reader <column>", "column with what one reader found; name two or more", repeated)
    .option("--categories", "numbers are codes of categories, not measurements")
    .option("--order <a,b,c>", "categories from low to high, for weights", (text: string) => text.split(",").map((name) => name.trim()))
    .addOption(
      new Option("--weights <kind>", "how Cohen's kappa weighs disagreements").choices(["none", "linear", "quadratic"]).default("none"),
    )
    .addOption(idOption())
    .addHelpText(
      "after",
      examples(
        "stats agreement --table diameters.csv --reader A --reader B",
        "stats agreement --table t.csv --reader A --reader B --order none,mild,severe --weights linear --json",
      ),
    )
    .action(async ({ table, reader, categories, order, weights, id, json }: AgreementOptions) => {
      const report = await agreementFile(table, reader, { ids: id, weights, asCategories: categories ?? false, ...(order && { order }) });
      print(report, { json }, () => [
        `${report.n} subjects${report.rowsLeftOut > 0 ? ` (${report.rowsLeftOut} rows with gaps left out)` : ""}, readers ${report.readers.join(", ")}`,
        "",
        ...(report.kind === "measurements" ? measurementLines(report) : categoryLines(report)),
        "",
        `${report.method}.`,
      ]);
    });
}

const three = (value: number) => (Number.isFinite(value) ? value.toFixed(3) : null);
const four = (value: number) => String(Number(value.toPrecision(4)));
const interval = (ci: readonly [number, number], text: (value: number) => string | null = three) =>
  `${text(ci[0]) ?? "-"} to ${text(ci[1]) ?? "-"}`;

function measurementLines({ icc, blandAltman }: Report & { kind: "measurements" }): string[] {
  return [
    ...columns([
      ["", "ICC", "95% CI", "F", "P"],
      ...(
        [
          ["ICC(2,1) absolute agreement", icc.icc21],
          ["ICC(3,1) consistency", icc.icc31],
        ] as const
      ).map(([name, { value, ci, f, p }]) => [name, three(value), interval(ci), three(f), pText(Number.isNaN(p) ? null : p)]),
    ]),
    "",
    ...columns([
      ["reader", "less", "bias", "95% CI", "P", "SD", "lower limit", "95% CI", "upper limit", "95% CI"],
      ...blandAltman.map((d) => [
        d.a,
        d.b,
        four(d.bias),
        interval(d.biasCi, four),
        pText(d.p),
        four(d.sd),
        four(d.lower),
        interval(d.lowerCi, four),
        four(d.upper),
        interval(d.upperCi, four),
      ]),
    ]),
  ];
}

function categoryLines({ categories, cohen, fleiss }: Report & { kind: "categories" }): string[] {
  const row = ({ kappa, ci, z, p, observed, expected }: NonNullable<typeof fleiss>) => [
    three(kappa),
    interval(ci),
    three(z),
    pText(Number.isNaN(p) ? null : p),
    three(observed),
    three(expected),
  ];
  return [
    ...columns([
      ["kappa", "of", "value", "95% CI", "z", "P", "observed", "by chance"],
      ...cohen.map((pair) => ["Cohen", `${pair.a}, ${pair.b}`, ...row(pair)]),
      ...(fleiss ? [["Fleiss", "all readers", ...row(fleiss)]] : []),
    ]),
    ...cohen.flatMap(({ a, b, table }) => [
      "",
      ...columns([[`${a} (rows), ${b} (columns)`, ...categories], ...table.map((counts, i) => [categories[i]!, ...counts])]),
    ]),
  ];
}
