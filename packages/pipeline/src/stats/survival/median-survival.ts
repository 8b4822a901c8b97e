import { normalQuantile } from "../distributions.ts";
import type { SurvivalCurve } from "./kaplan-meier.ts";

/** A survival time with its interval; NaN for a bound, or a time, that the curve does not reach. */
export interface TimeInterval {
  readonly value: number;
  readonly lo: number;
  readonly hi: number;
}

/** As R: how near a survival must come to one half to count as it. */
const TOLERANCE = Math.sqrt(2 ** -52);

/**
 * Median survival as R prints it.
 *
 *   the first time with S <= 1/2; where the curve is flat at 1/2, the middle of that stretch
 *
 * The interval applies the same rule to the two limits of the curve, so it depends on their confidence type, need not be symmetric, and may be open.
 *
 * @see Brookmeyer & Crowley 1982. R's print.survfit, whose tolerance of 1.5e-8 around one half is kept
 */
export function medianAsR({ time, survival, lo, hi }: SurvivalCurve): TimeInterval {
  return { value: crossing(time, survival), lo: crossing(time, lo), hi: crossing(time, hi) };
}

/** First time at which a falling curve is at or below one half, or the middle of a flat stretch there. */
function crossing(time: Float64Array, curve: Float64Array): number {
  const first = curve.findIndex((value) => value < 0.5 + TOLERANCE);
  if (first < 0) return Number.NaN;
  const value = curve[first]!;
  if (Math.abs(value - 0.5) >= TOLERANCE) return time[first]!;
  const next = curve.findIndex((later, i) => i > first && later < value);
  return next < 0 ? time[first]! : (time[first]! + time[next]!) / 2;
}

/**
 * Median survival as SPSS prints it.
 *
 *   median = the first time with S <= 1/2
 *   se     = se(S(median)) / f,    f = (S(u) - S(l)) / (l - u),    u = last event time with S >= 0.55,  l = first with S <= 0.45
 *   interval = median -+ z se,     whatever the confidence type of the curve
 *
 * The density f is a slope around the median, so the interval is symmetric and its lower bound may be below 0.
 *
 * @returns NaN for a median that the curve does not reach; se, lo and hi are NaN where S falls to 0.45 nowhere or is 0 at the median. Without an
 *   event time with S >= 0.55, u is the beginning of follow-up, where S = 1
 * @see IBM SPSS Statistics Algorithms, KM; Collett, Modelling survival data in medical research, 2.4
 */
export function medianAsSpss({ time, died, survival, se }: SurvivalCurve, confidence = 0.95): TimeInterval & { readonly se: number } {
  const at = survival.findIndex((value) => value < 0.5 + TOLERANCE);
  if (at < 0) return { value: Number.NaN, se: Number.NaN, lo: Number.NaN, hi: Number.NaN };
  const upper = survival.findLastIndex((value, i) => value >= 0.55 - TOLERANCE && died[i]! > 0);
  const lower = survival.findIndex((value) => value <= 0.45 + TOLERANCE);
  const [u, su] = upper < 0 ? [0, 1] : [time[upper]!, survival[upper]!];
  const slope = lower < 0 ? Number.NaN : (su - survival[lower]!) / (time[lower]! - u);
  const error = se[at]! / slope;
  const value = time[at]!;
  const half = normalQuantile(1 - (1 - confidence) / 2) * error;
  return { value, se: error, lo: value - half, hi: value + half };
}
