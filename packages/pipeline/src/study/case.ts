// One phase of one patient: from its files to its features.
import type { Core } from "@islet/core-wasm";
import { deepVector } from "../deep/patient.ts";
import type { SliceEncoder } from "../deep/encode.ts";
import { readImage } from "../intake/image.ts";
import { readMask } from "../intake/mask.ts";
import { simulateRough } from "../intake/simulate-rough.ts";
import type { ImageSource } from "../intake/source.ts";
import { boxAround, readBoxSource, type BoxSource } from "../preprocess/box.ts";
import type { IndexBox } from "../preprocess/roi.ts";
import type { PreprocessSettings } from "../preprocess/region.ts";
import type { FeatureValues } from "../radiomics/feature.ts";
import { computeRadiomics, whyNothingMeasured, type RadiomicsPlan } from "../radiomics/plan.ts";
import { randomFor } from "../random.ts";
import { scanFacts, type ScanFacts } from "./scan.ts";
import type { Geometry, Mask } from "../volume.ts";

/** A file or folder: a path for a worker that can open it, the bytes themselves for one that cannot. */
export type Input = string | ImageSource;

/** What a case is computed from. */
export interface CaseTask {
  readonly patient: string;
  readonly phase: string;
  readonly image: Input;
  readonly mask?: { readonly input: Input; readonly label?: number; readonly structure?: string };
  /** A rough annotation (.json), or a mask whose bounding box serves. */
  readonly rough?: Input;
  readonly roughFrom?: {
    readonly mask: Input;
    readonly label?: number;
    readonly structure?: string;
    readonly seed: number;
    readonly jitterMm: number;
  };
  readonly preprocess: PreprocessSettings;
  readonly inputSize: number;
  /** The study's seed: K-means draws from it, by patient and phase. */
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

const pathOf = (input: Input) => (typeof input === "string" ? input : input.path);

/** Computes a case. Errors of intake carry the file; nothing is caught here. */
export async function computeCase(engine: Engine, task: CaseTask): Promise<CaseResult> {
  const open = (input: Input) => (typeof input === "string" ? engine.open(input) : Promise.resolve(input));
  // The scan's bytes are let go of as soon as they are a volume: a large one fills hundreds of megabytes.
  const {
    volume,
    report,
    path: imagePath,
  } = await open(task.image).then(async (source) => ({ ...(await readImage(source)), path: source.path }));
  const warnings = [...report.warnings];

  // The mask that a reader is simulated from is mostly the fine mask too: read it once.
  const masks = new Map<string, Promise<Mask>>();
  const readMaskOnce = (input: Input, options: { label?: number; structure?: string }): Promise<Mask> => {
    const key = JSON.stringify([pathOf(input), options]);
    const mask = masks.get(key) ?? readMaskOf(input, options);
    masks.set(key, mask);
    return mask;
  };
  const readMaskOf = async (input: Input, options: { label?: number; structure?: string }): Promise<Mask> => {
    const { mask, notes } = await readMask(await open(input), volume, imagePath, options);
    warnings.push(...notes);
    return mask;
  };
  const pick = ({ label, structure }: { label?: number; structure?: string }) => ({
    ...(label !== undefined && { label }),
    ...(structure !== undefined && { structure }),
  });

  const result: { -readonly [K in keyof CaseResult]: CaseResult[K] } = { scan: scanFacts(volume), warnings };
  if (task.radiomics && task.mask) {
    const mask = await readMaskOnce(task.mask.input, pick(task.mask));
    const found: Record<string, FeatureValues> = {};
    for (const [name, plan] of Object.entries(task.radiomics)) {
      found[name] = computeRadiomics(engine.core, volume, mask, plan, report.orientation);
      const why = whyNothingMeasured(found[name]);
      if (why !== null) warnings.push(`${pathOf(task.mask.input)}: none of its intensity and texture features has a value: ${why}`);
    }
    result.radiomics = found;
  }
  if (task.wants.deep && engine.encoder) {
    const cuboidOn = await cuboid();
    const { features, slices, kept } = await deepVector(
      engine.core,
      engine.encoder,
      volume,
      cuboidOn,
      { ...task.preprocess, inputSize: task.inputSize },
      randomFor(task.seed, "kmeans", task.patient, task.phase),
    );
    result.deep = { features: [...features], slices, kept };
  }
  return result;

  /** The box of the tumour, once the grid is known: around a rough annotation, a simulated one, or a mask. */
  async function cuboid(): Promise<(grid: Geometry) => IndexBox> {
    const around = await boxSource();
    return (grid) => {
      const { box, notes } = boxAround(engine.core, around, grid);
      warnings.push(...notes);
      return box;
    };
  }

  async function boxSource(): Promise<BoxSource> {
    if (task.roughFrom) {
      const { mask: input, seed, jitterMm } = task.roughFrom;
      const mask = await readMaskOnce(input, pick(task.roughFrom));
      const rough = simulateRough(mask, randomFor(seed, "rough", task.patient, task.phase), jitterMm);
      return { rough, file: `simulated annotation of ${task.phase}` };
    }
    const { around, notes } = await readBoxSource(await open(task.rough!), volume, imagePath);
    warnings.push(...notes);
    return around;
  }
}
