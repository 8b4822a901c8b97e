// How IBSI puts texture matrices together: by slice, over slices, over the volume; direction by direction or all as one.
import { directions, mergeMatrices, neighbours, type Extent, type TextureMatrix } from "@islet/core-wasm";
import type { Triple } from "../volume.ts";
import type { Feature, FeatureValues } from "./feature.ts";
import type { DirectionalAggregation, SliceAggregation } from "./settings.ts";

/** The aggregations of matrices with directions, in IBSI's order. */
export const DIRECTIONAL_AGGREGATIONS: readonly DirectionalAggregation[] = [
  "2D_avg",
  "2D_comb",
  "2_5D_avg",
  "2_5D_comb",
  "3D_avg",
  "3D_comb",
];
/** The aggregations of matrices without directions, in IBSI's order. */
export const SLICE_AGGREGATIONS: readonly SliceAggregation[] = ["2D", "2_5D", "3D"];

/** What an aggregation computes features from: one of them, or several whose features are averaged. */
export type Samples<X> = readonly (readonly [aggregation: string, samples: readonly X[]])[];

/** Length of a direction for its weight; "chebyshev" is what PyRadiomics calls infinity. */
export type DistanceNorm = "none" | "manhattan" | "euclidean" | "chebyshev";

/**
 * Weights of directions where their matrices are merged: the nearer a neighbour, the heavier.
 *
 *   w = exp(-|d|^2),   d the direction in voxels, or in mm where a spacing is given; 1 for the norm "none"
 *
 * @see IBSI 1 reference manual, section 3.6.2 (weighting by distance); PyRadiomics' weightingNorm, which is in mm
 */
export function distanceWeights(offsets: readonly Triple[], norm: DistanceNorm, spacing: Triple = [1, 1, 1]): number[] {
  return offsets.map((offset) => {
    const d = offset.map((step, axis) => Math.abs(step * spacing[axis]!));
    if (norm === "none") return 1;
    if (norm === "manhattan") return Math.exp(-(d.reduce((sum, x) => sum + x, 0) ** 2));
    if (norm === "euclidean") return Math.exp(-d.reduce((sum, x) => sum + x * x, 0));
    return Math.exp(-(Math.max(...d) ** 2));
  });
}

/**
 * The matrices of each aggregation over directions.
 *
 *   2D_avg    a matrix for each slice and direction     2D_comb    for each slice, directions merged
 *   2_5D_avg  for each direction, slices merged         2_5D_comb  one, of all slices and directions
 *   3D_avg    for each direction of the volume          3D_comb    one, of all directions
 *
 * @param distances  Chebyshev distances of the neighbours
 * @param count      counts by slice or over the volume: [slice or volume][direction]
 * @see IBSI 1 reference manual, section 3.6 (figure 3.3)
 */
export function aggregateDirections(
  aggregations: readonly DirectionalAggregation[],
  distances: readonly number[],
  norm: DistanceNorm,
  count: (by: Extent, offsets: readonly Triple[]) => TextureMatrix[][],
): Samples<TextureMatrix> {
  const offsets = { "2D": directions("slice", distances), "2_5D": directions("slice", distances), "3D": directions("volume", distances) };
  const counted = new Map<SliceAggregation, TextureMatrix[][]>();
  return aggregations.map((aggregation) => {
    const [, space, way] = /^(.*)_(avg|comb)$/.exec(aggregation)! as unknown as [string, SliceAggregation, "avg" | "comb"];
    const parts = counted.get(space) ?? count(space === "2D" ? "slice" : "volume", offsets[space]);
    counted.set(space, parts);
    const weights = distanceWeights(offsets[space], norm);
    return [aggregation, way === "avg" ? parts.flat() : parts.map((part) => mergeMatrices(part, weights))];
  });
}

/**
 * The matrices of each aggregation without directions: one for each slice (2D), one of all slices (2_5D), one of the volume (3D).
 *
 * @param distances  Chebyshev distances of the neighbours
 * @param count      counts by slice or over the volume: [slice or volume]
 */
export function aggregateSlices<M>(
  aggregations: readonly SliceAggregation[],
  distances: readonly number[],
  count: (by: Extent, offsets: readonly Triple[]) => M[],
): Samples<M> {
  return aggregations.map((aggregation) => [
    aggregation,
    count(aggregation === "2D" ? "slice" : "volume", neighbours(aggregation === "3D" ? "volume" : "slice", distances)),
  ]);
}

/** The Chebyshev distances of a neighbourhood of this radius: 1..radius. */
export function upTo(radius: number): number[] {
  return Array.from({ length: radius }, (_, k) => k + 1);
}

/**
 * The features of a texture family, each tagged with its aggregation.
 *
 * Where an aggregation has several matrices, a feature is the mean over those for which it is defined: a slice of one voxel, or a
 * direction in which no voxel has a neighbour, takes no part.
 *
 * @param prepare  from a matrix to what the formulas share, one at a time to hold few in memory; null for a matrix without entries
 * @param suffix   what the tags end with besides, such as "_a1"
 * @param missing  why no matrix has entries
 */
export function evaluateSamples<M, X>(
  rows: readonly Feature<X>[],
  samples: Samples<M>,
  prepare: (matrix: M) => X | null,
  missing: string,
  suffix = "",
): FeatureValues {
  const features: Record<string, number | null> = {};
  const reasons: Record<string, string> = {};
  for (const [aggregation, matrices] of samples) {
    const sums = new Float64Array(rows.length);
    const defined = new Int32Array(rows.length);
    let present = 0;
    for (const matrix of matrices) {
      const x = prepare(matrix);
      if (x === null) continue;
      present++;
      rows.forEach(({ compute }, k) => {
        const value = compute(x);
        if (!Number.isFinite(value)) return;
        sums[k]! += value;
        defined[k]!++;
      });
    }
    rows.forEach(({ name, undefinedWhen }, k) => {
      const tag = `${name}_${aggregation}${suffix}`;
      features[tag] = defined[k]! > 0 ? sums[k]! / defined[k]! : null;
      if (features[tag] === null) reasons[tag] = present === 0 ? missing : (undefinedWhen ?? "the definition gives no finite value here");
    });
  }
  return { features, reasons };
}
