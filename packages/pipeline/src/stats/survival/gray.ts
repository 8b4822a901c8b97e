import { ConfigError, ShapeError } from "../../errors.ts";
import { inverseForm } from "../cholesky.ts";
import { chiSquareUpperTail } from "../distributions.ts";
import { byStratum, type FollowUp } from "./follow-up.ts";
import { risingOrder } from "../rising-order.ts";

/** Gray's comparison of cumulative incidence between groups. */
export interface GrayTest {
  /** NaN where the groups cannot be told apart by any event. */
  readonly chi2: number;
  readonly df: number;
  readonly p: number;
}

/** What holds at one time with events, by group. */
interface Moment {
  readonly atRisk: Float64Array;
  /** Events of the cause, and of the other one. */
  readonly d1: Float64Array;
  readonly d2: Float64Array;
  /** Survival free of either event just before the time, and after it. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Cumulative incidence of the cause in the group, just before. */
  readonly incidence: Float64Array;
  /** Pooled cumulative incidence under equality, before and after. */
  readonly pooledBefore: number;
  readonly pooled: number;
  /** h = at risk / survival before, and its sum. */
  readonly h: Float64Array;
  readonly hSum: number;
  readonly events: number;
}

/**
 * Gray's test of equal cumulative incidence of an event in k groups, in the presence of a competing event.
 *
 *   h_r = n_r / S_r(t-),   R_r = h_r (1 - F_r(t-)),   pooled dF = d1 / sum h
 *   score z_k = sum over times of  d1_k - d1 R_k / sum R
 *   a_kr = h_r ([k = r] - h_k / sum h),   c_kr(t) = sum over u <= t of  a_kr dF / (1 - F(u-)),   g = (1 - F(t)) / S_r(t)
 *   cov(z_k, z_l) = sum over r and times of
 *       A_k A_l  S_r(t-) dF / n_r        with A_k = a_kr + (1 - g) (c_kr(end) - c_kr(t))        the event itself
 *     + B_k B_l  S_r(t-)^2 d2_r / n_r^2  with B_k = g (c_kr(end) - c_kr(t))                     the competing event
 *   chi2 = z' cov^-1 z over all groups but one,  df = k - 1
 *
 * The A and B are what an event adds to the score, directly and through the estimates of S and F. With m tied events the variances shrink by
 * 1 - (m - 1) / (M - 1), M = S_r(t-) sum h for the event and n_r for the competing one. Where S_r(t) is 0, g is 0 and the competing term falls away.
 *
 * @param data    event 0 = censored, 1 and 2 = the competing events
 * @param group   0 .. k - 1 a patient
 * @param cause   which event is compared
 * @param strata  any whole number from 0 a patient; groups are compared within strata
 * @throws ConfigError with fewer than two groups that hold patients, or when nobody has the event
 * @see Gray 1988, Annals of Statistics 16, with rho = 0; cmprsk's cuminc
 */
export function grayTest(
  { time, event }: FollowUp,
  group: ArrayLike<number>,
  k: number,
  cause: 1 | 2,
  strata?: ArrayLike<number>,
): GrayTest {
  if (group.length !== time.length) throw new ShapeError(`gray: ${group.length} groups for ${time.length} patients; give one a patient`);
  if (new Set(Array.from(group)).size < 2) throw new ConfigError("gray", "a comparison needs patients in two groups or more; got 1");
  if (!event.includes(cause)) throw new ConfigError("gray", `a comparison needs at least one event ${cause}; nobody has one`);
  const score = new Float64Array(k);
  const covariance = new Float64Array(k * k);
  for (const rows of byStratum(risingOrder(time), strata)) {
    const walk = (visit: (moment: Moment) => void) => eachMoment(rows, time, event, group, k, cause, visit);
    addStratum(walk, k, score, covariance);
  }
  const df = k - 1;
  const inner = Float64Array.from({ length: df * df }, (_, i) => covariance[Math.floor(i / df) * k + (i % df)]!);
  const chi2 = inverseForm(inner, score.subarray(0, df), df);
  return { chi2, df, p: Number.isNaN(chi2) ? Number.NaN : chiSquareUpperTail(chi2, df) };
}

/** Adds a stratum's scores and covariances: once through its times for c at the end, once more for the sums. */
function addStratum(walk: (visit: (moment: Moment) => void) => void, k: number, score: Float64Array, covariance: Float64Array): void {
  const aAt = ({ h, hSum }: Moment, i: number, r: number) => h[r]! * ((i === r ? 1 : 0) - h[i]! / hSum);
  const addTo = (c: Float64Array, moment: Moment) => {
    const step = (moment.pooled - moment.pooledBefore) / (1 - moment.pooledBefore);
    for (let i = 0; i < k; i++) for (let r = 0; r < k; r++) c[i * k + r]! += aAt(moment, i, r) * step;
  };
  const end = new Float64Array(k * k);
  walk((moment) => addTo(end, moment));
  const c = new Float64Array(k * k);
  const effect = new Float64Array(k);
  const addProducts = (variance: number) => {
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) covariance[i * k + j]! += effect[i]! * effect[j]! * variance;
  };
  walk((moment) => {
    const { atRisk, d1, d2, before, after, incidence, pooled, h, hSum, events } = moment;
    addTo(c, moment);
    const rSum = h.reduce((sum, value, r) => sum + value * (1 - incidence[r]!), 0);
    for (let i = 0; i < k; i++) score[i]! += d1[i]! - (events * h[i]! * (1 - incidence[i]!)) / rSum;
    for (let r = 0; r < k; r++) {
      if (atRisk[r] === 0) continue;
      const g = after[r]! > 0 ? (1 - pooled) / after[r]! : 0;
      if (events > 0) {
        const ties = events > 1 ? 1 - (events - 1) / (hSum * before[r]! - 1) : 1;
        for (let i = 0; i < k; i++) effect[i] = aAt(moment, i, r) + (1 - g) * (end[i * k + r]! - c[i * k + r]!);
        addProducts((ties * before[r]! * events) / (hSum * atRisk[r]!));
      }
      if (d2[r]! > 0 && g > 0) {
        const ties = d2[r]! > 1 ? 1 - (d2[r]! - 1) / (atRisk[r]! - 1) : 1;
        for (let i = 0; i < k; i++) effect[i] = g * (end[i * k + r]! - c[i * k + r]!);
        addProducts((ties * before[r]! ** 2 * d2[r]!) / atRisk[r]! ** 2);
      }
    }
  });
}

/** Visits the times with an event of either kind, rising; the arrays are used again for the next. */
function eachMoment(
  rows: Uint32Array,
  time: Float64Array,
  event: Uint8Array,
  group: ArrayLike<number>,
  k: number,
  cause: 1 | 2,
  visit: (moment: Moment) => void,
): void {
  const [atRisk, leaving, d1, d2, after, incidence, h] = Array.from({ length: 7 }, () => new Float64Array(k)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  after.fill(1);
  for (const row of rows) atRisk[group[row]!]!++;
  let pooled = 0;
  for (let first = 0, end = 0; first < rows.length; first = end) {
    for (const counts of [leaving, d1, d2]) counts.fill(0);
    let events = 0;
    let others = 0;
    for (; end < rows.length && time[rows[end]!] === time[rows[first]!]; end++) {
      const row = rows[end]!;
      const g = group[row]!;
      leaving[g]!++;
      if (event[row] === 0) continue;
      if (event[row] === cause) {
        d1[g]!++;
        events++;
      } else {
        d2[g]!++;
        others++;
      }
    }
    if (events + others > 0) {
      const before = after.slice();
      let hSum = 0;
      for (let r = 0; r < k; r++) {
        h[r] = atRisk[r]! > 0 ? atRisk[r]! / before[r]! : 0;
        hSum += h[r]!;
        if (atRisk[r]! > 0) after[r]! *= 1 - (d1[r]! + d2[r]!) / atRisk[r]!;
      }
      const pooledBefore = pooled;
      pooled += events / hSum;
      visit({ atRisk, d1, d2, before, after, incidence, pooledBefore, pooled, h, hSum, events });
      for (let r = 0; r < k; r++) if (atRisk[r]! > 0) incidence[r]! += (before[r]! * d1[r]!) / atRisk[r]!;
    }
    for (let r = 0; r < k; r++) atRisk[r]! -= leaving[r]!;
  }
}
