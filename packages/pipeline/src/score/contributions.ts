// What each feature adds to a patient's risk, against the average training patient's.
import type { Core } from "@islet/core-wasm";
import { predictEnsemble } from "../learn/ensemble.ts";
import type { FeatureTable } from "../learn/columns/feature-table.ts";
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
  /** What the sums along the way miss, and a gap that the fold models fill otherwise than with the median. */
  readonly unexplained: number;
  /** The same summed over blocks and variables, the largest first. */
  readonly groups: readonly { readonly of: string; readonly contribution: number }[];
  /** Of every feature that some fold model has, the largest first. */
  readonly features: readonly FeatureContribution[];
}

/** Points of the sum along a part of the way. Exact for a risk that is a polynomial of degree 15. */
const POINTS = 8;

/** A part of the way is halved while its sum misses the risk's rise along it by more than this, times its share of the way. */
const MISS = 1e-6;

/** So often a part is halved at most: a kernel much narrower than 1 / 256 of the way is summed as it is, and what is missed is said. */
const HALVINGS = 8;

/**
 * Takes a risk apart by integrated gradients.
 *
 *   c_j = (x_j - b_j) * integral over t from 0 to 1 of  d risk / d x_j  at  b + t (x - b),        sum of c_j = risk(x) - risk(b)
 *
 * with b the average training patient. What the sum must give is known on every part of the way, so the parts where it does not are halved: kernels of an SVM may be
 * narrow beside the distance from the average. For a decision that is linear in the features, parts are in proportion to weight times difference; for any
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
  const differences = names.map((name, k) => whole.values[at.get(name)!]! - average[k]!);
  const rule = gaussLegendre(POINTS);
  const riskAt = (t: number) => predictEnsemble(core, folds, along(t))[0]!;
  /** The mean slopes between two points of the way, times the way between them. */
  const between = (from: number, to: number, riskFrom: number, riskTo: number, halvings: number): Float64Array => {
    const sums = new Float64Array(names.length);
    for (const { node, weight } of rule) {
      const slope = riskSlope(core, folds, along(from + node * (to - from)));
      const gradient = new Map(slope.names.map((name, k) => [name, slope.gradient[k]!]));
      names.forEach((name, k) => (sums[k]! += weight * (to - from) * (gradient.get(name) ?? 0)));
    }
    const rise = sums.reduce((total, sum, k) => total + sum * differences[k]!, 0);
    if (halvings === 0 || Math.abs(rise - (riskTo - riskFrom)) <= MISS * (to - from)) return sums;
    const middle = (from + to) / 2;
    const riskMiddle = riskAt(middle);
    const second = between(middle, to, riskMiddle, riskTo, halvings - 1);
    return between(from, middle, riskFrom, riskMiddle, halvings - 1).map((sum, k) => sum + second[k]!);
  };
  const baseline = riskAt(0);
  const sums = between(0, 1, baseline, riskAt(1), HALVINGS);
  const parts = names.map((name, k): FeatureContribution => {
    const j = place.get(name)!;
    const value = table.values[at.get(name)!]!;
    return {
      name,
      of: features[j]!.of,
      value: Number.isFinite(value) ? value : null,
      z: z[j]!,
      contribution: sums[k]! * differences[k]!,
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
