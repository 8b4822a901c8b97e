// Table S2: the clinical variables and findings of patients with and without the event, a table a cohort.
import type { CohortName, Patient } from "../study/cohort.ts";
import type { StudyConfig } from "../study/config.ts";
import { univariate, type GroupSummary, type UnivariateReport, type UnivariateRow } from "../stats/groups/univariate.ts";
import { categories, type Variable } from "../stats/variables.ts";
import { isMissing } from "../intake/csv.ts";
import type { StudyResults } from "../study/results.ts";
import { number, words, type Cell, type Table } from "./table.ts";
import { NONE, pValue } from "./words.ts";

/** The univariate comparison of one cohort; null where it has no variable or not both outcomes. */
export function univariateOf({ study, cohort }: Pick<StudyResults, "study" | "cohort">, name: CohortName): UnivariateReport | null {
  const patients = cohort.patients.filter((p) => p.cohort === name);
  const variables = Object.entries({ ...study.clinical, ...study.findings }).map(([variable, { kind }]) =>
    variableOf(variable, kind, patients),
  );
  if (variables.length === 0 || new Set(patients.map((p) => p.outcome)).size < 2) return null;
  const groups = categories(
    "event",
    patients.map((p) => String(p.outcome)),
    true,
  );
  return univariate({ ...groups, levels: ["no event", "event"] }, variables);
}

/** A declared variable; a cell that is no number counts as missing among numbers. */
function variableOf(name: string, kind: StudyConfig["clinical"][string]["kind"], patients: readonly Patient[]): Variable {
  const cells = patients.map((p) => p.variables[name] ?? "");
  if (kind === "category") return categories(name, cells, false);
  return { name, kind: "continuous", values: Float64Array.from(cells, (cell) => (isMissing(cell) ? Number.NaN : Number(cell))) };
}

/** Tables S2, internal and external. */
export function univariateTables(results: StudyResults): Table[] {
  return (["internal", "external"] as const).flatMap((name) => {
    const report = univariateOf(results, name);
    return report ? [tableOf(name, report)] : [];
  });
}

function tableOf(cohort: CohortName, { rows, groups, method }: UnivariateReport): Table {
  return {
    name: `table-s2-${cohort}`,
    title: `Table S2. Patients of the ${cohort} cohort without and with the event`,
    columns: [
      { key: "variable", heading: "Variable" },
      { key: "level", heading: "" },
      ...groups.map(({ name, n }) => ({ key: name.replace(" ", "_"), heading: `${name} (n = ${n})` })),
      { key: "test", heading: "Test" },
      { key: "p", heading: "P" },
      { key: "p_holm", heading: "P (Holm)" },
    ],
    rows: rows.flatMap((row) => linesOf(row)),
    notes: [method, "P (Holm): adjusted for the number of variables."],
  };
}

const TESTS: Record<NonNullable<UnivariateRow["test"]>, string> = {
  student: "Student's t",
  welch: "Welch's t",
  "mann-whitney": "Mann-Whitney",
  anova: "analysis of variance",
  "welch-anova": "Welch's analysis of variance",
  "kruskal-wallis": "Kruskal-Wallis",
  fisher: "Fisher",
  "fisher-freeman-halton": "Fisher-Freeman-Halton",
  "chi-square": "chi-square",
};

const EMPTY: Cell = { value: null, shown: "" };

/** One line of a number, or one a level of a category. */
function linesOf(row: UnivariateRow): Cell[][] {
  const end = [words(row.test === null ? NONE : TESTS[row.test]), number(row.p, pValue), number(row.pHolm, pValue)];
  const missing = row.groups.reduce((sum, group) => sum + group.missing, 0);
  const name = words(missing ? `${row.variable} (${missing} missing)` : row.variable);
  if (row.describe !== "counts") {
    const what = row.describe === "mean-sd" ? "mean \u00b1 SD" : "median (quartiles)";
    return [[name, words(what), ...row.groups.map((group) => described(group, row.describe)), ...end]];
  }
  const levels = row.groups[0].counts?.map(({ level }) => level) ?? [];
  if (levels.length === 0) return [[name, words(NONE), EMPTY, EMPTY, ...end]];
  return levels.map((level, k) => [
    k === 0 ? name : words(""),
    words(level),
    ...row.groups.map((group) => counted(group, k)),
    ...(k === 0 ? end : [words(""), EMPTY, EMPTY]),
  ]);
}

function described(group: GroupSummary, how: "mean-sd" | "median-iqr" | "counts"): Cell {
  if (group.counts) return EMPTY;
  const { mean, sd, median, q1, q3 } = group as Extract<GroupSummary, { mean: number | null }>;
  const short = (value: number | null) => (value === null ? NONE : Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));
  const shown = how === "mean-sd" ? `${short(mean)} \u00b1 ${short(sd)}` : `${short(median)} (${short(q1)} to ${short(q3)})`;
  return { value: shown, shown };
}

function counted(group: GroupSummary, k: number): Cell {
  const found = group.counts?.[k];
  if (!found) return EMPTY;
  const shown = found.share === null ? String(found.count) : `${found.count} (${(100 * found.share).toFixed(0)}%)`;
  return { value: found.count, shown };
}
