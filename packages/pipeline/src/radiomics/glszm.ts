// The grey level size zone features of IBSI 1: how large connected zones of one grey level are.
import { type Core, sizeZones } from "@islet/core-wasm";
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
 * The 16 size zone features of a region for each aggregation, by their IBSI tags (`szm_sze_3D`, ...).
 *
 * @param roi  the discretised region; null where no voxel is left in it
 * @param count  counts zones by size, for who has counted them already
 * @returns    null with a reason everywhere where the region is empty
 * @see IBSI 1 reference manual, section 3.8 (9SAK)
 */
export function glszmFeatures(
  core: Core,
  roi: GreyLevels | null,
  aggregations: readonly SliceAggregation[],
  count: ZoneCount = (by, offsets) => (roi ? sizeZones(core, roi, by, offsets) : []),
): FeatureValues {
  const matrices = aggregateSlices(aggregations, [1], count);
  return evaluateSamples(GLSZM, matrices, levelMatrix, NO_VOXEL);
}

const row = (name: string, ibsiId: string, formula: string, compute: (x: LevelMatrix) => number): Feature<LevelMatrix> => ({
  name: `szm_${name}`,
  ibsiId,
  family: "grey level size zone",
  unit: "1",
  formula,
  aggregations: SLICE_AGGREGATIONS,
  compute,
});

/** The size zone features, in the order of IBSI's reference manual; their tags go on with the aggregation. s(i,j) counts zones of j connected voxels of grey level i. */
export const GLSZM: readonly Feature<LevelMatrix>[] = [
  row("sze", "5QRC", "sum s(i,j) / j^2 / Ns", smallEmphasis),
  row("lze", "48P8", "sum s(i,j) j^2 / Ns", largeEmphasis),
  row("lgze", "XMSY", "sum s(i,j) / i^2 / Ns", lowLevelEmphasis),
  row("hgze", "5GN9", "sum s(i,j) i^2 / Ns", highLevelEmphasis),
  row("szlge", "5RAI", "sum s(i,j) / (i^2 j^2) / Ns", smallLowEmphasis),
  row("szhge", "HW1V", "sum s(i,j) i^2 / j^2 / Ns", smallHighEmphasis),
  row("lzlge", "YH51", "sum s(i,j) j^2 / i^2 / Ns", largeLowEmphasis),
  row("lzhge", "J17V", "sum s(i,j) i^2 j^2 / Ns", largeHighEmphasis),
  row("glnu", "JNSA", "sum s(i)^2 / Ns", levelNonUniformity),
  row("glnu_norm", "Y1RO", "sum s(i)^2 / Ns^2", normalisedLevelNonUniformity),
  row("zsnu", "4JP3", "sum s(j)^2 / Ns", sizeNonUniformity),
  row("zsnu_norm", "VB3A", "sum s(j)^2 / Ns^2", normalisedSizeNonUniformity),
  row("z_perc", "P30P", "Ns / Nv", percentage),
  row("gl_var", "BYLV", "sum (i - mean)^2 s(i,j) / Ns", levelVariance),
  row("zs_var", "3NSA", "sum (j - mean)^2 s(i,j) / Ns", sizeVariance),
  row("zs_entr", "GU8N", "- sum p log2 p, p = s(i,j) / Ns", levelSizeEntropy),
];
