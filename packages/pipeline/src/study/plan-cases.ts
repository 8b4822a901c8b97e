// Which phases of which patients a study computes, and from which files.
import { blockOf, isFromImages, planOfBlock } from "./blocks.ts";
import type { CaseTask } from "./case.ts";
import type { Cohort, Patient } from "./cohort.ts";
import type { PhaseConfig, StudyConfig } from "./config.ts";

/** A phase of a patient, planned. */
export interface CaseJob {
  readonly patient: Patient;
  readonly phase: string;
  readonly task: CaseTask;
  /** A reason why the case cannot even start. */
  readonly missing: string | null;
}

/** What the models need of a phase. */
interface Wants {
  readonly deep: boolean;
  readonly radiomics: NonNullable<CaseTask["radiomics"]>;
}

const hasRadiomics = ({ radiomics }: Wants) => Object.keys(radiomics).length > 0;

/** The cases that the models need, in the order of the table. */
export function planCases(study: StudyConfig, cohort: Cohort, host: { resolve(folder: string, path: string): string }): CaseJob[] {
  const wanted = new Map<string, Wants>();
  for (const name of study.models.flatMap((m) => m.features).filter(isFromImages)) {
    const { kind, phase, preset } = blockOf(name, study);
    const wants = wanted.get(phase) ?? { deep: false, radiomics: {} };
    wanted.set(
      phase,
      kind === "deep"
        ? { ...wants, deep: true }
        : { ...wants, radiomics: { ...wants.radiomics, [preset]: planOfBlock(study, phase, preset) } },
    );
  }
  return cohort.patients.flatMap((patient) =>
    [...wanted].map(([name, wants]) => {
      const phase = study.phases[name]!;
      const path = (column: string) => (patient.paths[column] === undefined ? null : host.resolve(patient.folder, patient.paths[column]));
      const needed = [
        phase.image,
        ...(hasRadiomics(wants) ? [phase.mask!] : []),
        ...(wants.deep ? [phase.rough ?? phase.roughFrom!.mask] : []),
      ];
      const absent = needed.find((column) => path(column) === null);
      return {
        patient,
        phase: name,
        missing: absent === undefined ? null : `column ${absent} is empty for this patient`,
        task: caseTask(study, phase, name, wants, patient.id, (column) => path(column) ?? ""),
      };
    }),
  );
}

function caseTask(
  study: StudyConfig,
  phase: PhaseConfig,
  name: string,
  wants: Wants,
  patient: string,
  path: (column: string) => string,
): CaseTask {
  const { spacing, interpolation, order } = study.preprocess;
  const pick = {
    ...(phase.label !== undefined && { label: phase.label }),
    ...(phase.structure !== undefined && { structure: phase.structure }),
  };
  const { roughFrom } = phase;
  return {
    patient,
    phase: name,
    image: path(phase.image),
    ...(hasRadiomics(wants) && { mask: { input: path(phase.mask!), ...pick }, radiomics: wants.radiomics }),
    ...(wants.deep && phase.rough && { rough: path(phase.rough) }),
    ...(wants.deep &&
      roughFrom && { roughFrom: { mask: path(roughFrom.mask), seed: roughFrom.seed, jitterMm: roughFrom.jitterMm, ...pick } }),
    preprocess: { window: phase.window ?? { percentiles: phase.percentiles! }, spacing, interpolation, order },
    inputSize: study.deep.inputSize,
    seed: study.seed,
    wants: { deep: wants.deep },
  };
}
