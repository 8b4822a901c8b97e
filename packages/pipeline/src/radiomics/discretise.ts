// Intensities to grey levels.
import { ConfigError } from "../errors.ts";
import { inPieces } from "../pieces.ts";
import { boundingBox, cropGeometry } from "../preprocess/roi.ts";
import { AXIS_ALIGNED, type Triple } from "../volume.ts";
import { intensitiesInside, rangeOf } from "./inside.ts";
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
  const { low: min, high: max } = rangeOf(intensities);
  const level = levelling(discretisation, min, max, lowest);
  const highest = level(max);
  if (!(highest <= MOST_LEVELS)) {
    throw new ConfigError(
      "discretisation",
      `intensities from ${min} to ${max} give ${highest} grey levels, expected at most ${MOST_LEVELS}; choose larger bins, or a fixed number of them`,
    );
  }
  const levels = new Uint16Array(intensities.length);
  if (discretisation.kind === "fixedBinSize") {
    const { size } = discretisation;
    const low = lowestOf(lowest, min);
    inPieces(levels.length, (from, to) => fillBins(intensities, from, to, low, size, levels));
  } else {
    for (let i = 0; i < levels.length; i++) levels[i] = level(intensities[i]!);
  }
  return levels;
}

const lowestOf = (bound: number | null, min: number) => (bound !== null && Number.isFinite(bound) ? bound : min);

function fillBins(intensities: Float32Array, from: number, to: number, low: number, size: number, levels: Uint16Array): void {
  for (let i = from; i < to; i++) levels[i] = Math.floor((intensities[i]! - low) / size) + 1;
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
    const low = lowestOf(lowest, min);
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
 * @param inside  the region's intensities, by whoever has them already
 * @returns null when no voxel is left in the intensity mask
 */
export function discretise(
  region: Region,
  discretisation: Discretisation,
  lowest: number | null,
  inside = intensitiesInside(region),
): GreyLevels | null {
  if (inside.length === 0) return null;
  const { shape, spacing } = region;
  const grid = { shape, spacing, origin: [0, 0, 0] as Triple, direction: AXIS_ALIGNED };
  const box = boundingBox({ ...grid, data: region.morphological });
  const cropped = cropGeometry(grid, box);
  const [nz, ny, nx] = cropped.shape;
  const morphological = new Uint8Array(nz * ny * nx);
  const levels = new Uint16Array(morphological.length);
  const values = greyLevelsOf(inside, discretisation, lowest);
  let used = 0;
  for (let z = 0, to = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, to += nx) {
      const from = ((z + box.from[0]) * shape[1] + y + box.from[1]) * shape[2] + box.from[2];
      used = placeRow(region, from, nx, values, used, morphological, levels, to);
    }
  }
  let ng = 0;
  inPieces(values.length, (from, to) => (ng = highest(values, from, to, ng)));
  return { shape: cropped.shape, spacing, levels, ng, morphological };
}

/** Fills a row of the crop: the mask as it is, and the next grey levels where the row is inside. The number of levels used so far. */
function placeRow(
  { morphological, intensityMask }: Region,
  from: number,
  nx: number,
  values: Uint16Array,
  used: number,
  mask: Uint8Array,
  levels: Uint16Array,
  to: number,
): number {
  let next = used;
  for (let x = 0; x < nx; x++) {
    mask[to + x] = morphological[from + x]!;
    if (intensityMask[from + x] !== 0) levels[to + x] = values[next++]!;
  }
  return next;
}

function highest(values: Uint16Array, from: number, to: number, before: number): number {
  let most = before;
  for (let i = from; i < to; i++) if (values[i]! > most) most = values[i]!;
  return most;
}
