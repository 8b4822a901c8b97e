// The processed ROI: the part of the way from a scan to the network's pictures that features, training and segmentation share.
import type { Core } from "@islet/core-wasm";
import { isotropicGrid, preprocessRegion, rangeFor, type PreprocessSettings } from "../preprocess/region.ts";
import type { IndexBox } from "../preprocess/roi.ts";
import { scaleToUnit } from "../preprocess/window.ts";
import type { Geometry, Volume } from "../volume.ts";

/** The box of a tumour on the isotropic grid, windowed and scaled to 0..1: what `stretchSlices` makes pictures of. */
export interface ProcessedRoi {
  /** The box's values, 0..1, in its place in the patient. */
  readonly roi: Volume;
  readonly box: IndexBox;
  /** The whole isotropic grid that the box lies on. */
  readonly grid: Geometry;
}

/**
 * The processed ROI of a scan: resample -> window -> scale to 0..1.
 *
 * @param boxOn  the box (half-open indices) on the isotropic grid that it is given
 */
export function processRoi(core: Core, volume: Volume, boxOn: (grid: Geometry) => IndexBox, settings: PreprocessSettings): ProcessedRoi {
  const range = rangeFor(volume, settings.window);
  const grid = isotropicGrid(volume, settings.spacing);
  const box = boxOn(grid);
  return { roi: scaleToUnit(preprocessRegion(core, volume, box, range, settings), range), box, grid };
}
