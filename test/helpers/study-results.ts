// A whole study's results without images: seeded features with a planted signal, learnt by the real learner.
import { loadCore } from "@islet/core-wasm";
import { randomFor, randomNormal } from "../../packages/pipeline/src/random.ts";
import type { ModelOutcome } from "../../packages/pipeline/src/study/results.ts";
import { readCohort, type Cohort } from "../../packages/pipeline/src/study/cohort.ts";
import { parseStudy, type StudyConfig } from "../../packages/pipeline/src/study/config.ts";
import { modelTask, type FeatureBlock } from "../../packages/pipeline/src/study/features.ts";
import { computeModel } from "../../packages/pipeline/src/study/model.ts";

const STUDY = `
name: report test (SYNTHETIC)
seed: 1
cohorts: { internal: { table: cohort.csv } }
outcome: { event: recurrence, time: months }
exclude: [P_75]
phases:
  arterial: { image: arterial, mask: mask, roughFrom: { mask: mask }, window: { level: 130, width: 310 } }
  venous: { image: venous, mask: mask, roughFrom: { mask: mask }, window: { level: 120, width: 320 } }
clinical:
  age: { column: age }
  sex: { column: sex, kind: category }
  symptom: { column: symptom, kind: category }
findings:
  shape: { column: shape, kind: category }
  ct ratio: { column: ct_ratio }
deep: { weights: { init: seeded, baseWidth: 4, seed: 1 } }
models:
  - { name: Radiomics-A, features: [radiomics.arterial] }
  - { name: Radiomics-V, features: [radiomics.venous] }
  - { name: Radiomics-A&V, features: [radiomics.arterial, radiomics.venous] }
  - { name: DLR-A, features: [deep.arterial] }
  - { name: DLR-V, features: [deep.venous] }
  - { name: DLR-A&V, features: [deep.arterial, deep.venous] }
  - { name: CT findings, findings: [shape, ct ratio] }
  - { name: DLR-A + s, features: [deep.arterial], clinical: [symptom] }
  - { name: DLR-A + sa, features: [deep.arterial], clinical: [symptom, age] }
  - { name: DLR-A + sag, features: [deep.arterial], clinical: [symptom, age, sex] }
report: { primaryModel: DLR-A }
`;

/** What a study run has when its models are learnt. */
export interface StudyFixture {
  readonly study: StudyConfig;
  readonly cohort: Cohort;
  readonly blocks: ReadonlyMap<string, FeatureBlock>;
  readonly models: readonly ModelOutcome[];
  readonly network: string;
}

/**
 * 56 internal patients with 10 events, 18 external with 9, and one excluded; ten models.
 *
 * @param options.times     whether there is a follow-up
 * @param options.external  whether there is an external cohort
 * @param options.only      names of the models to learn; all by default
 */
export async function studyResults({
  times = true,
  external = true,
  only,
}: { readonly times?: boolean; readonly external?: boolean; readonly only?: readonly string[] } = {}): Promise<StudyFixture> {
  const core = await loadCore();
  const roster = Array.from({ length: 75 }, (_, i) => {
    const isInternal = i < 56 || i === 74;
    return { id: `P_${String(i + 1).padStart(2, "0")}`, isInternal, event: isInternal ? Number(i % 6 === 5 || i === 0) : i % 2 };
  }).filter(({ isInternal }) => isInternal || external);
  const rows = roster.map(({ id, isInternal, event }) => {
    const random = randomFor(1, "fixture", id);
    const months = event ? 3 + 50 * random() : 8 + 90 * random();
    return [
      id,
      isInternal ? "internal" : "external",
      event,
      months.toFixed(1),
      (48 + 13 * randomNormal(random)).toFixed(0),
      random() < 0.5 ? "F" : "M",
      random() < (event ? 0.2 : 0.5) ? "yes" : "no",
      ["round", "lobulated", "confluent"][Math.floor(3 * random() ** (event ? 0.6 : 1.6))],
      (1 + 0.3 * randomNormal(random) - 0.3 * event).toFixed(2),
      "a.nii.gz,v.nii.gz,m.nii.gz",
    ].join(",");
  });
  const text = ["patient_id,cohort,recurrence,months,age,sex,symptom,shape,ct_ratio,arterial,venous,mask", ...rows].join("\n");
  const study = parseStudy(times ? STUDY : STUDY.replace(", time: months", ""), "study.yaml");
  const cohort = readCohort(study, { file: "cohort.csv", folder: ".", text }, null);
  const block = (name: string, width: number, signal: number): FeatureBlock => ({
    name,
    columns: Array.from({ length: width }, (_, i) => `${name.replaceAll(".", "_")}_${i}`),
    rows: new Map(
      cohort.patients.map(({ id, outcome, cohort }) => {
        const shared = randomFor(1, "latent", id);
        const latent = [randomNormal(shared), randomNormal(shared), randomNormal(shared)];
        const own = randomFor(1, "fixture", name, id);
        const shift = cohort === "external" ? 0.4 : 0;
        return [
          id,
          Array.from({ length: width }, (_, i) => {
            const planted = i % 5 === 0 ? signal * (outcome - 0.5) : 0;
            return planted + 0.6 * latent[i % 3]! + 0.8 * randomNormal(own) + (i % 4 === 0 ? shift : 0);
          }),
        ];
      }),
    ),
    undefinedFeatures: [],
  });
  const blocks = new Map(
    [
      block("radiomics.arterial", 30, 0.8),
      block("radiomics.venous", 30, 0.5),
      block("deep.arterial", 64, 1.1),
      block("deep.venous", 64, 0.4),
    ].map((made) => [made.name, made]),
  );
  const network = "none (seeded initialisation, seed 1)";
  const models = study.models
    .filter(({ name }) => !only || only.includes(name))
    .map((model): ModelOutcome => {
      const task = modelTask(study, cohort, model, blocks);
      const usesNetwork = model.features.some((name) => name.startsWith("deep."));
      return { model: model.name, task, result: computeModel(core, task), network: usesNetwork ? network : null };
    });
  return { study, cohort, blocks, models, network };
}
