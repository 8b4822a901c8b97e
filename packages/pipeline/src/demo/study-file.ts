// The demo's study file: the method's ten models, declared.
import { DEMO_VARIABLES } from "./table.ts";
import type { DemoSettings } from "./roster.ts";

/** What of the network a demo study may choose. */
export interface DemoNetwork {
  readonly baseWidth: number;
  /** Slices are stretched to this many pixels square. */
  readonly inputSize: number;
}

/** The method's pictures and a quarter of its width, so that the slices of 148 scans take about a minute of one core. */
export const DEMO_NETWORK: DemoNetwork = { baseWidth: 16, inputSize: 256 };

/** The study file (YAML) of a demo cohort, beside its table `cohort.csv`. */
export function demoStudy({ seed, signal, patients }: DemoSettings, { baseWidth, inputSize }: DemoNetwork = DEMO_NETWORK): string {
  const declare = (room: "clinical" | "findings") =>
    DEMO_VARIABLES.filter((v) => v.room === room)
      .map(({ name, kind }) => `  ${name}: { column: ${name}, kind: ${kind} }`)
      .join("\n");
  const findings = DEMO_VARIABLES.filter((v) => v.room === "findings").map((v) => v.name);
  return `# SYNTHETIC: a generated phantom cohort (${patients} patients, seed ${seed}, signal ${signal}). Nothing here says anything about real tumours.
# The ten models are those of the method: hand-crafted radiomics and deep features of each phase and of both, the readers' findings, and
# clinical variables added to the arterial deep model.
name: demo cohort (SYNTHETIC, signal ${signal})
seed: ${seed}

cohorts:
  internal: { table: cohort.csv }      # its column "cohort" holds both hospitals
outcome: { event: recurrence, time: months, horizonMonths: 60 }

phases:
  arterial:
    image: arterial_image
    mask: arterial_mask
    rough: arterial_rough
    window: { level: 130, width: 310 }
  venous:
    image: venous_image
    mask: venous_mask
    rough: venous_rough
    window: { level: 120, width: 320 }

clinical:
${declare("clinical")}
findings:
${declare("findings")}

deep:
  inputSize: ${inputSize}
  weights: { init: seeded, baseWidth: ${baseWidth}, seed: 1 }   # a network that has seen no image; named so in every output

# The symptoms of some external patients are not known: a gap takes the most frequent level of each fold's training part.
learn: { impute: median }

models:
  - { name: Radiomics-A, features: [radiomics.arterial] }
  - { name: Radiomics-V, features: [radiomics.venous] }
  - { name: Radiomics-A&V, features: [radiomics.arterial, radiomics.venous] }
  - { name: DLR-A, features: [deep.arterial] }
  - { name: DLR-V, features: [deep.venous] }
  - { name: DLR-A&V, features: [deep.arterial, deep.venous] }
  - name: CT findings
    findings: [${findings.join(", ")}]
  - { name: DLR-A + s, features: [deep.arterial], clinical: [symptom] }
  - { name: DLR-A + sa, features: [deep.arterial], clinical: [symptom, age] }
  - { name: DLR-A + sag, features: [deep.arterial], clinical: [symptom, age, sex] }

report: { primaryModel: DLR-A }
`;
}
