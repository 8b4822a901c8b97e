// Local intensity of IBSI 1: the brightest neighbourhood of 1 cm^3, inside or across the region's border.
import { sphereMeans, type Core } from "@islet/core-wasm";
import { evaluate, type Feature, type FeatureValues } from "./feature.ts";
import { inPieces } from "../pieces.ts";
import { intensitiesInside } from "./inside.ts";
import type { Region } from "./region.ts";

/** Mean intensities of spheres around voxels of a region. */
interface Peaks {
  /** The highest around a voxel of the highest intensity. */
  readonly local: number;
  /** The highest around any voxel. */
  readonly global: number;
}

/** Radius of a sphere of 1 cm^3, mm: (3 / (4 pi))^(1/3) cm. */
const RADIUS_MM = 10 * (3 / (4 * Math.PI)) ** (1 / 3);

/**
 * The two local intensity features of a region, by their IBSI tags (`loc_peak_loc`, `loc_peak_glob`).
 *
 * A sphere holds every voxel of the image whose centre lies within 6.2 mm of its own centre, also those outside the region; where the
 * image ends, those that there are.
 *
 * @param inside  the region's intensities, by whoever has them already
 * @returns null with a reason when the intensity mask is empty
 * @see IBSI 1 reference manual, section 3.2 (9ST6)
 */
export function localIntensity(core: Core, region: Region, inside = intensitiesInside(region)): FeatureValues {
  return evaluate(LOCAL_INTENSITY, peaks(core, region, inside));
}

/** Local intensity peak: the mean of the sphere around the brightest voxel; of several, the highest. IBSI VJGA. */
function localPeak({ local }: Peaks): number {
  return local;
}

/** Global intensity peak: the highest mean of a sphere around any voxel of the region. IBSI 0F91. */
function globalPeak({ global }: Peaks): number {
  return global;
}

function peaks(core: Core, { shape, spacing, intensity, intensityMask }: Region, inside: Float32Array): Peaks | null {
  const means = sphereMeans(core, intensity, intensityMask, shape, spacing, RADIUS_MM);
  const found = Float64Array.of(-Infinity, -Infinity, -Infinity);
  inPieces(means.length, (from, to) => climb(inside, means, from, to, found));
  return means.length === 0 ? null : { local: found[1]!, global: found[2]! };
}

/** Goes on with the highest intensity, the highest mean around a voxel of that intensity, and the highest mean. */
function climb(values: Float32Array, means: Float64Array, from: number, to: number, found: Float64Array): void {
  let brightest = found[0]!;
  let local = found[1]!;
  let global = found[2]!;
  for (let k = from; k < to; k++) {
    const value = values[k]!;
    const mean = means[k]!;
    if (mean > global) global = mean;
    if (value > brightest) {
      brightest = value;
      local = mean;
    } else if (value === brightest && mean > local) local = mean;
  }
  found.set([brightest, local, global]);
}

const FAMILY = "local intensity";

/** The local intensities, in the order of IBSI's reference manual. */
export const LOCAL_INTENSITY: readonly Feature<Peaks>[] = [
  {
    name: "loc_peak_loc",
    ibsiId: "VJGA",
    family: FAMILY,
    unit: "intensity",
    formula: "mean intensity within 6.2 mm of the brightest voxel",
    compute: localPeak,
  },
  {
    name: "loc_peak_glob",
    ibsiId: "0F91",
    family: FAMILY,
    unit: "intensity",
    formula: "highest mean intensity within 6.2 mm of any voxel of the region",
    compute: globalPeak,
  },
];
