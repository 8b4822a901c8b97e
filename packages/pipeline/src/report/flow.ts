// Who was in the tables, who was left out and why, and who reached each model.
import type { CohortName } from "../study/cohort.ts";
import type { StudyResults } from "../study/results.ts";
import { words, type Cell, type Table } from "./table.ts";

/** Counts of one cohort on its way. */
export interface CohortFlow {
  readonly cohort: CohortName;
  readonly inTable: number;
  /** Reasons with the number of patients, most frequent first. */
  readonly excluded: readonly { readonly reason: string; readonly patients: number }[];
  readonly included: number;
  readonly events: number;
  /** Patients with a phase that gave no features. */
  readonly failed: number;
}

/** The flow of both cohorts; a cohort without patients is left out. */
export function patientFlow({ cohort, failures }: Pick<StudyResults, "cohort" | "failures">): CohortFlow[] {
  return (["internal", "external"] as const).flatMap((name) => {
    const patients = cohort.patients.filter((p) => p.cohort === name);
    const excluded = cohort.excluded.filter((e) => e.cohort === name);
    if (patients.length + excluded.length === 0) return [];
    const reasons = new Map<string, number>();
    for (const { reason } of excluded) {
      const kind = reason.replace(/ at [\d.]+ months/, "");
      reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
    }
    return [
      {
        cohort: name,
        inTable: patients.length + excluded.length,
        excluded: [...reasons].map(([reason, count]) => ({ reason, patients: count })).sort((a, b) => b.patients - a.patients),
        included: patients.length,
        events: patients.filter((p) => p.outcome === 1).length,
        failed: new Set(failures.filter((f) => f.cohort === name).map((f) => f.patient)).size,
      },
    ];
  });
}

/** The flow as a table. */
export function flowSummary(results: StudyResults): Table {
  const flows = patientFlow(results);
  const count = (value: number): Cell => ({ value, shown: String(value) });
  const row = (label: string, value: (flow: CohortFlow) => number) => [words(label), ...flows.map((flow) => count(value(flow)))];
  const reasons = [...new Set(flows.flatMap(({ excluded }) => excluded.map(({ reason }) => reason)))];
  const modelRow = (name: string) => {
    const { task } = results.models.find(({ model }) => model === name)!;
    return [
      words(`in ${name}`),
      ...flows.map(({ cohort }) => count((cohort === "internal" ? task.internal.ids : (task.external?.ids ?? [])).length)),
    ];
  };
  return {
    name: "table-flow",
    title: "Patients from the table to the models",
    columns: [{ key: "step", heading: "" }, ...flows.map(({ cohort }) => ({ key: cohort, heading: cohort }))],
    rows: [
      row("in the table", ({ inTable }) => inTable),
      ...reasons.map((reason) => row(`left out: ${reason}`, ({ excluded }) => excluded.find((e) => e.reason === reason)?.patients ?? 0)),
      row("included", ({ included }) => included),
      row("with the event", ({ events }) => events),
      row("with a phase that gave no features", ({ failed }) => failed),
      ...results.models.map(({ model }) => modelRow(model)),
    ],
    notes: ["flow.csv names each patient left out with the reason."],
  };
}
