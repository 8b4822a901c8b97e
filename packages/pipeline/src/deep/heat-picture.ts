// Heat on the slices that it belongs to, as a picture to look at.
import { resample, type Core } from "@islet/core-wasm";
import type { Picture } from "../png.ts";
import type { Volume } from "../volume.ts";

/** Vermilion raises the score and blue lowers it: colours of Okabe & Ito 2008, told apart by readers of every colour vision. */
const RAISES = [213, 94, 0] as const;
const LOWERS = [0, 114, 178] as const;
/** How much of a pixel the strongest heat covers. */
const STRONGEST = 0.65;
/** At most this many slices, this many pixels on a slice's longer side, and between slices. */
const SLICES = 5;
const SIDE = 300;
const GAP = 6;

/**
 * Up to five of the kept slices side by side, evenly spaced from inferior to superior, tinted by their heat.
 *
 * The tint is scaled by the strongest heat of all slices, so pictures of one patient can be compared. Rows go to posterior and columns to the patient's
 * left.
 *
 * @param roi   the processed ROI, 0..1
 * @param heat  on the same grid
 * @param kept  rising indices of slices, at least one
 */
export function drawHeat(core: Core, roi: Volume, heat: Volume, kept: readonly number[]): Picture {
  const [, ny, nx] = roi.shape;
  const scale = SIDE / Math.max(ny, nx);
  const [high, wide] = [Math.max(1, Math.round(ny * scale)), Math.max(1, Math.round(nx * scale))];
  const count = Math.min(SLICES, kept.length);
  const shown = Array.from({ length: count }, (_, i) => kept[Math.round(((i + 0.5) * kept.length) / count - 0.5)]!);
  const width = count * wide + (count - 1) * GAP;
  const strongest = heat.data.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1;
  const enlarge = ({ data }: Volume, z: number) => {
    const axis = (n: number, length: number) => ({ length, start: n / length / 2 - 0.5, step: n / length });
    const slice = data.slice(z * ny * nx, (z + 1) * ny * nx);
    return resample(core, slice, [1, ny, nx], [{ length: 1, start: 0, step: 1 }, axis(ny, high), axis(nx, wide)], "linear");
  };
  const rgb = new Uint8Array(3 * width * high).fill(255);
  shown.forEach((z, i) => {
    const [grey, warmth] = [enlarge(roi, z), enlarge(heat, z)];
    for (let p = 0; p < grey.length; p++) {
      const at = 3 * (Math.floor(p / wide) * width + i * (wide + GAP) + (p % wide));
      const cover = (STRONGEST * Math.abs(warmth[p]!)) / strongest;
      const colour = warmth[p]! > 0 ? RAISES : LOWERS;
      for (let c = 0; c < 3; c++) rgb[at + c] = Math.round((1 - cover) * 255 * grey[p]! + cover * colour[c]!);
    }
  });
  return { width, height: high, rgb };
}
