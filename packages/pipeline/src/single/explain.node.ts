// One patient's explanation by hand, from files to files.
import { loadCore } from "@islet/core-wasm";
import { createSliceEncoder, resolveBackend } from "../deep/encode.ts";
import { explainPatient } from "../deep/explain-patient.ts";
import { drawHeat } from "../deep/heat-picture.ts";
import { threadsOfMachine } from "../deep/network-core.ts";
import { checkInputSize } from "../deep/network-settings.ts";
import { processRoi } from "../deep/processed-roi.ts";
import { deepScore, type DeepScore } from "../deep/score-slope.ts";
import type { Tuning } from "../deep/tuning.ts";
import { readWeightsFile } from "../deep/weights-file.node.ts";
import { describeWeights } from "../deep/weights.ts";
import { readImage } from "../intake/image.ts";
import { writeNifti } from "../intake/nifti-writer.ts";
import { readSource } from "../intake/source.node.ts";
import { readSvmFile } from "./learn.node.ts";
import { boxAround, readBoxSource } from "../preprocess/box.ts";
import { ontoImage } from "../preprocess/onto-image.ts";
import { encodePng } from "../png.ts";
import { positionOf } from "../volume.ts";
import { sha256 } from "../host/cache.ts";
import { kmeansStream } from "../study/case.ts";
import { checkFileOutput, writeAtomic } from "../host/output.node.ts";
import type { DeepCase } from "./deep.node.ts";
import { tuningNamed } from "../deep/tuning-named.node.ts";

/** What `islet explain` is asked: what `islet deep` is, a model of such features, and the files to write. */
export interface ExplainCase extends DeepCase {
  /** A model of `islet svm fit` on deep features. */
  readonly model: string;
  /** The heat as NIfTI on the image's grid. */
  readonly out?: string;
  /** The heat on some slices as PNG. */
  readonly overlay?: string;
}

/** What `islet explain` found. */
export interface ExplainResult {
  readonly decision: number;
  /** The average patient's decision value, where the model knows it. */
  readonly average: number | null;
  /** Sum of the heat: for a linear model decision - average (or decision + rho, without an average), for others its first-order part. */
  readonly explained: number;
  /** The box's slices from inferior to superior: whether one is among those averaged, and its part of `explained`. */
  readonly slices: readonly { readonly slice: number; readonly zMm: number; readonly isKept: boolean; readonly part: number }[];
  readonly files: readonly string[];
  readonly provenance: {
    readonly network: string;
    readonly weightsSha256: string;
    readonly device: string;
    readonly tuning: Tuning | null;
    readonly kernel: string;
  };
  readonly warnings: readonly string[];
}

/** Explains a model's decision on one patient, by the same preprocessing as `deepCase`. */
export async function explainCase(given: ExplainCase): Promise<ExplainResult> {
  const { image, roi: roiPath, weights, window, seed, inputSize, out, overlay } = given;
  checkInputSize(inputSize);
  for (const file of [out, overlay])
    if (file !== undefined) await checkFileOutput(file, [image, roiPath, weights, given.model, given.tuning]);
  const model = await readSvmFile(given.model);
  const { bytes, checkpoint } = await readWeightsFile(weights);
  const core = await loadCore();
  const { volume, report } = await readImage(await readSource(image));
  const { around, notes } = await readBoxSource(await readSource(roiPath), volume, image);
  const warnings = [...report.warnings, ...notes];
  const settings = { window, spacing: 1, interpolation: "cubic", order: "resample-window" } as const;
  const boxOn = (grid: Parameters<typeof boxAround>[2]) => {
    const { box, notes: cut } = boxAround(core, around, grid);
    warnings.push(...cut);
    return box;
  };
  const { roi } = processRoi(core, volume, boxOn, settings);

  const size = { height: inputSize, width: inputSize };
  const backend = await resolveBackend(given.backend);
  const tuning = await tuningNamed(given.tuning, backend, () => ({ architecture: checkpoint.architecture, inputSize, use: "encoder" }));
  const encoder = await createSliceEncoder(core, checkpoint, size, backend, undefined, threadsOfMachine(), tuning);
  try {
    let score: DeepScore | undefined;
    const { heat, kept, totals } = await explainPatient(core, encoder, roi, inputSize, kmeansStream(seed), (features) => {
      score = deepScore(core, model, features, given.model);
      return score;
    });
    const files: string[] = [];
    if (out !== undefined) {
      await writeAtomic(out, await writeNifti(ontoImage(core, heat, volume)));
      files.push(out);
    }
    if (overlay !== undefined) {
      await writeAtomic(overlay, encodePng(drawHeat(core, roi, heat, kept)));
      files.push(overlay);
    }
    const { decision, average } = score!;
    return {
      decision,
      average,
      explained: totals.reduce((a, b) => a + b, 0),
      slices: Array.from({ length: roi.shape[0] }, (_, slice) => {
        const k = kept.indexOf(slice);
        return { slice, zMm: positionOf(roi, [slice, 0, 0])[0], isKept: k >= 0, part: k < 0 ? 0 : totals[k]! };
      }),
      files,
      provenance: {
        network: describeWeights(checkpoint),
        weightsSha256: await sha256(bytes),
        device: encoder.device,
        tuning,
        kernel: model.svm.kernel.kind,
      },
      warnings,
    };
  } finally {
    encoder.destroy();
  }
}
