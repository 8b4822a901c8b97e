// What each feature adds to a patient's risk, against the average training patient's.
import type { Core } from "@islet/core-wasm";
import { predictEnsemble } from "../learn/ensemble.ts";
import type { FeatureTable } from "../learn/feature-table.ts";
import type { ScoringFold } from "../learn/fold-model.ts";
import { riskSlope } from "../learn/risk-slope.ts";
import type { BundleReference } from "../study/bundle/schema.ts";

/** One feature's part of a risk. */
export interface FeatureContribution {
  readonly name: string;
  /** The block or variable that it belongs to. */
  readonly of: string;
  /** Null where it was missing and filled. */
  readonly value: number | null;
  /** Against the internal cohort, in standard deviations. */
  readonly z: number;
  /** Added to the risk; below 0 it lowers it. */
  readonly contribution: number;
}

/** A patient's risk taken apart: risk = baseline + the sum of the contributions + unexplained. */
export interface Contributions {
  /** Risk of a patient with the training patients' mean in every feature. */
  readonly baseline: number;
  /** What the sum along the way misses: 0 but for rounding where the risk is smooth. */
  readonly unexplained: number;
  /** The same summed over blocks and variables, the largest first. */
  readonly groups: readonly { readonly of: string; readonly contribution: number }[];
  /** Of every feature that some fold model has, the largest first. */
  readonly features: readonly FeatureContribution[];
}

/** Points of the sum along the way. Exact for a risk that is a polynomial of degree 15. */
const POINTS = 8;

/**
 * Takes a risk apart by integrated gradients.
 *
 *   c_j = (x_j - b_j) * integral over t from 0 to 1 of  d risk / d x_j  at  b + t (x - b),        sum of c_j = risk(x) - risk(b)
 *
 * with b the average training patient. For a decision that is linear in the features, parts are in proportion to weight times difference; for any
 * other it is the one way of sharing that adds up, gives nothing to a feature without influence and does not depend on how the model is written.
 * Of features that repeat each other, it shares as the models do: it says what the models used, not what causes the disease.
 *
 * @param table  one row, as for `predictEnsemble`
 * @param z      of the reference's features
 * @see Sundararajan, Taly & Yan 2017; Aumann & Shapley 1974
 */
export function contributionsOf(
  core: Core,
  folds: readonly ScoringFold[],
  table: FeatureTable,
  { features }: BundleReference,
  z: readonly number[],
): Contributions {
  const whole = withoutGaps(table, features);
  const place = new Map(features.map(({ name }, j) => [name, j]));
  const at = new Map(table.names.map((name, j) => [name, j]));
  const names = [...new Set(folds.flatMap((fold) => fold.features))].filter((name) => at.has(name) && place.has(name));
  const average = names.map((name) => features[place.get(name)!]!.mean);
  const along = (t: number): FeatureTable => {
    const values = whole.values.slice();
    names.forEach((name, k) => (values[at.get(name)!] = average[k]! + t * (whole.values[at.get(name)!]! - average[k]!)));
    return { ...whole, values };
  };
  const sums = new Float64Array(names.length);
  for (const { node, weight } of gaussLegendre(POINTS)) {
    const slope = riskSlope(core, folds, along(node));
    const gradient = new Map(slope.names.map((name, k) => [name, slope.gradient[k]!]));
    names.forEach((name, k) => (sums[k]! += weight * (gradient.get(name) ?? 0)));
  }
  const baseline = predictEnsemble(core, folds, along(0))[0]!;
  const parts = names.map((name, k): FeatureContribution => {
    const j = place.get(name)!;
    const value = table.values[at.get(name)!]!;
    return {
      name,
      of: features[j]!.of,
      value: Number.isFinite(value) ? value : null,
      z: z[j]!,
      contribution: sums[k]! * (whole.values[at.get(name)!]! - average[k]!),
    };
  });
  parts.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.name < b.name ? -1 : 1));
  const groups = [...new Set(parts.map(({ of }) => of))].map((of) => ({
    of,
    contribution: parts.filter((part) => part.of === of).reduce((sum, { contribution }) => sum + contribution, 0),
  }));
  groups.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.of < b.of ? -1 : 1));
  const explained = parts.reduce((sum, { contribution }) => sum + contribution, 0);
  const risk = predictEnsemble(core, folds, table)[0]!;
  return { baseline, unexplained: risk - baseline - explained, groups, features: parts };
}

/** A missing value stands at the internal median, near where the fold models fill it: the way to it has no slope that is not a number. */
function withoutGaps(table: FeatureTable, features: BundleReference["features"]): FeatureTable {
  const median = new Map(features.map((feature) => [feature.name, feature.median]));
  return { ...table, values: table.values.map((value, j) => (Number.isFinite(value) ? value : (median.get(table.names[j]!) ?? 0))) };
}

/**
 * Nodes and weights of Gauss and Legendre's quadrature on 0..1.
 *
 * @see Golub & Welsch 1969; here by Newton's steps on the Legendre polynomial
 */
export function gaussLegendre(points: number): { readonly node: number; readonly weight: number }[] {
  return Array.from({ length: points }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (points + 0.5));
    let slope = 1;
    for (let step = 0; step < 50; step++) {
      let [before, value] = [1, x];
      for (let k = 2; k <= points; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
      slope = (points * (x * value - before)) / (x * x - 1);
      const move = value / slope;
      x -= move;
      if (Math.abs(move) < 1e-16) break;
    }
    return { node: (1 - x) / 2, weight: 1 / ((1 - x * x) * slope * slope) };
  });
}
