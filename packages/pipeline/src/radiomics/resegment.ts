// Which voxels of a region count for intensity and texture.
import { inPieces } from "../pieces.ts";
import type { ChainSettings } from "./settings.ts";

/**
 * The intensity mask: the morphological one without voxels outside a range, and then without outliers.
 *
 *   range      low <= x <= high
 *   outliers   |x - mean| <= sigma * sd,   mean and sd (over N) of the voxels that the range has left
 *
 * IBSI does not say in which order the two are applied; range first keeps air and metal out of the mean and the sd.
 *
 * @param intensity      a box of voxels
 * @param morphological  its mask, 0 or 1
 * @see IBSI 1 reference manual, section 2.6: range re-segmentation (USB3), intensity outlier filtering (7ACA)
 */
export function resegment(
  intensity: Float32Array,
  morphological: Uint8Array,
  { resegmentation, outlierSigma }: Pick<ChainSettings, "resegmentation" | "outlierSigma">,
): Uint8Array {
  const inRange = resegmentation ? within(intensity, morphological, resegmentation.low, resegmentation.high) : morphological.slice();
  if (outlierSigma === null) return inRange;
  let count = 0;
  let sum = 0;
  for (let i = 0; i < inRange.length; i++) {
    if (inRange[i] === 0) continue;
    count++;
    sum += intensity[i]!;
  }
  if (count === 0) return inRange;
  const mean = sum / count;
  // A NaN or an infinity has no outliers beside it; it stays, so that the region can be told to hold one.
  if (!Number.isFinite(mean)) return inRange;
  let squares = 0;
  for (let i = 0; i < inRange.length; i++) if (inRange[i] !== 0) squares += (intensity[i]! - mean) ** 2;
  const reach = outlierSigma * Math.sqrt(squares / count);
  // Rounding of the mean must not empty a flat region.
  const slack = 1e-9 * Math.abs(mean);
  return within(intensity, inRange, mean - reach - slack, mean + reach + slack);
}

function within(intensity: Float32Array, mask: Uint8Array, low: number, high: number): Uint8Array {
  const out = new Uint8Array(mask.length);
  inPieces(mask.length, (from, to) => markWithin(intensity, mask, from, to, low, high, out));
  return out;
}

function markWithin(intensity: Float32Array, mask: Uint8Array, from: number, to: number, low: number, high: number, out: Uint8Array): void {
  for (let i = from; i < to; i++) {
    if (mask[i] === 0) continue;
    const value = intensity[i]!;
    if (value >= low && value <= high) out[i] = 1;
  }
}
