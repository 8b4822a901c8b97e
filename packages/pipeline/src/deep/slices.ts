// From a box in the patient to the pictures that the network sees.
import { resample, type Core } from "@islet/core-wasm";
import type { Volume } from "../volume.ts";

/** The network's pictures: N one-channel axial slices, rows to posterior, columns to the patient's left, values 0..1. */
export interface Slices {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** (N, 1, H, W), x fastest. */
  readonly data: Float32Array;
}

/**
 * Stretches each axial slice of a windowed box to the network's input size.
 *
 *   source = (target + 1/2) * n / N - 1/2, clamped to the slice; bilinear between the four neighbours
 *
 * @param roi  the box, values 0..1 (`scaleToUnit`)
 * @see torch.nn.functional.interpolate(mode="bilinear", align_corners=False)
 */
export function stretchSlices(core: Core, roi: Volume, height: number, width: number): Slices {
  const [nz, ny, nx] = roi.shape;
  const stretch = (n: number, length: number) => ({ length, start: n / length / 2 - 0.5, step: n / length });
  const axes = [{ length: nz, start: 0, step: 1 }, stretch(ny, height), stretch(nx, width)] as const;
  return { count: nz, height, width, data: resample(core, roi.data, roi.shape, axes, "linear") };
}
