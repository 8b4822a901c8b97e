// Which intensities count: a window in HU, or percentiles of the image where intensities have no scale.
import { ConfigError } from "../errors.ts";
import type { Volume } from "../volume.ts";

/** A radiologist's window, HU: values are clipped to [level - width / 2, level + width / 2]. */
export interface HounsfieldWindow {
  readonly level: number;
  readonly width: number;
}

/** The lower and upper intensity of a window, in the image's own unit. */
export interface IntensityRange {
  readonly low: number;
  readonly high: number;
}

/** The range of a window in HU. */
export function rangeOfWindow({ level, width }: HounsfieldWindow): IntensityRange {
  if (!(width > 0)) throw new ConfigError("window", `width must be a positive number of HU; it is ${width}`);
  return { low: level - width / 2, high: level + width / 2 };
}

/**
 * The range between two percentiles of a whole image, for MR and other images without a scale.
 *
 * Percentile q of n sorted values is at rank (n - 1) q / 100, linear between neighbours (NumPy's default).
 *
 * @param percentiles  low and high, 0 <= low < high <= 100
 * @throws ConfigError when the two percentiles coincide: a flat image has no window
 */
export function rangeOfPercentiles(volume: Volume, [low, high]: readonly [number, number]): IntensityRange {
  const sorted = Float32Array.from(volume.data).sort();
  const at = (q: number) => {
    const rank = ((sorted.length - 1) * q) / 100;
    const below = Math.floor(rank);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below]! + (rank - below) * (sorted[above]! - sorted[below]!);
  };
  const range = { low: at(low), high: at(high) };
  if (!(range.high > range.low)) {
    throw new ConfigError(
      "percentiles",
      `percentiles ${low} and ${high} of the image are both ${range.low}; the image is (nearly) flat, so choose wider percentiles`,
    );
  }
  return range;
}

/** The volume with intensities clipped to the range, in their own unit. */
export function clip(volume: Volume, { low, high }: IntensityRange): Volume {
  return { ...volume, data: volume.data.map((v) => Math.min(high, Math.max(low, v))) };
}

/** The volume clipped to the range and scaled so that low is 0 and high is 1: what the network sees. */
export function scaleToUnit(volume: Volume, { low, high }: IntensityRange): Volume {
  const scale = 1 / (high - low);
  return { ...volume, data: volume.data.map((v) => (Math.min(high, Math.max(low, v)) - low) * scale) };
}
