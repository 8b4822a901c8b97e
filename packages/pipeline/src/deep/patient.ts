// From one scan and one box to a patient's deep features.
import type { Core } from "@islet/core-wasm";
import type { PreprocessSettings } from "../preprocess/region.ts";
import type { IndexBox } from "../preprocess/roi.ts";
import type { Random } from "../random.ts";
import type { Geometry, Volume } from "../volume.ts";
import { aggregateSlices, type PatientVector } from "./aggregate.ts";
import type { SliceEncoder } from "./encode.ts";
import { processRoi } from "./processed-roi.ts";
import { stretchSlices } from "./slices.ts";

/**
 * A patient's deep feature vector for one phase.
 *
 * resample -> window -> scale to 0..1 -> stretch each axial slice of the box -> encoder -> aggregate over slices
 *
 * @param cuboidOn  the box (half-open indices) on the isotropic grid that it is given
 * @param random    the stream for K-means
 * @see Song et al. 2021; docs/method.md, section 6
 */
export async function deepVector(
  core: Core,
  encoder: SliceEncoder,
  volume: Volume,
  cuboidOn: (grid: Geometry) => IndexBox,
  settings: PreprocessSettings & { readonly inputSize: number },
  random: Random,
): Promise<PatientVector> {
  const { roi } = processRoi(core, volume, cuboidOn, settings);
  const slices = stretchSlices(core, roi, settings.inputSize, settings.inputSize);
  const vectors = await encoder.pooled(slices);
  return aggregateSlices(core, vectors, slices.count, encoder.channels, random);
}
