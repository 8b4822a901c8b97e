// A generated patient as files: what a user would bring.
import { simulateRough } from "../preprocess/simulate-rough.ts";
import { writeNifti } from "../intake/nifti-writer.ts";
import { randomFor } from "../random.ts";
import { dicomSeries } from "./dicom-series.ts";
import { enhancementOf, type DemoPhase } from "./enhancement.ts";
import type { DemoPatient, DemoSettings } from "./roster.ts";
import { scanPatient, sliceThicknessMm } from "./scan.ts";

/** How images are written: a gzipped NIfTI file, or a folder of DICOM slices. Masks are NIfTI and annotations JSON in either. */
export type DemoFormat = "nifti" | "dicom";

/** The phases, in the order in which they are scanned. */
export const DEMO_PHASES = ["arterial", "venous"] as const satisfies readonly DemoPhase[];

/** Standard deviation of the simulated reader's corners, mm. */
const READER_JITTER_MM = 2;

/** One file of a patient. */
export interface DemoFile {
  /** Relative to the patient's folder, with forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Where the files of a phase lie in a patient's folder. */
export function phasePaths(
  phase: DemoPhase,
  format: DemoFormat,
): { readonly image: string; readonly mask: string; readonly rough: string } {
  return { image: format === "dicom" ? phase : `${phase}.nii.gz`, mask: `${phase}-mask.nii.gz`, rough: `${phase}-rough.json` };
}

/** The files of a patient: for each phase (all of them where none is named) its scan, its fine mask, and the rough annotation of a reader who draws with some jitter. */
export async function patientFiles(
  settings: Pick<DemoSettings, "seed" | "signal">,
  patient: DemoPatient,
  format: DemoFormat,
  phases: readonly DemoPhase[] = DEMO_PHASES,
): Promise<DemoFile[]> {
  const files: DemoFile[] = [];
  for (const phase of phases) {
    const { volume, mask } = scanPatient(settings, patient, phase);
    const paths = phasePaths(phase, format);
    if (format === "dicom") {
      const series = dicomSeries(volume, {
        seed: settings.seed,
        patient: patient.id,
        phase,
        series: 1 + DEMO_PHASES.indexOf(phase),
        hospital: patient.cohort === "internal" ? "Hospital I" : "Hospital II",
        kvp: enhancementOf(settings, patient).kvp,
        sliceThicknessMm: sliceThicknessMm(patient.cohort),
      });
      for (const { name, bytes } of series) files.push({ path: `${paths.image}/${name}`, bytes });
    } else files.push({ path: paths.image, bytes: await writeNifti(volume) });
    files.push({ path: paths.mask, bytes: await writeNifti(mask) });
    const rough = simulateRough(mask, randomFor(settings.seed, "demo", "reader", patient.id, phase), READER_JITTER_MM);
    const annotation = { ...rough, image: paths.image, annotator: `SYNTHETIC reader, jitter ${READER_JITTER_MM} mm` };
    files.push({ path: paths.rough, bytes: new TextEncoder().encode(`${JSON.stringify(annotation, null, 1)}\n`) });
  }
  return files;
}
