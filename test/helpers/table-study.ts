// A small study on tables of features: SYNTHETIC, from a seed.
import { randomFor, randomNormal } from "../../packages/pipeline/src/random.ts";

/** The study file. */
export const TABLE_STUDY = `
name: tables (SYNTHETIC)
seed: 1
cohorts: { internal: { table: cohort.csv } }
outcome: { event: recurrence, time: months }
features:
  arterial: { table: arterial.csv, patient: ID }
  venous: [venous-in.csv, venous-out.csv]
clinical: { age: { column: age } }
learn: { folds: 4, innerFolds: 3, classifier: { kind: svm, kernels: [linear] } }
models:
  - { name: Radiomics-A, features: [features.arterial] }
  - { name: Radiomics-V, features: [features.venous] }
  - { name: Radiomics-A&V + a, features: [features.arterial, features.venous], clinical: [age] }
report: { primaryModel: Radiomics-A }
`;

/** Its tables by name: 30 internal patients, 12 external, 12 features a phase, a third of them with a signal; PyRadiomics' extra columns in one. */
export function tableStudyTables(): Record<string, string> {
  const patients = Array.from({ length: 42 }, (_, i) => {
    const random = randomFor(1, "table study", String(i));
    const event = i % 3 === 0 ? 1 : 0;
    const features = () => Array.from({ length: 12 }, (_, j) => (randomNormal(random) + (j % 3 === 0 ? 1.2 * event : 0)).toFixed(6));
    const months = (event ? 4 + 50 * random() : 20 + 90 * random()).toFixed(1);
    return {
      id: `S${100 + i}`,
      isInternal: i < 30,
      event,
      months,
      age: Math.round(50 + 12 * randomNormal(random)),
      arterial: features(),
      venous: features(),
    };
  });
  const names = Array.from({ length: 12 }, (_, j) => `original_firstorder_F${j}`);
  const table = (header: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
    [header, ...rows].map((row) => row.join(",")).join("\n");
  const venous = (isInternal: boolean) =>
    table(
      ["patient_id", ...names],
      patients.filter((p) => p.isInternal === isInternal).map((p) => [p.id, ...p.venous]),
    );
  return {
    "cohort.csv": table(
      ["patient_id", "cohort", "recurrence", "months", "age"],
      patients.map((p) => [p.id, p.isInternal ? "internal" : "external", p.event, p.months, p.age]),
    ),
    "arterial.csv": table(
      ["ID", "Image", "diagnostics_Versions_PyRadiomics", ...names],
      patients.map((p) => [p.id, `${p.id}.nrrd`, "v3.1.0", ...p.arterial]),
    ),
    "venous-in.csv": venous(true),
    "venous-out.csv": venous(false),
  };
}
