// The grey level distance zone features of IBSI 1: how far from the border of the region connected zones of one grey level lie.
import { type Core, distanceZones } from "@islet/core-wasm";
import { aggregateSlices, evaluateSamples, SLICE_AGGREGATIONS } from "./aggregation.ts";
import { NO_VOXEL, type Feature, type FeatureValues } from "./feature.ts";
import {
  levelMatrix,
  highLevelEmphasis,
  largeEmphasis,
  largeHighEmphasis,
  largeLowEmphasis,
  levelNonUniformity,
  levelSizeEntropy,
  levelVariance,
  lowLevelEmphasis,
  normalisedLevelNonUniformity,
  normalisedSizeNonUniformity,
  percentage,
  sizeNonUniformity,
  sizeVariance,
  smallEmphasis,
  smallHighEmphasis,
  smallLowEmphasis,
  type LevelMatrix,
} from "./level-matrix.ts";
import type { GreyLevels } from "./region.ts";
import type { ZoneCount } from "./zones.ts";
import type { SliceAggregation } from "./settings.ts";

/**
 * The 16 distance zone features of a region for each aggregation, by their IBSI tags (`dzm_sde_3D`, ...).
 * Zones and distances are as in `distanceZones`: city-block distances to the border of the morphological mask.
 *
 * @param roi  the discretised region; null where no voxel is left in it
 * @param count  counts zones by distance, for who has counted them already
 * @returns    null with a reason everywhere where the region is empty
 * @see IBSI 1 reference manual, section 3.9 (VMDZ)
 */
export function gldzmFeatures(
  core: Core,
  roi: GreyLevels | null,
  aggregations: readonly SliceAggregation[],
  count: ZoneCount = (by, offsets) => (roi ? distanceZones(core, roi, by, offsets) : []),
): FeatureValues {
  const matrices = aggregateSlices(aggregations, [1], count);
  return evaluateSamples(GLDZM, matrices, levelMatrix, NO_VOXEL);
}

const row = (name: string, ibsiId: string, formula: string, compute: (x: LevelMatrix) => number): Feature<LevelMatrix> => ({
  name: `dzm_${name}`,
  ibsiId,
  family: "grey level distance zone",
  unit: "1",
  formula,
  aggregations: SLICE_AGGREGATIONS,
  compute,
});

/** The distance zone features, in the order of IBSI's reference manual; their tags go on with the aggregation. s(i,j) counts zones of grey level i at distance j from the border. */
export const GLDZM: readonly Feature<LevelMatrix>[] = [
  row("sde", "0GBI", "sum s(i,j) / j^2 / Ns", smallEmphasis),
  row("lde", "MB4I", "sum s(i,j) j^2 / Ns", largeEmphasis),
  row("lgze", "S1RA", "sum s(i,j) / i^2 / Ns", lowLevelEmphasis),
  row("hgze", "K26C", "sum s(i,j) i^2 / Ns", highLevelEmphasis),
  row("sdlge", "RUVG", "sum s(i,j) / (i^2 j^2) / Ns", smallLowEmphasis),
  row("sdhge", "DKNJ", "sum s(i,j) i^2 / j^2 / Ns", smallHighEmphasis),
  row("ldlge", "A7WM", "sum s(i,j) j^2 / i^2 / Ns", largeLowEmphasis),
  row("ldhge", "KLTH", "sum s(i,j) i^2 j^2 / Ns", largeHighEmphasis),
  row("glnu", "VFT7", "sum s(i)^2 / Ns", levelNonUniformity),
  row("glnu_norm", "7HP3", "sum s(i)^2 / Ns^2", normalisedLevelNonUniformity),
  row("zdnu", "V294", "sum s(j)^2 / Ns", sizeNonUniformity),
  row("zdnu_norm", "IATH", "sum s(j)^2 / Ns^2", normalisedSizeNonUniformity),
  row("z_perc", "VIWW", "Ns / Nv", percentage),
  row("gl_var", "QK93", "sum (i - mean)^2 s(i,j) / Ns", levelVariance),
  row("zd_var", "7WT1", "sum (j - mean)^2 s(i,j) / Ns", sizeVariance),
  row("zd_entr", "GBDU", "- sum p log2 p, p = s(i,j) / Ns", levelSizeEntropy),
];
