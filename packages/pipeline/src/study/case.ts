// One phase of one patient: from its files to its features.
import type { Core } from "@islet/core-wasm";
import { deepVector } from "../deep/patient.ts";
import type { SliceEncoder } from "../deep/encode.ts";
import type { ImageSource } from "../intake/source.ts";
import type { PreprocessSettings } from "../preprocess/region.ts";
import type { FeatureValues } from "../radiomics/feature.ts";
import { computeRadiomics, resamplingFor, nothingMeasured, type RadiomicsPlan } from "../radiomics/plan.ts";
import { randomFor, type Random } from "../random.ts";
import { openCase, pathOf, type CaseFiles } from "./case-inputs.ts";
import { scanFacts, type ScanFacts } from "./scan.ts";

/** What a case is computed from. */
export interface CaseTask extends CaseFiles {
  readonly preprocess: PreprocessSettings;
  readonly inputSize: number;
  /** The study's seed: K-means draws from it. */
  readonly seed: number;
  /** Hand-crafted features to compute from the mask, by the name that their result goes under. */
  readonly radiomics?: Readonly<Record<string, RadiomicsPlan>>;
  readonly wants: { readonly deep: boolean };
}

/** The features of a case; plain JSON, since it is cached. */
export interface CaseResult {
  readonly deep?: { readonly features: number[]; readonly slices: number; readonly kept: number };
  readonly radiomics?: Readonly<Record<string, FeatureValues>>;
  readonly scan: ScanFacts;
  /** Sentences about what was corrected on the way in. */
  readonly warnings: string[];
}

/** What a worker holds for all its cases. */
export interface Engine {
  readonly core: Core;
  readonly encoder: SliceEncoder | null;
  open(path: string): Promise<ImageSource>;
}

/**
 * The numbers that K-means draws for a tumour: the same for everyone, so that a patient's features come from the scan alone, not from what the
 * patient or the phase is called, and a patient who is scored later gets those that the study would have given.
 */
export function kmeansStream(seed: number): Random {
  return randomFor(seed, "kmeans");
}

/** Computes a case. Errors of intake carry the file; nothing is caught here. */
export async function computeCase(engine: Engine, task: CaseTask): Promise<CaseResult> {
  const { volume, report, warnings, fineMask, cuboid } = await openCase(engine, task);
  const result: { -readonly [K in keyof CaseResult]: CaseResult[K] } = { scan: scanFacts(volume, report), warnings };
  if (task.radiomics && task.mask) {
    const found: Record<string, FeatureValues> = {};
    for (const [name, plan] of Object.entries(task.radiomics)) {
      const mask = (await fineMask(resamplingFor(plan)))!;
      found[name] = computeRadiomics(engine.core, volume, mask, plan, report.orientation);
      warnings.push(...nothingMeasured(pathOf(task.mask!.input), found[name]));
    }
    result.radiomics = found;
  }
  if (task.wants.deep && engine.encoder) {
    const { features, slices, kept } = await deepVector(
      engine.core,
      engine.encoder,
      volume,
      await cuboid(),
      { ...task.preprocess, inputSize: task.inputSize },
      kmeansStream(task.seed),
    );
    result.deep = { features: [...features], slices, kept };
  }
  return result;
}
