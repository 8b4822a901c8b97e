// PyRadiomics' bin edges, which differ from IBSI's.
import { ConfigError } from "../../errors.ts";
import { MOST_LEVELS } from "../discretise.ts";

/**
 * Grey levels by PyRadiomics' rule.
 *
 *   binWidth w   edges at multiples of w, from the one at or below the lowest intensity:  level = floor((x - low) / w) + 1
 *   binCount n   n bins of equal width from the lowest to the highest intensity, which belongs to the last
 *
 * IBSI starts bins of a fixed size at the lowest intensity, or at the lower bound of re-segmentation. Edges are computed as NumPy 1 does, so
 * that intensities on an edge fall to the same side: low + k ((low + w) - low), where a width that is no binary fraction is rounded twice;
 * and min + k (max - min) / n, rounded to 32 bits where the intensities are.
 *
 * @param values     intensities of the ROI, at least one
 * @param isFloat32  whether PyRadiomics has them as 32-bit numbers
 */
export function binLevels(
  values: Float64Array,
  { binWidth, binCount }: { readonly binWidth: number; readonly binCount: number | null },
  isFloat32 = false,
): Uint16Array {
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    min = Math.min(min, values[i]!);
    max = Math.max(max, values[i]!);
  }
  const remainder = min % binWidth;
  const low = min - (remainder < 0 ? remainder + binWidth : remainder);
  const width = binCount === null ? low + binWidth - low : (max - min) / binCount;
  const first = binCount === null ? low : min;
  const last = binCount ?? MOST_LEVELS + 1;
  if (width === 0) return new Uint16Array(values.length).fill(flatLevel(binCount));
  const rounded = binCount !== null && isFloat32 ? Math.fround : (x: number) => x;
  const edge = (k: number) => rounded(first + k * width);
  const levels = new Uint16Array(values.length);
  let highest = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    let k = Math.min(last, Math.max(1, Math.floor((x - first) / width) + 1));
    // The division may land one bin off where x lies on an edge.
    while (k > 1 && x < edge(k - 1)) k--;
    while (k < last && x >= edge(k)) k++;
    levels[i] = k;
    if (k > highest) highest = k;
  }
  if (highest > MOST_LEVELS) {
    throw new ConfigError(
      "binWidth",
      `intensities from ${min} to ${max} in bins of ${binWidth} give more than ${MOST_LEVELS} grey levels; choose wider bins, or binCount`,
    );
  }
  return levels;
}

/** A flat region with a bin count: NumPy widens its range to value +- 0.5, so the value lies in the middle bin. */
function flatLevel(binCount: number | null): number {
  return binCount === null ? 1 : Math.floor(binCount / 2) + 1;
}
