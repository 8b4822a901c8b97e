// islet segment: one tumour's mask, from files to a file.
import { loadCore } from "@islet/core-wasm";
import { diceScore } from "@islet/gpu-unet";
import { ConfigError, IntakeError } from "../errors.ts";
import { readImage } from "../intake/image.ts";
import { readMask } from "../intake/mask.ts";
import { writeNifti } from "../intake/nifti-writer.ts";
import { readSource } from "../intake/source.node.ts";
import { boxAround, readBoxSource } from "../preprocess/box.ts";
import type { PreprocessSettings } from "../preprocess/region.ts";
import { sha256 } from "../host/cache.ts";
import { checkFileOutput, writeAtomic } from "../host/output.node.ts";
import { networkSettings, otherThanTrained, type NetworkSettings } from "./network-settings.ts";
import { segmentTumour, type Segmentation } from "./segment.ts";
import { recordOf } from "./training/record.ts";
import { openSegmenter, type WantedBackend } from "./open-segmenter.node.ts";
import type { Tuning } from "./tuning.ts";
import { readWeightsFile } from "./weights-file.node.ts";
import { describeWeights } from "./weights.ts";

/** What `islet segment` is asked. */
export interface SegmentRequest extends WantedBackend {
  readonly image: string;
  /** A rough annotation (.json), or a mask whose bounding box serves. */
  readonly roi: string;
  readonly weights: string;
  /** The mask to write, .nii.gz. */
  readonly out: string;
  /** A mask drawn by hand to compare with. */
  readonly truth?: string;
  readonly flips: boolean;
  /** Null: as the weights were trained. */
  readonly window: PreprocessSettings["window"] | null;
  readonly inputSize: number | null;
}

/** What was written, and how well it agrees with the truth where there is one. */
export interface SegmentResult {
  readonly out: string;
  readonly voxels: Segmentation["voxels"];
  readonly volumeMl: number;
  readonly slices: number;
  /** DSC of the mask and of the box itself with the truth, on the image's voxels. */
  readonly dice: { readonly mask: number; readonly box: number } | null;
  readonly provenance: NetworkSettings & {
    readonly network: string;
    readonly weightsSha256: string;
    readonly device: string;
    readonly tuning: Tuning | null;
    readonly flips: boolean;
  };
  readonly warnings: readonly string[];
}

/**
 * Segments one tumour and writes the mask on the image's own voxels.
 *
 * @throws IntakeError where the network finds nothing in the box; ConfigError where the weights have no decoder or name no window
 */
export async function segmentFile(request: SegmentRequest): Promise<SegmentResult> {
  const { image, out, flips } = request;
  await checkFileOutput(out, [image, request.roi, request.weights, request.truth, request.tuning]);
  const { bytes, checkpoint } = await readWeightsFile(request.weights);
  if (checkpoint.parts !== "unet") {
    throw new ConfigError(
      request.weights,
      "holds an encoder alone, and a mask needs the decoder and the head too; use weights of a whole network",
    );
  }
  const settings = networkSettings(checkpoint, request.weights, request);
  const { volume, report } = await readImage(await readSource(image));
  const { around, notes } = await readBoxSource(await readSource(request.roi), volume, image);
  const warnings = [...report.warnings, ...notes, ...otherThanTrained(recordOf(checkpoint)?.settings, settings)];
  const truth = request.truth === undefined ? null : await readMask(await readSource(request.truth), volume, image);
  warnings.push(...(truth?.notes ?? []));
  const core = await loadCore();
  const { segmenter, tuning } = await openSegmenter(checkpoint, settings.inputSize, request);
  try {
    const boxOn = (grid: Parameters<typeof boxAround>[2]) => {
      const found = boxAround(core, around, grid);
      warnings.push(...found.notes);
      return found.box;
    };
    const { mask, boxMask, slices, voxels } = await segmentTumour(core, segmenter, volume, boxOn, { ...settings, flips });
    if (voxels.kept === 0) {
      throw new IntakeError(
        image,
        "the network finds no tumour in the box, and an empty mask would serve nobody; check the box and the window, or use weights trained for such tumours",
      );
    }
    await writeAtomic(out, await writeNifti(mask));
    const [dz, dy, dx] = volume.spacing;
    return {
      out,
      voxels,
      volumeMl: ((voxels.kept + voxels.filled) * dz * dy * dx) / 1000,
      slices,
      dice: truth && { mask: diceScore(mask.data, truth.mask.data), box: diceScore(boxMask.data, truth.mask.data) },
      provenance: {
        network: describeWeights(checkpoint),
        weightsSha256: await sha256(bytes),
        device: segmenter.device,
        tuning,
        ...settings,
        flips,
      },
      warnings,
    };
  } finally {
    segmenter.destroy();
  }
}
