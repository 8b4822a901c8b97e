// What a hand-crafted feature is, and what a region's features are.

/** One hand-crafted feature; `X` is what its family computes from. */
export interface Feature<X = never> {
  /** IBSI tag, as in the published reference values. */
  readonly name: string;
  /** Four-character identifier of the IBSI reference manual. */
  readonly ibsiId: string;
  readonly family: string;
  /** "intensity" is the unit of the image (HU for CT), "1" none. */
  readonly unit: "intensity" | "intensity^2" | "1";
  /** The definition in one line. */
  readonly formula: string;
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
