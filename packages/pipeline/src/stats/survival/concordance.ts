import { ConfigError, ShapeError } from "../../errors.ts";
import { byStratum, type FollowUp } from "./follow-up.ts";
import { risingOrder } from "../rising-order.ts";

/** Concordance of a risk score with survival. */
export interface Concordance {
  /** 0 .. 1; one half for a score that carries nothing; NaN when no pair can be compared. */
  readonly c: number;
  /** Infinitesimal jackknife. */
  readonly se: number;
  /** Pairs (weighted, for Uno's C): the earlier event has the higher score, the lower, the same. */
  readonly concordant: number;
  readonly discordant: number;
  readonly tiedScore: number;
}

/**
 * Concordance: the share of comparable pairs in which the patient with the earlier event has the higher risk score, ties in the score counted half.
 *
 *   comparable: i has an event, and j an event later or is censored at that time or later
 *   C = sum of w (concordant + tied / 2) / sum of w,    w = 1 (Harrell) or 1 / G(t_i-)^2 (Uno), G the Kaplan-Meier curve of the censoring
 *   se^2 = sum over patients of (dC / d weight of the patient)^2,     the w taken as known
 *
 * Harrell's C depends on the censoring of the study, Uno's less, up to a time tau. At a tied time events come before censorings, so G(t-) counts
 * censorings before t only, among those still at risk after its events. A Fenwick tree over the ranks of the scores gives O(n log n).
 *
 * @param score  one a patient, higher = earlier event
 * @param tau     events after it are not counted
 * @param strata  any number a patient; only patients of one stratum are compared
 * @throws ShapeError when lengths differ or a score is NaN; ConfigError when no pair can be compared
 * @see Harrell 1982; Uno et al. 2011; R's concordance(reverse = TRUE), timewt "n" and "n/G2", ymax = tau
 */
export function concordance(
  { time, event }: FollowUp,
  score: ArrayLike<number>,
  {
    weights = "harrell",
    tau = Infinity,
    strata,
  }: { readonly weights?: "harrell" | "uno"; readonly tau?: number; readonly strata?: ArrayLike<number> } = {},
): Concordance {
  const n = time.length;
  if (score.length !== n) throw new ShapeError(`concordance: ${score.length} scores for ${n} patients; give one a patient`);
  for (let i = 0; i < n; i++)
    if (Number.isNaN(score[i]!)) throw new ShapeError(`concordance: score ${i} is not a number; leave the patient out or give the score`);
  const order = risingOrder(time);
  const pairs = byStratum(order, strata).map((rows) => countPairs(time, event, score, rows, weights, tau));
  const total = (of: "concordant" | "discordant" | "tiedScore") => pairs.reduce((sum, part) => sum + part[of], 0);
  const [concordant, discordant, tiedScore] = [total("concordant"), total("discordant"), total("tiedScore")];
  const all = concordant + discordant + tiedScore;
  if (!(all > 0)) throw new ConfigError("concordance", "no two patients can be compared; somebody must outlast an event");
  const c = (concordant + tiedScore / 2) / all;
  let variance = 0;
  for (const { won, lost, tied } of pairs)
    for (let k = 0; k < won.length; k++) variance += ((won[k]! + tied[k]! / 2 - c * (won[k]! + tied[k]! + lost[k]!)) / all) ** 2;
  return { c, se: Math.sqrt(variance), concordant, discordant, tiedScore };
}

/** Comparable pairs among the given rows (by rising time): their sums, and by row those it has a part in. */
function countPairs(
  time: Float64Array,
  event: Uint8Array,
  score: ArrayLike<number>,
  order: Uint32Array,
  weights: "harrell" | "uno",
  tau: number,
) {
  const n = order.length;
  const { rank, countBelow } = denseRanks(score, order);
  const weight = weights === "uno" ? censoringWeights(time, event, order) : new Float64Array(n).fill(1);
  const won = new Float64Array(n);
  const lost = new Float64Array(n);
  const tied = new Float64Array(n);
  const seen = rankSums(countBelow.length - 1);
  const pairs = new Float64Array(3);

  const isEvent = new Uint8Array(n);
  for (let k = 0; k < n; k++) isEvent[k] = event[order[k]!] === 1 ? 1 : 0;

  // One pass from the first time to the last; positions k are those of `order`. Who comes later is everybody but those seen.
  const meetEarlierEvents = (k: number, { weightBelow, weightAt }: Readonly<RankSums>) => {
    won[k] = seen.weightAll() - weightBelow - weightAt;
    tied[k] = weightAt;
    lost[k] = weightBelow;
  };
  /** `own` is 1 where the patient's own event is not among those seen yet. */
  const meetLater = (k: number, { countBelow: seenBelow, countAt }: Readonly<RankSums>, own: 0 | 1) => {
    const r = rank[k]!;
    const w = weight[k]!;
    const below = w * (countBelow[r]! - seenBelow);
    const at = w * (countBelow[r + 1]! - countBelow[r]! - countAt - own);
    const above = w * (n - seen.countAll() - own) - below - at;
    won[k]! += below;
    tied[k]! += at;
    lost[k]! += above;
    pairs[0]! += below;
    pairs[1]! += at;
    pairs[2]! += above;
  };
  for (let first = 0, end = 0; first < n; first = end) {
    const t = time[order[first]!]!;
    for (end = first + 1; end < n && time[order[end]!] === t; end++);
    if (end === first + 1) {
      // nobody else at this time: one walk serves both parts
      const sums = seen.query(rank[first]!);
      meetEarlierEvents(first, sums);
      if (isEvent[first] === 1 && t <= tau) meetLater(first, sums, 1);
      seen.add(rank[first]!, isEvent[first] === 1 && t <= tau ? weight[first]! : 0);
      continue;
    }
    for (let k = first; k < end; k++) if (isEvent[k] === 1) meetEarlierEvents(k, seen.query(rank[k]!));
    for (let k = first; k < end; k++) if (isEvent[k] === 1) seen.add(rank[k]!, t <= tau ? weight[k]! : 0);
    if (t <= tau) for (let k = first; k < end; k++) if (isEvent[k] === 1) meetLater(k, seen.query(rank[k]!), 0);
    for (let k = first; k < end; k++) if (isEvent[k] === 0) meetEarlierEvents(k, seen.query(rank[k]!));
    for (let k = first; k < end; k++) if (isEvent[k] === 0) seen.add(rank[k]!, 0);
  }
  const [concordant = 0, tiedScore = 0, discordant = 0] = pairs;
  return { won, lost, tied, concordant, discordant, tiedScore };
}

/** 1 / G(t-)^2 at every event, in the order given (rising times); G is the Kaplan-Meier curve of the censoring, 0 is given to censored patients. */
export function censoringWeights(time: Float64Array, event: Uint8Array, order: Uint32Array): Float64Array {
  const n = order.length;
  const weight = new Float64Array(n);
  let g = 1;
  for (let first = 0, end = 0; first < n; first = end) {
    let atRisk = n - first;
    let censored = 0;
    for (; end < n && time[order[end]!] === time[order[first]!]; end++) {
      if (event[order[end]!] === 1) {
        weight[end] = 1 / (g * g);
        atRisk--;
      } else censored++;
    }
    if (censored > 0) g *= 1 - censored / atRisk;
  }
  return weight;
}

/** Rank of every score in sorted order, equal scores sharing one, and how many scores lie below each rank. */
function denseRanks(score: ArrayLike<number>, order: Uint32Array): { rank: Uint32Array; countBelow: Uint32Array } {
  const scores = new Float64Array(order.length);
  for (let k = 0; k < scores.length; k++) scores[k] = score[order[k]!]!;
  const byScore = risingOrder(scores);
  const rank = new Uint32Array(order.length);
  const countBelow = new Uint32Array(order.length + 1);
  let ranks = 0;
  let last = scores[byScore[0]!];
  for (let k = 0; k < byScore.length; k++) {
    const value = scores[byScore[k]!];
    if (value !== last) countBelow[++ranks] = k;
    last = value;
    rank[byScore[k]!] = ranks;
  }
  countBelow[++ranks] = order.length;
  return { rank, countBelow: countBelow.subarray(0, ranks + 1) };
}

/** What is summed at and below a rank; the same object is filled again by the next query. */
interface RankSums {
  countBelow: number;
  countAt: number;
  weightBelow: number;
  weightAt: number;
}

/** Counts and weights by rank that grow one by one, their sums over lower ranks in O(log ranks) (Fenwick 1994). */
function rankSums(ranks: number) {
  const count = new Float64Array(ranks);
  const weight = new Float64Array(ranks);
  // interleaved, so that a step of the walk touches one cache line
  const tree = new Float64Array(2 * ranks + 2);
  const sums: RankSums = { countBelow: 0, countAt: 0, weightBelow: 0, weightAt: 0 };
  const all = new Float64Array(2);
  return {
    countAll: () => all[0]!,
    weightAll: () => all[1]!,
    add(rank: number, w: number): void {
      all[0]!++;
      all[1]! += w;
      count[rank]!++;
      weight[rank]! += w;
      for (let i = rank + 1; i <= ranks; i += i & -i) {
        tree[2 * i]!++;
        tree[2 * i + 1]! += w;
      }
    },
    query(rank: number): Readonly<RankSums> {
      let c = 0;
      let w = 0;
      for (let i = rank; i > 0; i -= i & -i) {
        c += tree[2 * i]!;
        w += tree[2 * i + 1]!;
      }
      sums.countBelow = c;
      sums.countAt = count[rank]!;
      sums.weightBelow = w;
      sums.weightAt = weight[rank]!;
      return sums;
    },
  };
}
