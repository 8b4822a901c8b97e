// From a scan and a mask to the ROI that PyRadiomics' classes see: normalise, resample, re-segment, crop.
import { boundingBox, crop } from "../../preprocess/roi.ts";
import { AXIS_ALIGNED, type Mask, type Triple, type Volume } from "../../volume.ts";
import type { PyradiomicsSettings } from "./parameters.ts";
import { resampleAxis, resampleTo } from "./resample.ts";

/** A cropped ROI. */
export interface PreparedRoi {
  readonly shape: Triple;
  readonly spacing: Triple;
  readonly intensity: Float64Array;
  /** 1 inside, before re-segmentation: what shape is measured on. */
  readonly mask: Uint8Array;
  /** 1 inside, after re-segmentation: what all other classes see. */
  readonly resegmented: Uint8Array;
}

/**
 * @param mask         on the volume's grid, at least one voxel inside
 * @param orientation  of the file (`IntakeReport.orientation`): PyRadiomics' new grid begins at the file's first voxel
 * @returns null when resampling leaves no voxel inside
 * @throws IntakeError when the mask is empty
 */
export function prepareRoi(volume: Volume, mask: Mask, settings: PyradiomicsSettings, orientation: string): PreparedRoi | null {
  const normal = settings.normalize ? normaliser(volume.data, settings) : null;
  const box = boundingBox(mask);
  const { resampledPixelSpacing: xyz, interpolator } = settings;
  const wanted: Triple | null = xyz && interpolator ? [xyz[2]!, xyz[1]!, xyz[0]!] : null;
  if (!wanted || wanted.every((s, a) => s === 0 || Math.abs(s - volume.spacing[a]!) < 1e-9)) {
    const part = crop(volume, box);
    const intensity = new Float64Array(part.data);
    if (normal) intensity.forEach((x, i) => (intensity[i] = normal(x)));
    return prepared(intensity, crop(mask, box).data, part.shape, part.spacing, settings);
  }
  const axes = [0, 1, 2].map((a) =>
    resampleAxis(
      volume.shape[a]!,
      [box.from[a]!, box.to[a]!],
      [volume.spacing[a]!, wanted[a]!],
      settings.padDistance,
      orientation.includes("IAR"[a]!),
    ),
  ) as unknown as Parameters<typeof resampleTo>[2];
  const intensity = resampleTo(volume.data, volume.shape, axes, interpolator!, normal ?? undefined);
  // ITK gives the result the file's own type: for whole numbers it cuts off the decimals, others it rounds to 32 bits.
  const isFloating = volume.isFloating ?? !volume.data.every(Number.isInteger);
  if (!normal) intensity.forEach((x, i) => (intensity[i] = isFloating ? Math.fround(x) : Math.trunc(x)));
  const inside = Uint8Array.from(resampleTo(mask.data, mask.shape, axes, "nearest"));
  if (!inside.includes(1)) return null;
  const shape: Triple = [axes[0].length, axes[1].length, axes[2].length];
  const spacing: Triple = [axes[0].step * volume.spacing[0], axes[1].step * volume.spacing[1], axes[2].step * volume.spacing[2]];
  return prepared(intensity, inside, shape, spacing, settings);
}

/** (x - mean) / sd over the whole image, sd over N - 1, clipped to `removeOutliers` and scaled by `normalizeScale`. */
function normaliser(data: Float32Array, { normalizeScale, removeOutliers }: PyradiomicsSettings): (x: number) => number {
  let sum = 0;
  for (const x of data) sum += x;
  const mean = sum / data.length;
  let squares = 0;
  for (const x of data) squares += (x - mean) ** 2;
  const sd = Math.sqrt(squares / (data.length - 1));
  const limit = removeOutliers ?? Infinity;
  return (x) => normalizeScale * Math.min(limit, Math.max(-limit, sd === 0 ? 0 : (x - mean) / sd));
}

/** The region cropped to its own box, and what re-segmentation leaves of it. */
function prepared(intensity: Float64Array, inside: Uint8Array, shape: Triple, spacing: Triple, settings: PyradiomicsSettings): PreparedRoi {
  const box = boundingBox({ shape, spacing, origin: [0, 0, 0], direction: AXIS_ALIGNED, data: inside });
  const size = box.to.map((end, a) => end - box.from[a]!) as unknown as Triple;
  const values = new Float64Array(size[0] * size[1] * size[2]);
  const mask = new Uint8Array(values.length);
  for (let z = 0, to = 0; z < size[0]; z++) {
    for (let y = 0; y < size[1]; y++, to += size[2]) {
      const row = ((z + box.from[0]) * shape[1] + y + box.from[1]) * shape[2] + box.from[2];
      values.set(intensity.subarray(row, row + size[2]), to);
      mask.set(inside.subarray(row, row + size[2]), to);
    }
  }
  return { shape: size, spacing, intensity: values, mask, resegmented: resegmented(values, mask, settings) };
}

/**
 * The mask without voxels outside `resegmentRange`: of the intensities themselves, of parts of the highest one (relative), or of
 * standard deviations (over N) around the mean (sigma). A single number is a lower bound.
 */
function resegmented(values: Float64Array, mask: Uint8Array, { resegmentRange, resegmentMode }: PyradiomicsSettings): Uint8Array {
  if (!resegmentRange) return mask;
  const inside = values.filter((_, i) => mask[i] !== 0);
  let [mean, highest] = [0, -Infinity];
  for (const x of inside) {
    mean += x / inside.length;
    if (x > highest) highest = x;
  }
  let variance = 0;
  for (const x of inside) variance += (x - mean) ** 2 / inside.length;
  const limit = (bound: number) =>
    resegmentMode === "absolute" ? bound : resegmentMode === "relative" ? bound * highest : mean + bound * Math.sqrt(variance);
  const [low, high] = resegmentRange.toSorted((a, b) => a - b).map(limit);
  return mask.map((within, i) => (within !== 0 && values[i]! >= low! && values[i]! <= (high ?? Infinity) ? 1 : 0));
}
