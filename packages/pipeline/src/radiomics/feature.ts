// What a hand-crafted feature is, and what a region's features are.

/** One hand-crafted feature; `X` is what its family computes from. */
export interface Feature<X = never> {
  /** IBSI tag, as in the published reference values. */
  readonly name: string;
  /** Four-character identifier of the IBSI reference manual. */
  readonly ibsiId: string;
  readonly family: string;
  /** "intensity" is the unit of the image (HU for CT), "level" counts grey levels, "1" is none. */
  readonly unit: "intensity" | "intensity^2" | "intensity mm^3" | "level" | "level^2" | "mm" | "mm^2" | "mm^3" | "1/mm" | "1";
  /** The definition in one line. */
  readonly formula: string;
  /** How the family's matrices may be put together, where they may: the tag goes on with one of these (`cm_contrast` + `_3D_comb`). */
  readonly aggregations?: readonly string[];
  /** When the definition gives no value; absent where it always gives one. */
  readonly undefinedWhen?: string;
  /** NaN where the definition gives no value. */
  readonly compute: (x: X) => number;
}

/** Hand-crafted features of one region: a number, or null with its reason. */
export interface FeatureValues {
  readonly features: Record<string, number | null>;
  /** For every null feature, why its definition gives no value. */
  readonly reasons: Record<string, string>;
}

/** Why a region without any voxel has no features. */
export const NO_VOXEL = "the region has no voxel";

/** Why a region that touches such voxels has no features. */
export const NOT_FINITE = "the region holds voxels that are NaN or infinite; re-segment them away, or export the image again";

/**
 * The features of a family.
 *
 * @param x        what the family computes from; null where the region holds nothing to compute from
 * @param missing  why `x` is null
 */
export function evaluate<X>(rows: readonly Feature<X>[], x: X | null, missing = NO_VOXEL): FeatureValues {
  const features: Record<string, number | null> = {};
  const reasons: Record<string, string> = {};
  for (const { name, compute, undefinedWhen } of rows) {
    const value = x === null ? NaN : compute(x);
    features[name] = Number.isFinite(value) ? value : null;
    if (features[name] === null) reasons[name] = x === null ? missing : (undefinedWhen ?? "the definition gives no finite value here");
  }
  return { features, reasons };
}
