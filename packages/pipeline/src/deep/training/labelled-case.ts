// A patient as training material: the processed ROI and how much of each of its voxels is tumour.
import { IGNORED_LABEL } from "@islet/gpu-unet";
import type { Core } from "@islet/core-wasm";
import { resampleVolume } from "../../preprocess/resample.ts";
import type { Mask, Volume } from "../../volume.ts";
import type { ProcessedRoi } from "../processed-roi.ts";
import { stretchSlices } from "../slices.ts";
import { HALF, sampleSlice, type Change } from "./augment.ts";

/** One scan of one patient. */
export interface LabelledCase {
  readonly patient: string;
  /** Empty where the table has no phases. */
  readonly phase: string;
  /** Values 0..1 on the isotropic grid. */
  readonly roi: Volume;
  /** The part of each of its voxels that is tumour, 0..1. */
  readonly inside: Float32Array;
}

/**
 * The part of each voxel of an ROI that a mask fills: the mask's 0 and 1, interpolated linearly.
 *
 * It stays a fraction until it lies on the network's pixels, so that a mask is rounded to voxels once and not twice.
 */
export function fractionInside(core: Core, mask: Mask, { grid, box }: Pick<ProcessedRoi, "grid" | "box">): Float32Array {
  return resampleVolume(core, { ...mask, data: Float32Array.from(mask.data) }, grid, box, "linear").data;
}

/** Slices with the class of each of their pixels. */
export interface LabelledSlices {
  readonly count: number;
  /** (count, 1, size, size), 0..1. */
  readonly slices: Float32Array;
  /** (count, size, size): 1 tumour, 0 background, IGNORED_LABEL outside the ROI. */
  readonly labels: Uint8Array;
}

/** One slice of a training: which case, which plane of its ROI, and how it is changed. */
export interface SliceChoice {
  readonly case: LabelledCase;
  readonly z: number;
  /** Null: stretched as it is. */
  readonly change: Change | null;
}

/**
 * Stretches slices and their labels to size x size.
 *
 * An unchanged slice is bit for bit what `deepVector` sends through the encoder; its mask goes the same way, bilinear with half-pixel
 * centres, and a pixel is tumour where at least half of it is.
 */
export function labelledSlices(core: Core, choices: readonly SliceChoice[], size: number): LabelledSlices {
  const pixels = size * size;
  const slices = new Float32Array(choices.length * pixels);
  const labels = new Uint8Array(choices.length * pixels);
  choices.forEach(({ case: { roi, inside }, z, change }, i) => {
    const [, height, width] = roi.shape;
    const plane = (data: Float32Array) => data.subarray(z * height * width, (z + 1) * height * width);
    if (change) {
      const to = { height: size, width: size, ignored: IGNORED_LABEL };
      sampleSlice({ data: plane(roi.data), height, width }, { data: plane(inside), height, width }, change, to, slices, labels, i * pixels);
      return;
    }
    const stretched = (data: Float32Array) =>
      stretchSlices(core, { ...roi, shape: [1, height, width], data: plane(data) }, size, size).data;
    slices.set(stretched(roi.data), i * pixels);
    labels.set(
      Uint8Array.from(stretched(inside), (part) => Number(part >= HALF)),
      i * pixels,
    );
  });
  return { count: choices.length, slices, labels };
}
