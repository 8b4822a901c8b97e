// The features of a held region, by the terminal's own way through the rooms.
import type { Core } from "@islet/core-wasm";
import { createSliceEncoder, resolveBackend, type BackendChoice, type SliceEncoder } from "../deep/encode.ts";
import { threadsOfMachine } from "../deep/network-core.ts";
import { deepVector } from "../deep/patient.ts";
import { describeWeights, loadWeights, type WeightsSource } from "../deep/weights.ts";
import { IntakeError } from "../errors.ts";
import { boxAround } from "../preprocess/box.ts";
import type { PreprocessSettings } from "../preprocess/region.ts";
import type { FeatureValues } from "../radiomics/feature.ts";
import { computeRadiomics, labelFor, resamplingFor, whyNothingMeasured, type RadiomicsPlan } from "../radiomics/plan.ts";
import { sha256 } from "../host/cache.ts";
import { kmeansStream } from "../study/case.ts";
import type { HeldScan } from "./held-scan.ts";
import type { HeldRegion } from "./region.ts";
import { encodingInParts } from "./slices-in-parts.ts";

/** Where a computation is. */
export interface Stage {
  readonly stage: string;
  /** How much of it is done, 0..1; null where that cannot be told. */
  readonly done: number | null;
}

/** Hand-crafted features of a region. */
export interface MeasuredRadiomics extends FeatureValues {
  readonly provenance: { readonly preset: string; readonly description: string; readonly settings: object };
  /** What was done by routine: a box, drawn on a grid of its own, comes to lie on the scan's voxels. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly milliseconds: number;
}

/** Deep features of a region. */
export interface MeasuredDeep {
  readonly features: readonly number[];
  readonly slices: number;
  readonly kept: number;
  readonly backend: "webgpu" | "wasm";
  readonly provenance: {
    readonly network: string;
    /** Null for weights that were drawn from a seed. */
    readonly weightsSha256: string | null;
    readonly device: string;
    readonly window: PreprocessSettings["window"];
    readonly spacingMm: number;
    readonly inputSize: number;
    readonly seed: number;
  };
  readonly warnings: readonly string[];
  readonly milliseconds: number;
}

/** What the network is asked. */
export interface DeepQuestion {
  readonly weights: WeightsSource;
  readonly window: PreprocessSettings["window"];
  readonly backend: BackendChoice;
  readonly inputSize: number;
  /** Of the clustering over slices. */
  readonly seed: number;
}

/** The hand-crafted features of a region. */
export async function measureRadiomics(
  core: Core,
  scan: HeldScan,
  region: HeldRegion,
  plan: RadiomicsPlan,
  tell: (stage: Stage) => void,
): Promise<MeasuredRadiomics> {
  const start = performance.now();
  tell({ stage: "placing the region on the scan's voxels", done: null });
  const { mask, notes: said } = await region.onScan(labelFor(plan), resamplingFor(plan));
  tell({ stage: "measuring", done: null });
  const found = computeRadiomics(core, scan.volume, mask, plan, scan.report.orientation);
  const why = whyNothingMeasured(found);
  const { preset, description } = plan;
  const isBox = region.facts.kind === "rough";
  return {
    ...found,
    provenance: { preset, description, settings: plan.kind === "ibsi" ? plan.settings : plan.parameters },
    notes: isBox ? said : [],
    warnings: [
      ...plan.warnings,
      ...(isBox ? [] : said),
      ...(why === null ? [] : [`none of its intensity and texture features has a value: ${why}`]),
    ],
    milliseconds: performance.now() - start,
  };
}

/**
 * The deep features of a region, by the defaults of `islet deep`.
 *
 * Where the backend was left open and the adapter is lost on the way, WASM computes it all again, and a warning says so.
 *
 * @throws DeviceError where WebGPU was asked for by name and fails
 */
export async function measureDeep(
  core: Core,
  scan: HeldScan,
  region: HeldRegion,
  question: DeepQuestion,
  tell: (stage: Stage) => void,
): Promise<MeasuredDeep> {
  const start = performance.now();
  const { weights, window, inputSize, seed } = question;
  tell({ stage: "loading the network", done: null });
  const checkpoint = loadWeights(weights);
  const { inChannels } = checkpoint.architecture;
  if (inChannels !== 1) {
    const file = "file" in weights ? weights.file : "weights";
    throw new IntakeError(file, `its network takes ${inChannels} channels, expected 1; choose weights that were trained on single slices`);
  }
  const settings = { window, spacing: 1, interpolation: "cubic", order: "resample-window" } as const;
  const notes: string[] = [];
  const runOn = async (backend: "webgpu" | "wasm") => {
    const size = { height: inputSize, width: inputSize };
    const encoder: SliceEncoder = await createSliceEncoder(core, checkpoint, size, backend, undefined, threadsOfMachine());
    try {
      tell({ stage: "cutting the slices", done: null });
      const boxOn = (grid: Parameters<typeof boxAround>[2]) => {
        const { box, notes: cut } = boxAround(core, region.around, grid);
        notes.push(...cut);
        return box;
      };
      const told = encodingInParts(encoder, (done, total) => tell({ stage: `slice ${done} of ${total}`, done: done / total }));
      const vector = await deepVector(core, told, scan.volume, boxOn, { ...settings, inputSize }, kmeansStream(seed));
      return { ...vector, device: encoder.device, backend };
    } finally {
      encoder.destroy();
    }
  };
  const chosen = await resolveBackend(question.backend);
  const result = await runOn(chosen).catch((error: Error) => {
    if (question.backend !== "auto" || chosen !== "webgpu" || error.name !== "DeviceError") throw error;
    notes.length = 0;
    notes.push(`the graphics adapter failed (${error.message}); the network ran on WASM instead`);
    return runOn("wasm");
  });
  return {
    features: [...result.features],
    slices: result.slices,
    kept: result.kept,
    backend: result.backend,
    provenance: {
      network: describeWeights(checkpoint),
      weightsSha256: "bytes" in weights ? await sha256(weights.bytes) : null,
      device: result.device,
      window,
      spacingMm: settings.spacing,
      inputSize,
      seed,
    },
    warnings: notes,
    milliseconds: performance.now() - start,
  };
}
