// The facts about image and masks that IBSI publishes beside the features, at each step of the chain.
import type { Core } from "@islet/core-wasm";
import { alignedGrid, resampleRoi, resampleVolume } from "../../packages/pipeline/src/preprocess/resample.ts";
import { resegment } from "../../packages/pipeline/src/radiomics/resegment.ts";
import type { ChainSettings } from "../../packages/pipeline/src/radiomics/settings.ts";
import type { Mask, Triple, Volume } from "../../packages/pipeline/src/volume.ts";

/** Every diagnostic of IBSI's reference files, by its tag, computed on the whole image. */
export function diagnostics(core: Core, volume: Volume, mask: Mask, chain: ChainSettings): Record<string, number> {
  const facts: Record<string, number> = {};
  imageFacts(volume, "init_img", facts);
  roiFacts(volume, mask, mask, "init_roi", facts);
  const s = chain.spacing;
  const grid = s === null ? volume : alignedGrid(volume, chain.resampling === "volume" ? [s, s, s] : [volume.spacing[0], s, s]);
  const whole = { from: [0, 0, 0] as Triple, to: grid.shape };
  const image = s === null ? volume : resampleVolume(core, volume, grid, whole, chain.interpolation);
  const rounded = chain.rounding ? { ...image, data: image.data.map(Math.round) } : image;
  const roi = s === null ? mask : resampleRoi(core, mask, grid, whole, chain.maskThreshold);
  imageFacts(rounded, "interp_img", facts);
  roiFacts(rounded, roi, roi, "interp_roi", facts);
  roiFacts(rounded, { ...roi, data: resegment(rounded.data, roi.data, chain) }, roi, "reseg_roi", facts);
  return facts;
}

function imageFacts({ shape, spacing, data }: Volume, step: string, facts: Record<string, number>): void {
  triple(shape, `img_dim_%_${step}`, facts);
  triple(spacing, `vox_dim_%_${step}`, facts);
  intensities(data, `%_int_${step}`, facts);
}

function roiFacts(image: Volume, intensity: Mask, morphological: Mask, step: string, facts: Record<string, number>): void {
  triple(image.shape, `int_mask_dim_%_${step}`, facts);
  for (const [name, mask] of [
    ["int", intensity],
    ["morph", morphological],
  ] as const) {
    triple(extent(mask), `${name}_mask_bb_dim_%_${step}`, facts);
    facts[`${name}_mask_vox_count_${step}`] = mask.data.reduce((n, v) => n + v, 0);
  }
  intensities(
    image.data.filter((_, i) => intensity.data[i] !== 0),
    `int_mask_%_int_${step}`,
    facts,
  );
}

function triple([z, y, x]: Triple, tag: string, facts: Record<string, number>): void {
  for (const [axis, value] of [
    ["x", x],
    ["y", y],
    ["z", z],
  ] as const)
    facts[tag.replace("%", axis)] = value;
}

function intensities(values: Float32Array, tag: string, facts: Record<string, number>): void {
  let [sum, min, max] = [0, Infinity, -Infinity];
  for (const v of values) {
    sum += v;
    min = Math.min(min, v);
    max = Math.max(max, v);
  }
  for (const [name, value] of [
    ["mean", sum / values.length],
    ["min", min],
    ["max", max],
  ] as const)
    facts[tag.replace("%", name)] = value;
}

/** Size of the bounding box, voxels (z, y, x). */
function extent({ shape: [nz, ny, nx], data }: Mask): Triple {
  const low = [nz, ny, nx];
  const high = [-1, -1, -1];
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0) continue;
    for (const [a, k] of [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx].entries()) {
      low[a] = Math.min(low[a]!, k);
      high[a] = Math.max(high[a]!, k);
    }
  }
  return [high[0]! - low[0]! + 1, high[1]! - low[1]! + 1, high[2]! - low[2]! + 1];
}
