// The intensities inside a region, one after another, and what they range over.
import { inPieces } from "../pieces.ts";
import type { Region } from "./region.ts";

/** The intensities of the voxels inside the intensity mask, in the order of the voxels. */
export function intensitiesInside({ intensity, intensityMask }: Pick<Region, "intensity" | "intensityMask">): Float32Array {
  let voxels = 0;
  inPieces(intensity.length, (from, to) => (voxels += countInside(intensityMask, from, to)));
  const inside = new Float32Array(voxels);
  let count = 0;
  inPieces(intensity.length, (from, to) => (count = take(intensity, intensityMask, from, to, inside, count)));
  return inside;
}

function countInside(mask: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) if (mask[i] !== 0) count++;
  return count;
}

function take(intensity: Float32Array, mask: Uint8Array, from: number, to: number, out: Float32Array, count: number): number {
  let n = count;
  for (let i = from; i < to; i++) if (mask[i] !== 0) out[n++] = intensity[i]!;
  return n;
}

/** Lowest and highest of some values, and whether all are whole numbers. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
  readonly isWhole: boolean;
}

/** The range of some values: from Infinity to -Infinity for none, from NaN to NaN where one is NaN. */
export function rangeOf(values: Float32Array | Float64Array): ValueRange {
  const extremes = Float64Array.of(Infinity, -Infinity);
  let isWhole = true;
  inPieces(values.length, (from, to) => {
    isWhole = widen(values, from, to, extremes) && isWhole;
  });
  return { low: extremes[0]!, high: extremes[1]!, isWhole };
}

function widen(values: Float32Array | Float64Array, from: number, to: number, extremes: Float64Array): boolean {
  let low = extremes[0]!;
  let high = extremes[1]!;
  let isWhole = true;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
    if (Math.trunc(value) === value) continue;
    isWhole = false;
    if (Number.isNaN(value)) low = high = NaN;
  }
  extremes[0] = low;
  extremes[1] = high;
  return isWhole;
}

/** How often each of the whole numbers low, low + 1, ... occurs among whole values: added to `counts`, one place for each. */
export function countWhole(values: Float32Array | Float64Array, low: number, counts: Float64Array): void {
  inPieces(values.length, (from, to) => addCounts(values, from, to, low, counts));
}

function addCounts(values: Float32Array | Float64Array, from: number, to: number, low: number, counts: Float64Array): void {
  for (let i = from; i < to; i++) counts[values[i]! - low]!++;
}
