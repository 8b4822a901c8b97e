// From one scan and one mask to a patient's hand-crafted features.
import type { Core } from "@islet/core-wasm";
import { isotropicGrid, preprocessRegion, rangeFor, type PreprocessSettings } from "../preprocess/region.ts";
import { resampleRoi } from "../preprocess/resample.ts";
import { boundingBox, crop } from "../preprocess/roi.ts";
import { scaleToUnit } from "../preprocess/window.ts";
import type { Mask, Volume } from "../volume.ts";
import { intensityStatistics, type FeatureValues } from "./intensity.ts";

/**
 * The intensity statistics of a tumour on the isotropic grid, inside the window.
 *
 * HU stay HU. Where the window is a pair of percentiles (MR) intensities have no unit, so they are scaled to 0..1 first:
 * otherwise the scanner's gain would be the strongest feature.
 *
 * @param mask  the fine mask, on the volume's grid
 */
export function radiomicsVector(core: Core, volume: Volume, mask: Mask, settings: PreprocessSettings): FeatureValues {
  const range = rangeFor(volume, settings.window);
  const grid = isotropicGrid(volume, settings.spacing);
  const whole = resampleRoi(core, mask, grid, { from: [0, 0, 0], to: grid.shape });
  const region = boundingBox(whole);
  const roi = crop(whole, region);
  const windowed = preprocessRegion(core, volume, region, range, settings);
  return intensityStatistics("percentiles" in settings.window ? scaleToUnit(windowed, range) : windowed, roi);
}
