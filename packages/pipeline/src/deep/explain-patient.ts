// From a tumour's processed ROI and a model of its deep features to where in the tumour the score comes from.
import type { Core } from "@islet/core-wasm";
import type { Random } from "../random.ts";
import type { Volume } from "../volume.ts";
import { bulkOfSlices, meanOf } from "./aggregate.ts";
import type { SliceEncoder } from "./encode.ts";
import { heatOfSlices, heatOnBox } from "./explain.ts";
import { stretchSlices } from "./slices.ts";

/** A score of a patient's deep features, to first order. */
export interface ScoreSlope {
  /** d score / d feature, one a channel, at the patient's features. */
  readonly gradient: Float64Array;
  /** The features that the score is compared with, such as a cohort's means; zeros if not given. */
  readonly baseline?: Float64Array;
}

/** Where a patient's score comes from. */
export interface PatientExplanation {
  /** The patient's deep features, those of `deepVector`. */
  readonly features: Float64Array;
  /** Indices of the box's slices that the features stand on, in rising order. */
  readonly kept: readonly number[];
  /** Sum of each kept slice's heat, in the score's unit. */
  readonly totals: readonly number[];
  /** The heat on the box: a contribution to the score at each bottleneck cell, bilinear between cells, 0 in the other slices. */
  readonly heat: Volume;
}

/**
 * Explains a score of one patient's deep features for one phase.
 *
 * @param roi      windowed, scaled to 0..1 (`processRoi`)
 * @param random   the stream for K-means, the same as for the features
 * @param slopeOf  the score's slope at the patient's features
 */
export async function explainPatient(
  core: Core,
  encoder: Pick<SliceEncoder, "channels" | "pooled" | "bottleneck">,
  roi: Volume,
  inputSize: number,
  random: Random,
  slopeOf: (features: Float64Array) => ScoreSlope,
): Promise<PatientExplanation> {
  const { channels } = encoder;
  const slices = stretchSlices(core, roi, inputSize, inputSize);
  const vectors = await encoder.pooled(slices);
  const kept = bulkOfSlices(core, vectors, slices.count, channels, random);
  const features = meanOf(vectors, channels, kept);

  const pixels = inputSize * inputSize;
  const pictures = new Float32Array(kept.length * pixels);
  kept.forEach((slice, k) => pictures.set(slices.data.subarray(slice * pixels, (slice + 1) * pixels), k * pixels));
  const data = await encoder.bottleneck({ count: kept.length, height: inputSize, width: inputSize, data: pictures });
  const [height, width] = [inputSize / 16, inputSize / 16];
  const { gradient, baseline } = slopeOf(features);
  const heat = heatOfSlices({ data, slices: kept.length, channels, height, width }, gradient, baseline);
  const totals = kept.map((_, k) => heat.subarray(k * height * width, (k + 1) * height * width).reduce((a, b) => a + b, 0));
  return { features, kept, totals, heat: heatOnBox(core, heat, [height, width], kept, roi) };
}
