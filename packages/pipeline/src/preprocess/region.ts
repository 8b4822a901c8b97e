// From a scan and a region to the windowed box on the isotropic grid: the way that deep and hand-crafted features share.
import type { Core, Interpolation } from "@islet/core-wasm";
import { IntakeError } from "../errors.ts";
import type { Geometry, Volume } from "../volume.ts";
import { alignedGrid, resampleVolume } from "./resample.ts";
import type { IndexBox } from "./roi.ts";
import { clip, rangeOfPercentiles, rangeOfWindow, type HounsfieldWindow, type IntensityRange } from "./window.ts";

/** How a scan becomes comparable with the others of its phase. */
export interface PreprocessSettings {
  /** HU window, or else percentiles of the image. */
  readonly window: HounsfieldWindow | { readonly percentiles: readonly [number, number] };
  /** Isotropic spacing, mm. */
  readonly spacing: number;
  readonly interpolation: Interpolation;
  /** The paper windows first; resampling first keeps the spline's overshoot inside the window. */
  readonly order: "resample-window" | "window-resample";
}

/** The windows's limits for this scan, in its own unit. */
export function rangeFor(volume: Volume, window: PreprocessSettings["window"]): IntensityRange {
  return "percentiles" in window ? rangeOfPercentiles(volume, window.percentiles) : rangeOfWindow(window);
}

/** The isotropic grid of a scan. */
export function isotropicGrid(image: Geometry, spacing: number): Geometry {
  return alignedGrid(image, [spacing, spacing, spacing]);
}

/**
 * A region of a scan on the isotropic grid, in the scan's unit, clipped to the window.
 *
 * @param region  half-open index box on `isotropicGrid(volume, settings.spacing)`
 * @throws IntakeError where a value is no number: the network would answer with NaN, and a training would be lost
 */
export function preprocessRegion(
  core: Core,
  volume: Volume,
  region: IndexBox,
  range: IntensityRange,
  settings: PreprocessSettings,
): Volume {
  const grid = isotropicGrid(volume, settings.spacing);
  const source = settings.order === "window-resample" ? clip(volume, range) : volume;
  const box = resampleVolume(core, source, grid, region, settings.interpolation);
  if (!box.data.every(Number.isFinite)) {
    throw new IntakeError(
      "the scan",
      "holds NaN or an infinity in the box or near it, expected a number in every voxel that the network sees; mend those voxels, or export the image again",
    );
  }
  return clip(box, range);
}
