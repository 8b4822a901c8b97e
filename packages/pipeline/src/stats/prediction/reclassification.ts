import { normalQuantile, normalTwoSided } from "../distributions.ts";
import type { Interval } from "../proportion.ts";

/** A difference with its 95% interval and two-sided P. Without any spread z and p are NaN, or infinite and 0. */
export interface Improvement {
  readonly value: number;
  readonly se: number;
  readonly ci: Interval;
  readonly z: number;
  readonly p: number;
}

/** What a new risk adds to an old one. */
export interface Reclassification {
  /** Net reclassification improvement, -2 .. 2. */
  readonly nri: Improvement;
  /** Patients whose risk (or its category) rises and falls, with and without the event. */
  readonly events: { readonly n: number; readonly up: number; readonly down: number };
  readonly nonEvents: { readonly n: number; readonly up: number; readonly down: number };
  /** Integrated discrimination improvement, -1 .. 1. */
  readonly idi: Improvement;
}

/**
 * Net reclassification and integrated discrimination improvement of a new risk over an old one.
 *
 *   NRI = (up - down) / n among events  -  (up - down) / n among the others
 *   IDI = mean (new - old) among events  -  mean (new - old) among the others
 *   se(NRI)^2 = sum over both of  ( (up + down) / n - ((up - down) / n)^2 ) / n,   se(IDI)^2 = sum of var(new - old) / n
 *
 * Without thresholds every rise counts (the continuous NRI); with thresholds only a rise into a higher category, risk >= threshold.
 * A new risk that is merely better calibrated, or noise with a wider spread, can have a positive NRI: read it beside the AUCs.
 *
 * @param outcome     1 = event, 0 = none; both occur
 * @param before,after  risks 0 .. 1 of the same patients
 * @see Pencina et al. 2008, 2011; Kerr et al. 2014 for the warnings
 */
export function reclassification(
  outcome: ArrayLike<number>,
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  thresholds: readonly number[] = [],
): Reclassification {
  const category = (risk: number) => thresholds.filter((threshold) => risk >= threshold).length;
  const part = (isEvent: boolean) => {
    const rows = Array.from({ length: outcome.length }, (_, i) => i).filter((i) => (outcome[i] !== 0) === isEvent);
    const n = rows.length;
    const moved = rows.map((i) => Math.sign(thresholds.length > 0 ? category(after[i]!) - category(before[i]!) : after[i]! - before[i]!));
    const gained = rows.map((i) => after[i]! - before[i]!);
    const mean = gained.reduce((sum, value) => sum + value, 0) / n;
    const variance = gained.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) / n;
    return { n, up: moved.filter((sign) => sign > 0).length, down: moved.filter((sign) => sign < 0).length, mean, variance };
  };
  const [events, nonEvents] = [part(true), part(false)];
  const net = ({ n, up, down }: typeof events) => (up - down) / n;
  const netVariance = (group: typeof events) => ((group.up + group.down) / group.n - net(group) ** 2) / group.n;
  const count = ({ n, up, down }: typeof events) => ({ n, up, down });
  return {
    nri: improvement(net(events) - net(nonEvents), netVariance(events) + netVariance(nonEvents)),
    events: count(events),
    nonEvents: count(nonEvents),
    idi: improvement(events.mean - nonEvents.mean, events.variance + nonEvents.variance),
  };
}

function improvement(value: number, variance: number): Improvement {
  const se = Math.sqrt(variance);
  const half = normalQuantile(0.975) * se;
  const z = value / se;
  return { value, se, ci: [value - half, value + half], z, p: normalTwoSided(z) };
}
