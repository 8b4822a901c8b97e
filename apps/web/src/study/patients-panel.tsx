import type { FinishedPatient } from "@islet/pipeline";
import { useState } from "react";
import { SortableTable, type SortableColumn } from "./sortable-table.tsx";

/** A patient by one model. */
interface RiskRow {
  readonly id: string;
  readonly cohort: string;
  readonly outcome: 0 | 1;
  readonly timeMonths: number | null;
  readonly risk: number;
  readonly group: "high" | "low";
}

const COLUMNS: readonly SortableColumn<RiskRow>[] = [
  { key: "id", heading: "Patient", value: ({ id }) => id },
  { key: "cohort", heading: "Cohort", value: ({ cohort }) => cohort },
  { key: "outcome", heading: "Event", value: ({ outcome }) => outcome, show: ({ outcome }) => (outcome === 1 ? "yes" : "no") },
  { key: "time", heading: "Months", value: ({ timeMonths }) => timeMonths, isNumber: true },
  { key: "risk", heading: "Risk", value: ({ risk }) => risk, show: ({ risk }) => risk.toFixed(3), isNumber: true },
  { key: "group", heading: "Group", value: ({ group }) => group, show: ({ group }) => <span className={`group ${group}`}>{group}</span> },
];

/** The strip of risks, px. */
const STRIP = { width: 1100, margin: 20 } as const;
const place = (risk: number) => STRIP.margin + (STRIP.width - 2 * STRIP.margin) * risk;

/** The patients with their risks by the chosen model: filtered, sorted, and each pointed out in the strip above. */
export function PatientsPanel({
  patients,
  model,
  threshold,
}: {
  readonly patients: readonly FinishedPatient[];
  readonly model: string;
  readonly threshold: number;
}) {
  const [search, setSearch] = useState("");
  const [cohort, setCohort] = useState("");
  const [group, setGroup] = useState("");
  const [pointed, setPointed] = useState<string | null>(null);
  const rows = patients.flatMap(({ id, cohort: of, outcome, timeMonths, risks }): RiskRow[] => {
    const risk = risks[model];
    return risk === undefined ? [] : [{ id, cohort: of, outcome, timeMonths, risk, group: risk >= threshold ? "high" : "low" }];
  });
  const shown = rows.filter(
    (row) =>
      row.id.toLowerCase().includes(search.trim().toLowerCase()) &&
      (cohort === "" || row.cohort === cohort) &&
      (group === "" || row.group === group),
  );
  const one = shown.find(({ id }) => id === pointed);
  return (
    <section className="card" aria-label="Patients">
      <div className="row ends">
        <h3>Risks by {model}</h3>
        <p className="warn-word">Research use only: no risk here may guide care</p>
      </div>
      <svg
        className="strip"
        viewBox={`0 0 ${STRIP.width} 76`}
        role="img"
        aria-label={`Risks of ${shown.length} patients, those with the event above`}
      >
        <line className="grid-line" x1={STRIP.margin} x2={STRIP.width - STRIP.margin} y1="52" y2="52" />
        <line className="cursor" x1={place(threshold)} x2={place(threshold)} y1="4" y2="58" />
        {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
          <text key={tick} x={place(tick)} y="70" textAnchor="middle">
            {tick}
          </text>
        ))}
        {shown.map((row) => (
          <circle
            key={row.id}
            className={`dot ${row.group}${row.outcome ? " filled" : ""}${row.id === pointed ? " is-pointed" : ""}`}
            cx={place(row.risk)}
            cy={row.outcome ? 18 : 38}
            r={row.id === pointed ? 7 : 4.5}
            onPointerEnter={() => setPointed(row.id)}
            onPointerLeave={() => setPointed(null)}
          />
        ))}
      </svg>
      <p className="reading" aria-live="polite">
        {one
          ? `${one.id} (${one.cohort}): risk ${one.risk.toFixed(3)}, ${one.group}; ${one.outcome ? "with" : "without"} the event`
          : "Filled: with the event. The line is the threshold; it comes from the internal cohort."}
      </p>
      <div className="row">
        <div className="field">
          <label htmlFor="patient-search">Search patients</label>
          <input id="patient-search" type="search" value={search} onChange={({ target }) => setSearch(target.value)} />
        </div>
        <div className="field">
          <label htmlFor="patient-cohort">Cohort</label>
          <select id="patient-cohort" value={cohort} onChange={({ target }) => setCohort(target.value)}>
            <option value="">both</option>
            <option>internal</option>
            <option>external</option>
          </select>
        </div>
        <div className="field">
          <label htmlFor="patient-group">Group</label>
          <select id="patient-group" value={group} onChange={({ target }) => setGroup(target.value)}>
            <option value="">both</option>
            <option>high</option>
            <option>low</option>
          </select>
        </div>
        <p className="faint">
          {shown.length} of {rows.length} patients
        </p>
      </div>
      <SortableTable
        caption={`Patients with their risks by ${model}`}
        columns={COLUMNS}
        rows={shown}
        idOf={({ id }) => id}
        chosen={({ id }) => id === pointed}
        onPoint={(row) => setPointed(row?.id ?? null)}
      />
    </section>
  );
}
