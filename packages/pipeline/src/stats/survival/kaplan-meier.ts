import { ConfigError } from "../../errors.ts";
import { normalQuantile } from "../distributions.ts";
import type { FollowUp } from "./follow-up.ts";
import { risingOrder } from "../rising-order.ts";

/** On which scale the interval of a survival curve is symmetric: of log S (R's default), of S (SPSS), of log(-log S). */
export type ConfidenceType = "log" | "plain" | "log-log";

/** A Kaplan-Meier curve: one entry for every distinct time, events and censorings alike, rising. */
export interface SurvivalCurve {
  readonly n: number;
  /** Patients with the event. */
  readonly events: number;
  readonly time: Float64Array;
  /** Patients followed up to the time or beyond, the numbers at risk. */
  readonly atRisk: Float64Array;
  /** Events at the time. */
  readonly died: Float64Array;
  /** Censored at the time; they count as at risk for its events. */
  readonly censored: Float64Array;
  readonly survival: Float64Array;
  /** Greenwood's standard error of the survival; NaN where the survival is 0. */
  readonly se: Float64Array;
  /** NaN where the survival is 0 and, for log-log, where it is 1. */
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

/**
 * The product-limit estimate of survival.
 *
 *   S(t)  = product over times u <= t of  1 - d(u) / n(u),       d events among n at risk
 *   V(t)  = sum over times u <= t of  d(u) / ( n(u) (n(u) - d(u)) )          Greenwood: the variance of log S; se = S sqrt(V)
 *   plain    S -+ z S sqrt(V)                          clipped to [0, 1]
 *   log      exp( log S -+ z sqrt(V) )                 clipped at 1
 *   log-log  exp( -exp( log(-log S) +- z sqrt(V) / -log S ) )
 *
 * Times are equal only when they are the same number (R's survfit also merges times that differ by less than a relative 1.5e-8).
 *
 * @param confidence  0.95 for a 95% interval
 * @throws ConfigError without patients
 * @see Kaplan & Meier 1958; Greenwood 1926; Kalbfleisch & Prentice 1980 for log-log. R's survfit(conf.type)
 */
export function kaplanMeier(
  { time, event }: FollowUp,
  { confType = "log", confidence = 0.95 }: { readonly confType?: ConfidenceType; readonly confidence?: number } = {},
): SurvivalCurve {
  const n = time.length;
  if (n === 0) throw new ConfigError("survival", "a curve needs at least one patient; the group is empty");
  const order = risingOrder(time);
  let distinct = 1;
  for (let i = 1; i < n; i++) if (time[order[i]!] !== time[order[i - 1]!]) distinct++;
  const column = () => new Float64Array(distinct);
  const curve = {
    time: column(),
    atRisk: column(),
    died: column(),
    censored: column(),
    survival: column(),
    se: column(),
    lo: column(),
    hi: column(),
  };
  const z = normalQuantile(1 - (1 - confidence) / 2);
  let events = 0;
  let survival = 1;
  let variance = 0;
  for (let i = 0, k = 0; i < n; k++) {
    const t = time[order[i]!]!;
    const atRisk = n - i;
    let died = 0;
    for (; i < n && time[order[i]!] === t; i++) died += event[order[i]!]!;
    events += died;
    survival *= 1 - died / atRisk;
    variance += died === 0 ? 0 : died / (atRisk * (atRisk - died));
    curve.time[k] = t;
    curve.atRisk[k] = atRisk;
    curve.died[k] = died;
    curve.censored[k] = atRisk - died - (n - i);
    curve.survival[k] = survival;
    curve.se[k] = survival * Math.sqrt(variance);
    [curve.lo[k], curve.hi[k]] = interval(survival, Math.sqrt(variance), z, confType);
  }
  return { n, events, ...curve };
}

/** Interval of a survival whose logarithm has the given standard error. */
function interval(survival: number, seOfLog: number, z: number, type: ConfidenceType): [lo: number, hi: number] {
  if (survival === 0 || (type === "log-log" && survival === 1)) return [Number.NaN, Number.NaN];
  if (type === "plain") return [Math.max(0, survival - z * survival * seOfLog), Math.min(1, survival + z * survival * seOfLog)];
  const log = Math.log(survival);
  if (type === "log") return [Math.exp(log - z * seOfLog), Math.min(1, Math.exp(log + z * seOfLog))];
  const half = (z * seOfLog) / -log;
  return [Math.exp(-Math.exp(Math.log(-log) + half)), Math.exp(-Math.exp(Math.log(-log) - half))];
}
