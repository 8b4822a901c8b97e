import { ConfigError } from "../../errors.ts";
import { normalQuantile } from "../distributions.ts";
import type { FollowUp } from "./follow-up.ts";
import { risingOrder } from "../rising-order.ts";

/** Cumulative incidence of one of two competing events: one entry for every distinct time, rising. */
export interface IncidenceCurve {
  readonly n: number;
  /** Patients with the event. */
  readonly events: number;
  readonly time: Float64Array;
  readonly atRisk: Float64Array;
  /** Events of the cause at the time. */
  readonly occurred: Float64Array;
  readonly incidence: Float64Array;
  readonly se: Float64Array;
  /** NaN while the incidence is 0. */
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

/**
 * The Aalen-Johansen estimate of the probability that event `cause` happens by a time, before the other one.
 *
 *   F(t) = sum over times u <= t of  S(u-) d_cause(u) / n(u),       S the Kaplan-Meier curve of either event
 *   var F(t) = sum over u <= t of  (F(t) - F(u))^2 d / (n (n - d))  +  S(u-)^2 d_cause (n - d_cause) / n^3  -  2 (F(t) - F(u)) S(u-) d_cause / n^2
 *   interval exp( log F -+ z se / F ), clipped at 1
 *
 * d counts events of either kind. One minus a Kaplan-Meier curve that censors the other event overstates the incidence; this does not.
 *
 * @param data   event 0 = censored, 1 and 2 = the competing events
 * @throws ConfigError without patients
 * @see Aalen & Johansen 1978; Marubini & Valsecchi 1995 for the variance, the same as R's survfit gives (infinitesimal jackknife)
 */
export function aalenJohansen({ time, event }: FollowUp, cause: 1 | 2, confidence = 0.95): IncidenceCurve {
  const n = time.length;
  if (n === 0) throw new ConfigError("cumulative incidence", "a curve needs at least one patient; the group is empty");
  const order = risingOrder(time);
  const rows: { time: number; atRisk: number; occurred: number; incidence: number; se: number; lo: number; hi: number }[] = [];
  const z = normalQuantile(1 - (1 - confidence) / 2);
  let [events, survival, incidence] = [0, 1, 0];
  // sums over times of the three terms, expanded in powers of F(t)
  let [a0, a1, a2, b, c0, c1] = [0, 0, 0, 0, 0, 0];
  for (let first = 0, end = 0; first < n; first = end) {
    const t = time[order[first]!]!;
    const atRisk = n - first;
    let either = 0;
    let occurred = 0;
    for (; end < n && time[order[end]!] === t; end++) {
      const code = event[order[end]!]!;
      if (code > 0) either++;
      if (code === cause) occurred++;
    }
    events += occurred;
    incidence += (survival * occurred) / atRisk;
    // with everybody gone F rises no more, and the first term stays 0
    const a = either > 0 && either < atRisk ? either / (atRisk * (atRisk - either)) : 0;
    const c = (survival * occurred) / (atRisk * atRisk);
    a0 += a;
    a1 += a * incidence;
    a2 += a * incidence * incidence;
    b += (survival * survival * occurred * (atRisk - occurred)) / (atRisk * atRisk * atRisk);
    c0 += c;
    c1 += c * incidence;
    survival *= 1 - either / atRisk;
    const variance = incidence * incidence * a0 - 2 * incidence * a1 + a2 + b - 2 * (incidence * c0 - c1);
    const se = Math.sqrt(Math.max(0, variance));
    const half = (z * se) / incidence;
    const [lo, hi] = incidence > 0 ? [incidence * Math.exp(-half), Math.min(1, incidence * Math.exp(half))] : [Number.NaN, Number.NaN];
    rows.push({ time: t, atRisk, occurred, incidence, se, lo, hi });
  }
  const column = (of: Exclude<keyof IncidenceCurve, "n" | "events">) => Float64Array.from(rows, (row) => row[of]);
  return {
    n,
    events,
    time: column("time"),
    atRisk: column("atRisk"),
    occurred: column("occurred"),
    incidence: column("incidence"),
    se: column("se"),
    lo: column("lo"),
    hi: column("hi"),
  };
}
