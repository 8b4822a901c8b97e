// The neighbouring grey level dependence features of IBSI 1: how many neighbours of a voxel have a grey level close to its own.
import { type Core, dependences } from "@islet/core-wasm";
import { aggregateSlices, evaluateSamples, SLICE_AGGREGATIONS, upTo } from "./aggregation.ts";
import { NO_VOXEL, type Feature, type FeatureValues } from "./feature.ts";
import {
  levelMatrix,
  highLevelEmphasis,
  largeEmphasis,
  largeHighEmphasis,
  largeLowEmphasis,
  levelNonUniformity,
  levelSizeEnergy,
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
import type { SliceAggregation } from "./settings.ts";

/** How dependences are counted. */
export interface NgldmSettings {
  /** Chebyshev radius of the neighbourhood, voxels; 1 when left out. */
  readonly radius?: number;
  /** Grey levels this close depend on each other; 0 when left out. */
  readonly alpha?: number;
}

/**
 * The 17 dependence features of a region for each aggregation, by their IBSI tags (`ngl_lde_3D`, ...).
 * A tag carries an alpha beyond 0: `ngl_lde_3D_a1`.
 *
 * @param roi  the discretised region; null where no voxel is left in it
 * @returns    null with a reason everywhere where the region is empty
 * @see IBSI 1 reference manual, section 3.11 (REK0)
 */
export function ngldmFeatures(
  core: Core,
  roi: GreyLevels | null,
  aggregations: readonly SliceAggregation[],
  { radius = 1, alpha = 0 }: NgldmSettings = {},
): FeatureValues {
  const matrices = aggregateSlices(aggregations, upTo(radius), (by, offsets) => (roi ? dependences(core, roi, by, offsets, alpha) : []));
  return evaluateSamples(NGLDM, matrices, levelMatrix, NO_VOXEL, alpha === 0 ? "" : `_a${alpha}`);
}

const row = (name: string, ibsiId: string, formula: string, compute: (x: LevelMatrix) => number): Feature<LevelMatrix> => ({
  name: `ngl_${name}`,
  ibsiId,
  family: "neighbouring grey level dependence",
  unit: "1",
  formula,
  aggregations: SLICE_AGGREGATIONS,
  compute,
});

/** The dependence features, in the order of IBSI's reference manual; their tags go on with the aggregation. s(i,j) counts voxels of grey level i with j - 1 dependent neighbours. */
export const NGLDM: readonly Feature<LevelMatrix>[] = [
  row("lde", "SODN", "sum s(i,j) / j^2 / Ns", smallEmphasis),
  row("hde", "IMOQ", "sum s(i,j) j^2 / Ns", largeEmphasis),
  row("lgce", "TL9H", "sum s(i,j) / i^2 / Ns", lowLevelEmphasis),
  row("hgce", "OAE7", "sum s(i,j) i^2 / Ns", highLevelEmphasis),
  row("ldlge", "EQ3F", "sum s(i,j) / (i^2 j^2) / Ns", smallLowEmphasis),
  row("ldhge", "JA6D", "sum s(i,j) i^2 / j^2 / Ns", smallHighEmphasis),
  row("hdlge", "NBZI", "sum s(i,j) j^2 / i^2 / Ns", largeLowEmphasis),
  row("hdhge", "9QMG", "sum s(i,j) i^2 j^2 / Ns", largeHighEmphasis),
  row("glnu", "FP8K", "sum s(i)^2 / Ns", levelNonUniformity),
  row("glnu_norm", "5SPA", "sum s(i)^2 / Ns^2", normalisedLevelNonUniformity),
  row("dcnu", "Z87G", "sum s(j)^2 / Ns", sizeNonUniformity),
  row("dcnu_norm", "OKJI", "sum s(j)^2 / Ns^2", normalisedSizeNonUniformity),
  row("dc_perc", "6XV8", "Ns / Nv", percentage),
  row("gl_var", "1PFV", "sum (i - mean)^2 s(i,j) / Ns", levelVariance),
  row("dc_var", "DNX2", "sum (j - mean)^2 s(i,j) / Ns", sizeVariance),
  row("dc_entr", "FCBV", "- sum p log2 p, p = s(i,j) / Ns", levelSizeEntropy),
  row("dc_energy", "CAS9", "sum p^2, p = s(i,j) / Ns", levelSizeEnergy),
];
