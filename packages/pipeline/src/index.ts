// What the apps ask of the pipeline, in Node and in the browser.
export { describeWeights, parameterSummary, seededWeights, writeWeights } from "./deep/weights.ts";
export { runNetwork } from "./deep/network.ts";
export { readImage } from "./intake/image.ts";
export { inspectImage } from "./intake/inspect.ts";
export { readMask } from "./intake/mask.ts";
export { writeNifti } from "./intake/nifti-writer.ts";
export { parseRoughRoi } from "./intake/rough-roi.ts";
export { simulateRough } from "./intake/simulate-rough.ts";
export { isotropicGrid } from "./preprocess/region.ts";
export { maskOfBox, roughCuboid } from "./preprocess/roi.ts";
export { planRadiomics, RADIOMICS_PRESETS } from "./radiomics/plan.ts";
export type { RadiomicsPlan } from "./radiomics/plan.ts";
export { randomFor } from "./random.ts";
export type { ModelRow } from "./report/tables.ts";
export { studyJsonSchema } from "./study/config.ts";
export type { StudyEvent } from "./study/run.ts";
export { studyTemplate } from "./study/template.ts";
export { VERSION } from "./version.ts";
