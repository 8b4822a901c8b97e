// Dealing values to patients so that a cohort of any size has the wanted marginals, with as much of the group's signal as asked for.
import { normalQuantile } from "../stats/distributions.ts";
import type { Random } from "../random.ts";
import type { Spread } from "./marginals.ts";

/**
 * Whole numbers that sum to n in the given proportions, by largest remainders; the first of equals.
 *
 * Where n is the sum of the proportions the numbers are the proportions themselves.
 */
export function apportion(proportions: readonly number[], n: number): number[] {
  const total = proportions.reduce((a, b) => a + b, 0);
  const exact = proportions.map((p) => (p * n) / total);
  const counts = exact.map(Math.floor);
  const byRemainder = exact.map((value, i) => ({ i, rest: value - counts[i]! })).sort((a, b) => b.rest - a.rest || a.i - b.i);
  let left = n - counts.reduce((a, b) => a + b, 0);
  for (const { i } of byRemainder) if (left-- > 0) counts[i]!++;
  return counts;
}

/**
 * n values at the middles of n equally likely parts of a spread, rising: their median and quartiles are those of the spread,
 * whatever the seed.
 *
 * A log-normal spread with median m has an interquartile range of 2 m sinh(0.6745 sigma).
 */
export function quantiles(spread: Spread, n: number): number[] {
  const z = Array.from({ length: n }, (_, i) => normalQuantile((i + 0.5) / n));
  if ("mean" in spread) return z.map((value) => spread.mean + spread.sd * value);
  const sigma = Math.asinh(spread.iqr / (2 * spread.median)) / normalQuantile(0.75);
  return z.map((value) => spread.median * Math.exp(sigma * value));
}

/**
 * Deals a deck of numbers to each group, then lets some patients swap what they got.
 *
 * Each patient joins the swap with probability 1 - signal, and those who joined are dealt anew from what they put in. With signal 1 each group
 * has its own deck to the last card; with signal 0 the values of the cohort are in an order that knows no group. The cohort's own counts are the
 * same at any signal.
 *
 * @param groups  the group of each patient, an index of `decks`
 * @param decks   for each group as many numbers as it has patients
 * @param signal  0 .. 1
 * @param keys    who gets the larger numbers: a key a patient, so that several deals can go together; by default at random
 */
export function deal(
  random: Random,
  groups: readonly number[],
  decks: readonly (readonly number[])[],
  signal: number,
  keys: readonly number[] = groups.map(() => random()),
): number[] {
  const dealt = groups.map(() => Number.NaN);
  const handOut = (patients: readonly number[], cards: readonly number[]) => {
    const places = patients.toSorted((a, b) => keys[a]! - keys[b]!);
    for (const [k, card] of cards.toSorted((a, b) => a - b).entries()) dealt[places[k]!] = card;
  };
  const everyone = groups.map((_, i) => i);
  for (const [g, deck] of decks.entries())
    handOut(
      everyone.filter((i) => groups[i] === g),
      deck,
    );
  const swapping = everyone.filter(() => random() >= signal);
  handOut(
    swapping,
    swapping.map((i) => dealt[i]!),
  );
  return dealt;
}
