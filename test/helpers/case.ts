// One small case that Node and the browser both compute.
import { planRadiomics, type RadiomicsPlan } from "@islet/pipeline";

/** A case without its files, the settings of its worker, and the files as base64. */
export interface CaseInput {
  readonly task: typeof CASE;
  readonly settings: typeof SETTINGS;
  readonly image: string;
  readonly mask: string;
}

/** What a case gives. */
export interface CaseOutput {
  readonly deep?: { readonly features: number[]; readonly slices: number; readonly kept: number };
  readonly radiomics?: Readonly<
    Record<string, { readonly features: Record<string, number | null>; readonly reasons: Record<string, string> }>
  >;
  readonly warnings: string[];
}

/** A case of the demo cohort but for its files. */
export const CASE = {
  patient: "SYNTHETIC-I-01",
  phase: "arterial",
  roughFrom: { seed: 1, jitterMm: 2 },
  preprocess: { window: { level: 130, width: 310 }, spacing: 1, interpolation: "cubic" as const, order: "resample-window" as const },
  inputSize: 64,
  seed: 1,
  radiomics: {
    "song-2021": planRadiomics("song-2021", { window: { level: 130, width: 310 } }),
    ibsi: planRadiomics("ibsi"),
    pyradiomics: planRadiomics("pyradiomics"),
  } as Record<string, RadiomicsPlan>,
  wants: { deep: true },
};

/** A small untrained network on WASM. */
export const SETTINGS = { weights: { init: "seeded" as const, baseWidth: 2, seed: 1 }, backend: "wasm" as const, inputSize: 64 };
