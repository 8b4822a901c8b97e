import { normalQuantile } from "../distributions.ts";
import type { SurvivalCurve } from "./kaplan-meier.ts";
import type { TimeInterval } from "./median-survival.ts";

/** A mean survival time up to a limit. */
export interface RestrictedMean extends TimeInterval {
  readonly se: number;
  /** The time up to which the curve was integrated. */
  readonly limit: number;
}

/**
 * Restricted mean survival: the area under the curve up to a limit.
 *
 *   mean = integral of S from 0 to limit
 *   se^2 = sum over event times t <= limit of  A(t)^2 d(t) / ( n(t) (n(t) - d(t)) ),      A(t) = area from t to limit
 *
 * Beyond its last time a curve keeps its last value. R and SPSS differ in the limit: R's print(rmean = "common") takes the longest follow-up
 * of all groups, SPSS (and R's "individual") the longest of each group. SAS multiplies se by sqrt(m / (m - 1)) for m events; R and SPSS do not, and neither do we.
 * The interval is mean -+ z se and may leave [0, limit].
 *
 * @param limit  0 or more, in the unit of the times
 * @see Kaplan & Meier 1958; Miller 1981, Survival analysis. R's print.survfit(print.rmean = TRUE)
 */
export function restrictedMean({ time, atRisk, died, survival }: SurvivalCurve, limit: number, confidence = 0.95): RestrictedMean {
  let end = 0;
  while (end < time.length && time[end]! <= limit) end++;
  let area = 0;
  let variance = 0;
  for (let i = end - 1; i >= 0; i--) {
    area += survival[i]! * ((i + 1 < end ? time[i + 1]! : limit) - time[i]!);
    const left = atRisk[i]! - died[i]!;
    if (left > 0) variance += (area * area * died[i]!) / (atRisk[i]! * left);
  }
  const value = area + (end > 0 ? time[0]! : limit);
  const se = Math.sqrt(variance);
  const half = normalQuantile(1 - (1 - confidence) / 2) * se;
  return { value, se, lo: value - half, hi: value + half, limit };
}
