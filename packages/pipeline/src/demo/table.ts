// The demo cohort's table: one patient a row, as a study file reads it.
import { stringify } from "#csv-stringify";
import { enhancementOf, readNumbers, type ReadNumbers } from "./enhancement.ts";
import { CATEGORIES } from "./marginals.ts";
import { DEMO_PHASES, phasePaths, type DemoFormat } from "./patient-files.ts";
import type { DemoPatient, DemoSettings } from "./roster.ts";

/** A column of the table that a model may use. */
export interface DemoVariable {
  readonly name: string;
  readonly room: "clinical" | "findings";
  readonly kind: "number" | "category";
}

const READ = [
  "ct_ratio_unenhanced",
  "ct_ratio_arterial",
  "ct_ratio_venous",
  "enhanced_rate_arterial",
  "enhanced_rate_venous",
] as const satisfies readonly (keyof ReadNumbers)[];

/** Every variable of the table: clinical ones first, then the readers' findings, categories before numbers. */
export const DEMO_VARIABLES: readonly DemoVariable[] = [
  { name: "age", room: "clinical", kind: "number" },
  ...CATEGORIES.map(({ name, room }): DemoVariable => ({ name, room, kind: "category" })),
  ...[...READ, "portal_vein_mm", "splenic_vein_mm"].map((name): DemoVariable => ({ name, room: "findings", kind: "number" })),
];

/** The folder of a patient's files, relative to the table. */
export function patientFolder({ id }: Pick<DemoPatient, "id">): string {
  return `patients/${id}`;
}

/**
 * The table as CSV: id, cohort, recurrence (0 or 1, within 60 months), months of follow-up, the variables (a symptom that is not known is empty), and for each phase the paths of image, mask and
 * rough annotation.
 *
 * The readers' ratios and rates are those of what was drawn, so they follow the dealt ratios but for the voltage and timing of each scan.
 */
export function demoTable(settings: Pick<DemoSettings, "seed">, roster: readonly DemoPatient[], format: DemoFormat): string {
  const header = [
    "patient_id",
    "cohort",
    "recurrence",
    "months",
    ...DEMO_VARIABLES.map((v) => v.name),
    ...DEMO_PHASES.flatMap((phase) => [`${phase}_image`, `${phase}_mask`, `${phase}_rough`]),
  ];
  const rows = roster.map((patient) => {
    const { id, cohort, outcome, months, categories, numbers, symptomMissing } = patient;
    const cells: Record<string, string | number> = {
      ...categories,
      ...readNumbers(enhancementOf(settings, patient)),
      age: Math.round(Math.min(88, Math.max(19, numbers.age))),
      portal_vein_mm: numbers.portal_vein.toFixed(2),
      splenic_vein_mm: Math.max(3, numbers.splenic_vein).toFixed(2),
      ...(symptomMissing && { symptom: "" }),
    };
    const paths = DEMO_PHASES.flatMap((phase) =>
      Object.values(phasePaths(phase, format)).map((path) => `${patientFolder(patient)}/${path}`),
    );
    return [id, cohort, outcome, months, ...DEMO_VARIABLES.map((v) => cells[v.name]!), ...paths];
  });
  return stringify([header, ...rows]);
}
