// Where a patient stands among those whom the model learnt from: nearest neighbours, and how far from everyone.
import type { FeatureTable } from "../learn/columns/feature-table.ts";
import type { BundleReference } from "../study/bundle/schema.ts";

/** A training patient like the one who is scored; nobody's name is known. */
export interface Neighbour {
  /** Root mean square difference of the features, in standard deviations of the internal cohort. */
  readonly distance: number;
  /** 1 = the event came within the horizon. */
  readonly outcome: 0 | 1;
  readonly timeMonths: number | null;
  /** By the fold models that had not seen the patient. */
  readonly risk: number;
}

/** A feature beyond anything like the training patients'. */
export interface ShiftedFeature {
  readonly name: string;
  readonly value: number;
  readonly range: readonly [lowest: number, highest: number];
  /** In standard deviations from the internal mean. */
  readonly z: number;
}

/** Where a patient stands. */
export interface Standing {
  readonly neighbours: readonly Neighbour[];
  readonly shift: {
    /** Mean distance to the nearest neighbours. */
    readonly distance: number;
    /** Share of the training patients who lie nearer to theirs, percent. */
    readonly percentile: number;
    /** Features far outside those of the training patients, the furthest first. */
    readonly features: readonly ShiftedFeature[];
  };
  /** z-scores of the features, in the reference's order; 0 where a value is missing. */
  readonly z: readonly number[];
}

/** Neighbours that are named, and over which distances are averaged. */
const NEIGHBOURS = 5;

/**
 * A patient's standing.
 *
 *   d(a, b)^2 = sum over features of  share * (z_a - z_b)^2  /  sum over features of  share
 *
 * with z against mean and standard deviation of the internal cohort and share the part of the fold models that have the feature. How new a patient is
 * is the mean distance to the 5 nearest, held against the same of every training patient among the others: no shape of the cohort is assumed. A
 * feature is far out beyond three interquartile ranges from the quartiles (Tukey's outer fence), and beyond everyone of the cohort.
 *
 * @param table  one row with the reference's features
 * @see Ramaswamy et al. 2000 and Sun et al. 2022 for the distance to nearest neighbours as a measure of novelty; Tukey 1977
 */
export function standingOf({ features, patients }: BundleReference, table: FeatureTable): Standing {
  const at = new Map(table.names.map((name, j) => [name, j]));
  const value = (name: string) => table.values[at.get(name) ?? -1] ?? NaN;
  const z = features.map(({ name, mean, sd }) => (Number.isFinite(value(name)) && sd > 0 ? (value(name) - mean) / sd : 0));
  const weights = features.map(({ share }) => share);
  const total = weights.reduce((a, b) => a + b, 0) || 1;
  const distance = (a: readonly number[], b: readonly number[]) =>
    Math.sqrt(weights.reduce((sum, weight, j) => sum + weight * (a[j]! - b[j]!) ** 2, 0) / total);

  const nearest = patients
    .map(({ z: other, ...patient }) => ({ ...patient, distance: distance(z, other) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, NEIGHBOURS)
    .map(({ distance: d, outcome, timeMonths, risk }) => ({ distance: d, outcome, timeMonths, risk }));
  const own = meanOf(nearest.map((one) => one.distance));
  const others = patients.map((one, i) => {
    const distances = patients.flatMap((other, j) => (i === j ? [] : [distance(one.z, other.z)])).sort((a, b) => a - b);
    return meanOf(distances.slice(0, NEIGHBOURS));
  });
  const far = features
    .map(({ name, min, max, q1, q3 }, j) => ({ name, value: value(name), range: [min, max] as const, z: z[j]!, q1, q3 }))
    .filter(({ value: v, range: [min, max], q1, q3 }) => (v < min && v < q1 - 3 * (q3 - q1)) || (v > max && v > q3 + 3 * (q3 - q1)))
    .sort((a, b) => Math.abs(b.z) - Math.abs(a.z))
    .map(({ q1: _q1, q3: _q3, ...feature }) => feature);
  return { neighbours: nearest, shift: { distance: own, percentile: percentileOf(others, own), features: far }, z };
}

/**
 * Share of values below x, those equal to it by half, in percent.
 */
export function percentileOf(values: readonly number[], x: number): number {
  const below = values.filter((value) => value < x).length;
  const equal = values.filter((value) => value === x).length;
  return (100 * (below + equal / 2)) / values.length;
}

function meanOf(values: readonly number[]): number {
  return values.length ? values.reduce((a, b) => a + b, 0) / values.length : 0;
}
