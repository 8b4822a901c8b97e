// All features of a preset for one scan and one mask, in fixed columns.
import type { Core } from "@islet/core-wasm";
import { inPieces } from "../pieces.ts";
import type { Mask, Volume } from "../volume.ts";
import { prepareRegion } from "./chain.ts";
import { discretise } from "./discretise.ts";
import { featureNames, gatherParts, PARTS, wantedParts, type Measured } from "./families.ts";
import { NO_VOXEL, NOT_FINITE, type FeatureValues } from "./feature.ts";
import { intensitiesInside } from "./inside.ts";
import { shapeOf } from "./morphology.ts";
import type { Shape } from "./morphology-features.ts";
import type { GreyLevels, Region } from "./region.ts";
import type { RadiomicsSettings } from "./settings.ts";

/**
 * Every feature that the settings select, for one scan and one mask.
 *
 * @param mask  on the volume's grid, at least one voxel inside
 * @returns a value for every name of `featureNames`, in their order; null with a reason where there is none
 * @throws IntakeError when the mask is empty; ConfigError when the settings do not fit the image (bins far too small)
 */
export function extractFeatures(core: Core, volume: Volume, mask: Mask, settings: RadiomicsSettings): FeatureValues {
  const region = prepareRegion(core, volume, mask, settings.chain);
  return extractRegion(core, region, region && shapeWanted(region, settings), settings);
}

/**
 * Every feature of a prepared region, one part after another.
 *
 * @param region  null where the mask has no voxel on the grid of the features
 * @param shape   of its morphological mask; null where the settings want no morphology
 * @throws ConfigError when the settings do not fit the image
 */
export function extractRegion(core: Core, region: Region | null, shape: Shape | null, settings: RadiomicsSettings): FeatureValues {
  if (region === null) return noFeatures(settings, TOO_SMALL);
  const found = intensitiesOf(region, settings);
  if (found === null) return noFeatures(settings, NOT_FINITE);
  const measured: Measured = { core, region, settings, intensities: () => found };
  const parts = wantedParts(settings).map((k) => PARTS[k]!.compute(measured));
  return named(gatherParts(settings, shape, parts));
}

/** Why a mask has no features where its region has no voxel on the grid of the features. */
const TOO_SMALL = "the region is smaller than a voxel of the grid on which features are computed";

/** The shape of a region where the settings ask for morphology. */
export function shapeWanted(region: Pick<Region, "shape" | "spacing" | "morphological">, { select }: RadiomicsSettings): Shape | null {
  return select.morphology ? shapeOf(region) : null;
}

/**
 * The intensities of a prepared region and their grey levels; null where one of them is not finite.
 *
 * @throws ConfigError when the settings do not fit them
 */
export function intensitiesOf(
  region: Region,
  { chain }: RadiomicsSettings,
): { readonly inside: Float32Array; readonly greyLevels: GreyLevels | null } | null {
  const inside = intensitiesInside(region);
  let found = 0;
  inPieces(inside.length, (from, to) => (found += notFinite(inside, from, to)));
  return found > 0 ? null : { inside, greyLevels: discretise(region, chain.discretisation, chain.resegmentation?.low ?? null, inside) };
}

function notFinite(values: Float32Array, from: number, to: number): number {
  let found = 0;
  for (let i = from; i < to; i++) if (values[i]! - values[i]! !== 0) found++;
  return found;
}

/** Why a prepared region, whose morphological mask is never empty, has no voxel. */
const EMPTIED = "re-segmentation left no voxel of the region";

/** The features of a prepared region, with the reason for the lack of voxels that applies to it. */
export function named({ features, reasons }: FeatureValues): FeatureValues {
  return {
    features,
    reasons: Object.fromEntries(Object.entries(reasons).map(([name, reason]) => [name, reason === NO_VOXEL ? EMPTIED : reason])),
  };
}

/** Null for every column, for one reason. */
export function noFeatures(settings: RadiomicsSettings, reason: string): FeatureValues {
  const names = featureNames(settings);
  return {
    features: Object.fromEntries(names.map((name) => [name, null])),
    reasons: Object.fromEntries(names.map((name) => [name, reason])),
  };
}
