// Intensities to grey levels.
import { ConfigError } from "../errors.ts";
import { boundingBox, cropGeometry } from "../preprocess/roi.ts";
import { AXIS_ALIGNED, type Triple } from "../volume.ts";
import type { GreyLevels, Region } from "./region.ts";
import type { Discretisation } from "./settings.ts";

/** Grey levels are counted in matrices of Ng x Ng and more; beyond this a bin size was meant for another unit. */
export const MOST_LEVELS = 4096;

/**
 * Grey levels of intensities.
 *
 *   fixedBinSize    level = floor((x - low) / size) + 1,   low = the lower bound of re-segmentation, else the lowest intensity
 *   fixedBinNumber  level = floor(Ng (x - min) / (max - min)) + 1,   Ng at x = max; a flat region is level 1
 *   none            level = x, which must be a whole number from 1
 *
 * @param intensities  those inside the ROI, at least one
 * @param lowest       lower bound of re-segmentation, or null
 * @returns f64 levels, whole numbers from 1, in the order given
 * @throws ConfigError when a bin size is not positive, or gives more levels than matrices are made for
 * @see IBSI 1 reference manual, section 2.7 (4R0B)
 */
export function greyLevelsOf(intensities: Float32Array, discretisation: Discretisation, lowest: number | null): Uint16Array {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < intensities.length; i++) {
    min = Math.min(min, intensities[i]!);
    max = Math.max(max, intensities[i]!);
  }
  const level = levelling(discretisation, min, max, lowest);
  const highest = level(max);
  if (!(highest <= MOST_LEVELS)) {
    throw new ConfigError(
      "discretisation",
      `intensities from ${min} to ${max} give ${highest} grey levels, expected at most ${MOST_LEVELS}; choose larger bins, or a fixed number of them`,
    );
  }
  const levels = new Uint16Array(intensities.length);
  for (let i = 0; i < levels.length; i++) levels[i] = level(intensities[i]!);
  return levels;
}

function levelling(discretisation: Discretisation, min: number, max: number, lowest: number | null): (x: number) => number {
  if (discretisation.kind === "none") {
    if (!(min >= 1)) {
      throw new ConfigError(
        "discretisation",
        `"none" takes intensities as grey levels, whole numbers from 1; the lowest is ${min}. Choose a bin size or number`,
      );
    }
    return (x) => Math.round(x);
  }
  if (discretisation.kind === "fixedBinSize") {
    const { size } = discretisation;
    if (!(size > 0)) throw new ConfigError("discretisation", `a bin's size must be positive; it is ${size}`);
    const low = lowest !== null && Number.isFinite(lowest) ? lowest : min;
    return (x) => Math.floor((x - low) / size) + 1;
  }
  const { number } = discretisation;
  if (!(Number.isInteger(number) && number >= 1))
    throw new ConfigError("discretisation", `the number of bins must be a whole number from 1; it is ${number}`);
  const span = max - min;
  return span === 0 ? () => 1 : (x) => Math.min(number, Math.floor((number * (x - min)) / span) + 1);
}

/**
 * The discretised ROI, cropped to the box of the morphological mask.
 *
 * Ng is the highest level that occurs, also where lower levels are empty; for a fixed bin number it is that number, since the highest
 * intensity fills the last bin.
 *
 * @param lowest  lower bound of re-segmentation, or null
 * @returns null when no voxel is left in the intensity mask
 */
export function discretise(region: Region, discretisation: Discretisation, lowest: number | null): GreyLevels | null {
  if (!region.intensityMask.includes(1)) return null;
  const { shape, spacing } = region;
  const grid = { shape, spacing, origin: [0, 0, 0] as Triple, direction: AXIS_ALIGNED };
  const box = boundingBox({ ...grid, data: region.morphological });
  const cropped = cropGeometry(grid, box);
  const [nz, ny, nx] = cropped.shape;
  const morphological = new Uint8Array(nz * ny * nx);
  const places = new Uint32Array(morphological.length);
  const inside = new Float32Array(morphological.length);
  let count = 0;
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      let from = ((z + box.from[0]) * shape[1] + y + box.from[1]) * shape[2] + box.from[2];
      for (let x = 0; x < nx; x++, i++, from++) {
        morphological[i] = region.morphological[from]!;
        if (region.intensityMask[from] === 0) continue;
        places[count] = i;
        inside[count++] = region.intensity[from]!;
      }
    }
  }
  const values = greyLevelsOf(inside.subarray(0, count), discretisation, lowest);
  const levels = new Uint16Array(nz * ny * nx);
  let ng = 0;
  for (let k = 0; k < values.length; k++) {
    levels[places[k]!] = values[k]!;
    if (values[k]! > ng) ng = values[k]!;
  }
  return { shape: cropped.shape, spacing, levels, ng, morphological };
}
