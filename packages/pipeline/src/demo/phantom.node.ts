// The phantom cohort as files: what a user would bring.
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { writeNifti } from "../intake/nifti-writer.ts";
import { writeAtomic } from "../study/output.node.ts";
import { phantomPatient, phantomRoster, type PhantomPhase } from "./phantom.ts";

const SEED = 20261123;

const STUDY = `# SYNTHETIC: a generated phantom cohort. Nothing here says anything about real tumours.
name: phantom cohort (SYNTHETIC)
seed: 1
cohorts:
  internal: { table: cohort.csv }
outcome: { event: outcome }
phases:
  arterial:
    image: arterial
    mask: mask
    roughFrom: { mask: mask, seed: 1, jitterMm: 2 }
    window: { level: 130, width: 310 }
  venous:
    image: venous
    mask: mask
    roughFrom: { mask: mask, seed: 2, jitterMm: 2 }
    window: { level: 120, width: 320 }
deep:
  weights: { init: seeded, baseWidth: 8, seed: 1 }
models:
  - { name: Radiomics-A, features: [radiomics.arterial] }
  - { name: Radiomics-V, features: [radiomics.venous] }
  - { name: DLR-A, features: [deep.arterial] }
  - { name: DLR-A&V, features: [deep.arterial, deep.venous] }
report: { primaryModel: DLR-A }
`;

/** Writes the phantom cohort into a folder: NIfTI files, cohort.csv and study.yaml. Returns the path of the study file. */
export async function writePhantomStudy(folder: string): Promise<string> {
  const rows: string[][] = [["patient_id", "cohort", "outcome", "arterial", "venous", "mask"]];
  for (const entry of phantomRoster()) {
    const patient = phantomPatient(SEED, entry);
    const path = (name: string) => `${entry.id}/${name}.nii.gz`;
    for (const phase of ["arterial", "venous"] satisfies PhantomPhase[]) {
      await writeAtomic(join(folder, path(phase)), await writeNifti(patient.phases[phase]));
    }
    await writeAtomic(join(folder, path("mask")), await writeNifti(patient.mask));
    rows.push([entry.id, entry.cohort, String(entry.outcome), path("arterial"), path("venous"), path("mask")]);
  }
  await writeAtomic(join(folder, "cohort.csv"), stringify(rows));
  const study = join(folder, "study.yaml");
  await writeAtomic(study, STUDY);
  return study;
}
