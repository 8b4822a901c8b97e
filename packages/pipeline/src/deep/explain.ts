// Which part of each slice a patient's score comes from: its gradient, taken back through the mean over slices and the pooling.
import { resample, type Core } from "@islet/core-wasm";
import type { Geometry, Volume } from "../volume.ts";

/** Bottleneck maps of the slices that a patient's vector stands on. */
export interface BottleneckMaps {
  /** (slices, channels, height, width), activated. */
  readonly data: Float32Array;
  readonly slices: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * What each cell of each slice's bottleneck contributes to a score, to first order.
 *
 * A patient's feature c is the mean of map c over the cells p of the K kept slices, f_c = sum over k,p of A_k[c,p] / (K P), so a score s(f) has the
 * slope ds/dA_k[c,p] = g_c / (K P) with g = ds/df, and
 *
 *   heat[k,p] = sum over c of  g_c (A_k[c,p] - b_c) / (K P)
 *
 * The heat of all cells sums to g . (f - b): for a linear score, how far it lies from that of the features b. Positive cells raise the score,
 * negative ones lower it.
 *
 * @param maps      of the kept slices only: the others have no part in the mean, and the choice of slices is held fixed
 * @param gradient  g, one a channel, at the patient's features
 * @param baseline  b, the features to explain a difference from (such as the cohort's means); zeros if not given
 * @returns         (slices, height, width), in the score's unit
 * @see Selvaraju et al. 2017, Grad-CAM: with b = 0 this is its map before the ReLU, which we leave out because what speaks against a risk is an
 *      answer too. Zhou et al. 2016, CAM, for the sum that a linear score after global average pooling makes exact.
 */
export function heatOfSlices(maps: BottleneckMaps, gradient: Float64Array, baseline?: Float64Array): Float32Array {
  const { data, slices, channels, height, width } = maps;
  const cells = height * width;
  const heat = new Float32Array(slices * cells);
  const sums = new Float64Array(cells);
  for (let k = 0; k < slices; k++) {
    sums.fill(0);
    for (let c = 0; c < channels; c++) {
      const weight = gradient[c]! / (slices * cells);
      if (weight === 0) continue;
      const from = baseline?.[c] ?? 0;
      const at = (k * channels + c) * cells;
      for (let p = 0; p < cells; p++) sums[p]! += weight * (data[at + p]! - from);
    }
    heat.set(sums, k * cells);
  }
  return heat;
}

/**
 * The heat as a volume on the box that the slices were cut from: bilinear between the cells' centres, as the slices were stretched, and 0 in the
 * slices that were not kept.
 *
 * A cell sees more than its own place: its receptive field is 140 pixels of 256, centred on it, so edges are soft by nature.
 *
 * @param heat  (kept.length, height, width)
 * @param kept  rising indices of the box's slices
 * @param box   the processed ROI's geometry
 */
export function heatOnBox(
  core: Core,
  heat: Float32Array,
  [height, width]: readonly [number, number],
  kept: readonly number[],
  box: Geometry,
): Volume {
  const { shape, spacing, origin, direction } = box;
  const [, ny, nx] = shape;
  const stretch = (n: number, length: number) => ({ length, start: n / length / 2 - 0.5, step: n / length });
  const axes = [{ length: kept.length, start: 0, step: 1 }, stretch(height, ny), stretch(width, nx)] as const;
  const stretched = resample(core, heat, [kept.length, height, width], axes, "linear");
  const data = new Float32Array(shape[0] * ny * nx);
  kept.forEach((slice, k) => data.set(stretched.subarray(k * ny * nx, (k + 1) * ny * nx), slice * ny * nx));
  return { shape, spacing, origin, direction, data };
}
