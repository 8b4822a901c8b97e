// The grey level run length features of IBSI 1: how long grey levels last along a direction.
import { type Core, runLengths } from "@islet/core-wasm";
import { aggregateDirections, DIRECTIONAL_AGGREGATIONS, evaluateSamples, type DistanceNorm } from "./aggregation.ts";
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
import type { DirectionalAggregation } from "./settings.ts";

/** How run lengths are counted. */
export interface GlrlmSettings {
  /** How merged directions are weighted by their length in voxels; "none" when left out. */
  readonly weighting?: DistanceNorm;
}

/**
 * The 16 run length features of a region for each aggregation, by their IBSI tags (`rlm_sre_3D_comb`, ...).
 *
 * @param roi  the discretised region; null where no voxel is left in it
 * @returns    null with a reason everywhere where the region is empty
 * @see IBSI 1 reference manual, section 3.7 (TP0I)
 */
export function glrlmFeatures(
  core: Core,
  roi: GreyLevels | null,
  aggregations: readonly DirectionalAggregation[],
  { weighting = "none" }: GlrlmSettings = {},
): FeatureValues {
  const matrices = aggregateDirections(aggregations, [1], weighting, (by, offsets) => (roi ? runLengths(core, roi, by, offsets) : []));
  return evaluateSamples(GLRLM, matrices, levelMatrix, NO_VOXEL);
}

const row = (name: string, ibsiId: string, formula: string, compute: (x: LevelMatrix) => number): Feature<LevelMatrix> => ({
  name: `rlm_${name}`,
  ibsiId,
  family: "grey level run length",
  unit: "1",
  formula,
  aggregations: DIRECTIONAL_AGGREGATIONS,
  compute,
});

/** The run length features, in the order of IBSI's reference manual; their tags go on with the aggregation. s(i,j) counts runs of j voxels of grey level i. */
export const GLRLM: readonly Feature<LevelMatrix>[] = [
  row("sre", "22OV", "sum s(i,j) / j^2 / Ns", smallEmphasis),
  row("lre", "W4KF", "sum s(i,j) j^2 / Ns", largeEmphasis),
  row("lgre", "V3SW", "sum s(i,j) / i^2 / Ns", lowLevelEmphasis),
  row("hgre", "G3QZ", "sum s(i,j) i^2 / Ns", highLevelEmphasis),
  row("srlge", "HTZT", "sum s(i,j) / (i^2 j^2) / Ns", smallLowEmphasis),
  row("srhge", "GD3A", "sum s(i,j) i^2 / j^2 / Ns", smallHighEmphasis),
  row("lrlge", "IVPO", "sum s(i,j) j^2 / i^2 / Ns", largeLowEmphasis),
  row("lrhge", "3KUM", "sum s(i,j) i^2 j^2 / Ns", largeHighEmphasis),
  row("glnu", "R5YN", "sum s(i)^2 / Ns", levelNonUniformity),
  row("glnu_norm", "OVBL", "sum s(i)^2 / Ns^2", normalisedLevelNonUniformity),
  row("rlnu", "W92Y", "sum s(j)^2 / Ns", sizeNonUniformity),
  row("rlnu_norm", "IC23", "sum s(j)^2 / Ns^2", normalisedSizeNonUniformity),
  row("r_perc", "9ZK5", "Ns / Nv", percentage),
  row("gl_var", "8CE5", "sum (i - mean)^2 s(i,j) / Ns", levelVariance),
  row("rl_var", "SXLW", "sum (j - mean)^2 s(i,j) / Ns", sizeVariance),
  row("rl_entr", "HJ9O", "- sum p log2 p, p = s(i,j) / Ns", levelSizeEntropy),
];
