// Everybody's risk by one model, with a search.
import { Text } from "ink";
import type { FinishedPatient, FinishedStudy } from "@islet/pipeline/node";
import { COLOUR } from "../components/colour.ts";
import { List } from "../components/list.tsx";

/** In which order patients are listed. */
export type PatientOrder = "risk" | "id";

/** Which side of a model's threshold a patient is on. */
export function groupOf({ models }: FinishedStudy, model: string, { risks }: FinishedPatient): "high" | "low" {
  return risks[model]! >= models.find((row) => row.model === model)!.threshold ? "high" : "low";
}

/** The patients with a risk by a model who match every word of a search: a part of the id, a cohort, "high", "low", "event" or "none". */
export function patientsShown(finished: FinishedStudy, model: string, search: string, order: PatientOrder): FinishedPatient[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (patient: FinishedPatient) => {
    const has = [patient.id.toLowerCase(), patient.cohort, groupOf(finished, model, patient), patient.outcome ? "event" : "none"];
    return words.every((word) => has.some((text) => text.includes(word)));
  };
  return finished.patients
    .filter((patient) => patient.risks[model] !== undefined && matches(patient))
    .toSorted((a, b) => (order === "risk" ? b.risks[model]! - a.risks[model]! : 0) || (a.id < b.id ? -1 : 1));
}

interface PatientsProps {
  readonly finished: FinishedStudy;
  readonly model: string;
  readonly shown: readonly FinishedPatient[];
  readonly chosen: number;
  readonly search: string;
  readonly order: PatientOrder;
  readonly height: number;
}

/** The list. */
export function PatientsTab({ finished, model, shown, chosen, search, order, height }: PatientsProps) {
  const idWidth = Math.min(30, Math.max(7, ...finished.patients.map(({ id }) => id.length)));
  const words = `${shown.length} patient${shown.length === 1 ? "" : "s"} by ${order}, ${model}`;
  return (
    <>
      <Text wrap="truncate-end">
        {words}
        {search && <Text color={COLOUR.accent}>{`   search: ${search}`}</Text>}
      </Text>
      <Text bold>{`  ${"patient".padEnd(idWidth)}  cohort    risk   group  outcome  months`}</Text>
      {shown.length === 0 && <Text>nobody matches; esc in the search shows all patients again</Text>}
      <List
        items={shown}
        chosen={chosen}
        height={height - 3}
        idOf={({ id }) => id}
        line={(patient) => patientLine(finished, model, patient, idWidth)}
      />
    </>
  );
}

function patientLine(finished: FinishedStudy, model: string, patient: FinishedPatient, idWidth: number) {
  const group = groupOf(finished, model, patient);
  const months = patient.timeMonths === null ? "-" : patient.timeMonths.toFixed(1);
  return (
    <>
      {`${patient.id.slice(0, idWidth).padEnd(idWidth)}  ${patient.cohort}  ${patient.risks[model]!.toFixed(3)}  `}
      <Text color={COLOUR[group]}>{group.padEnd(5)}</Text>
      {`  ${(patient.outcome ? "event" : "none").padEnd(7)}  ${months.padStart(6)}`}
    </>
  );
}
