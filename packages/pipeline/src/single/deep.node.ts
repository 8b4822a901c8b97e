// One patient by hand, from files: the study's own way through the same rooms.
import { loadCore } from "@islet/core-wasm";
import { createSliceEncoder, resolveBackend, type BackendChoice } from "../deep/encode.ts";
import { threadsOfMachine } from "../deep/network-core.ts";
import { checkInputSize, otherThanTrained } from "../deep/network-settings.ts";
import { recordOf } from "../deep/training/record.ts";
import type { Tuning } from "../deep/tuning.ts";
import { readWeightsFile } from "../deep/weights-file.node.ts";
import { describeWeights } from "../deep/weights.ts";
import { readSource } from "../intake/source.node.ts";
import type { PreprocessSettings } from "../preprocess/region.ts";
import { sha256 } from "../host/cache.ts";
import { computeCase } from "../study/case.ts";
import { tuningNamed } from "../deep/tuning-named.node.ts";

/** What `islet deep` is asked. */
export interface DeepCase {
  readonly image: string;
  /** A rough annotation (.json), or a mask whose bounding box serves. */
  readonly roi: string;
  readonly weights: string;
  readonly window: PreprocessSettings["window"];
  readonly backend: BackendChoice;
  /** Seed of the clustering over slices. */
  readonly seed: number;
  readonly inputSize: number;
  /** A record of `islet unet tune`, a file; `auto`; or absent for the standard workgroups. */
  readonly tuning?: string;
}

/** A patient's deep features and where they come from. */
export interface DeepResult {
  readonly features: number[];
  /** Slices of the box, and those in the cluster that was averaged. */
  readonly slices: number;
  readonly kept: number;
  readonly backend: "webgpu" | "wasm";
  readonly provenance: {
    readonly network: string;
    readonly weightsSha256: string;
    readonly device: string;
    readonly tuning: Tuning | null;
    readonly window: PreprocessSettings["window"];
    readonly spacingMm: number;
    readonly interpolation: string;
    readonly inputSize: number;
    readonly seed: number;
  };
  readonly warnings: string[];
}

/** Deep features of one tumour, by the defaults of the method: 1 mm, cubic, resample before window. */
export async function deepCase({
  image,
  roi,
  weights,
  window,
  backend: choice,
  seed,
  inputSize,
  tuning: named,
}: DeepCase): Promise<DeepResult> {
  checkInputSize(inputSize);
  const { bytes, checkpoint } = await readWeightsFile(weights);
  const backend = await resolveBackend(choice);
  const core = await loadCore();
  const size = { height: inputSize, width: inputSize };
  const tuning = await tuningNamed(named, backend, () => ({ architecture: checkpoint.architecture, inputSize, use: "encoder" }));
  const encoder = await createSliceEncoder(core, checkpoint, size, backend, undefined, threadsOfMachine(), tuning);
  try {
    const preprocess = { window, spacing: 1, interpolation: "cubic", order: "resample-window" } as const;
    const task = { patient: "", phase: "", image, rough: roi, preprocess, inputSize, seed, wants: { deep: true } };
    const { deep, warnings } = await computeCase({ core, encoder, open: readSource }, task);
    return {
      ...deep!,
      backend,
      provenance: {
        network: describeWeights(checkpoint),
        weightsSha256: await sha256(bytes),
        device: encoder.device,
        tuning,
        window,
        spacingMm: preprocess.spacing,
        interpolation: preprocess.interpolation,
        inputSize,
        seed,
      },
      warnings: [...warnings, ...otherThanTrained(recordOf(checkpoint)?.settings, { preprocess, inputSize })],
    };
  } finally {
    encoder.destroy();
  }
}
