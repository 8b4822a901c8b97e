// What a handful of Dice coefficients says about the next patients.
import { randomFor, randomInt } from "../random.ts";
import { tQuantile } from "../stats/distributions.ts";
import { summary } from "../stats/summary.ts";

const RESAMPLES = 10_000;

/** Median and mean of DSC over patients, each with its 95% interval. */
export interface DiceSummary {
  readonly n: number;
  readonly median: number;
  /** Percentile bootstrap; null for fewer than 2 patients. */
  readonly medianCi: readonly [lo: number, hi: number] | null;
  readonly mean: number;
  /** Student's t; null for fewer than 2 patients. */
  readonly meanCi: readonly [lo: number, hi: number] | null;
  readonly least: number;
  readonly most: number;
}

/**
 * Summary of DSC values, one a patient.
 *
 * Patients are drawn with replacement 10 000 times, and the 2.5th and 97.5th percentiles of the medians are the interval of the median.
 * The mean's interval is mean +- t(0.975, n - 1) sd / sqrt(n).
 *
 * @param values  at least one
 * @see Efron & Tibshirani 1993, An introduction to the bootstrap, chapter 13
 */
export function summariseDice(values: readonly number[], seed: number): DiceSummary {
  const { n, mean, sd, median } = summary(Float64Array.from(values));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (n < 2) return { n, median, medianCi: null, mean, meanCi: null, least, most };
  const random = randomFor(seed, "dice-median");
  const medians = new Float64Array(RESAMPLES);
  const drawn = new Float64Array(n);
  for (let b = 0; b < RESAMPLES; b++) {
    for (let i = 0; i < n; i++) drawn[i] = values[randomInt(random, n)]!;
    drawn.sort();
    medians[b] = (drawn[Math.floor((n - 1) / 2)]! + drawn[Math.ceil((n - 1) / 2)]!) / 2;
  }
  medians.sort();
  const at = (q: number) => {
    const h = (RESAMPLES - 1) * q;
    const i = Math.floor(h);
    return medians[i]! + (h - i) * (medians[Math.min(i + 1, RESAMPLES - 1)]! - medians[i]!);
  };
  const half = (tQuantile(0.975, n - 1) * sd) / Math.sqrt(n);
  return { n, median, medianCi: [at(0.025), at(0.975)], mean, meanCi: [mean - half, mean + half], least, most };
}
