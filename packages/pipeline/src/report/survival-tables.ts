// Survival by risk group, and the group of every patient.
import { primaryModel, type StudyResults } from "../study/results.ts";
import { risksOf } from "./risks.ts";
import { riskGroupSurvival } from "./survival.ts";
import { interval, number, words, type Cell, type Table } from "./table.ts";
import { NONE, pValue } from "./words.ts";

/** The table of survival by risk group, where the study has times. */
export function survivalTables(results: StudyResults): Table[] {
  const survival = riskGroupSurvival(results);
  if (!survival || survival.groups.length === 0) return [];
  const { model, groups, logRank, horizonMonths, threshold } = survival;
  const months = (value: number | null | undefined) =>
    value === null || value === undefined || Number.isNaN(value) ? NONE : value.toFixed(2);
  const between = (lo: number, hi: number): Cell =>
    interval(lo, hi, Number.isNaN(lo) && Number.isNaN(hi) ? NONE : `${months(lo)} to ${Number.isNaN(hi) ? "not reached" : months(hi)}`);
  return [
    {
      name: "table-survival",
      title: `Survival of the risk groups of ${model}, both cohorts together`,
      columns: [
        { key: "group", heading: "Risk group" },
        { key: "n", heading: "n" },
        { key: "events", heading: "events" },
        { key: "mean_months", heading: "mean, months" },
        { key: ["mean_lo", "mean_hi"], heading: "95% CI" },
        { key: "median_months", heading: "median, months" },
        { key: ["median_lo", "median_hi"], heading: "95% CI" },
        { key: "log_rank_p", heading: "log-rank P" },
      ],
      rows: groups.map(({ group, curve, mean, median }, k) => [
        words(group),
        { value: curve.n, shown: String(curve.n) },
        { value: curve.events, shown: String(curve.events) },
        number(mean.value, months),
        between(mean.lo, mean.hi),
        number(median.value, (value) => (Number.isNaN(value ?? Number.NaN) ? "not reached" : months(value))),
        between(median.lo, median.hi),
        k === 0 ? number(logRank?.p, pValue) : { value: null, shown: "" },
      ]),
      notes: [
        `High risk: risk at or above ${threshold}. Follow-up is cut at the horizon of ${horizonMonths} months; the mean is restricted to the longest follow-up. Medians and means as R's survfit prints them.`,
        "The threshold was chosen on the internal cohort, whose patients are among these: the separation is optimistic.",
      ],
    },
  ];
}

/** Every patient's risk by the primary model and its group, internal patients first. */
export function riskGroupTable(results: StudyResults): Table {
  const { name, threshold, internal, external } = risksOf(results.cohort, primaryModel(results));
  const rows = [{ cohort: "internal", ...internal }, ...(external ? [{ cohort: "external", ...external }] : [])].flatMap(
    ({ cohort, ids, outcome, risk }) =>
      ids.map((id, i): Cell[] => [
        words(id),
        words(cohort),
        { value: outcome[i]!, shown: outcome[i] === 1 ? "event" : "no event" },
        { value: risk[i]!, shown: risk[i]!.toFixed(3) },
        words(risk[i]! >= threshold ? "high" : "low"),
      ]),
  );
  return {
    name: "risk-groups",
    title: `Risks of every patient by ${name}`,
    columns: [
      { key: "patient_id", heading: "Patient" },
      { key: "cohort", heading: "Cohort" },
      { key: "outcome", heading: "Outcome" },
      { key: "risk", heading: "Risk" },
      { key: "group", heading: "Group" },
    ],
    rows,
    notes: [`High risk: risk at or above ${threshold}. Research use only.`],
  };
}
