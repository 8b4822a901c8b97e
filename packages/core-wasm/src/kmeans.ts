// K-means clustering, as the aggregation of a patient's slices needs it.
import type { Slot } from "./arena.ts";
import type { Core } from "./core.ts";
import { ShapeError } from "./errors.ts";

/** A partition of n points of d numbers into k clusters. */
export interface KMeansResult {
  /** The cluster of each point, 0 .. k-1. */
  readonly assignment: Uint8Array;
  /** The mean of each cluster, row-major [k, d]. */
  readonly centres: Float64Array;
  /** Sum of the squared distances of the points to their centres; smaller is tighter. */
  readonly inertia: number;
}

/** Lloyd's iteration ends by itself when no point changes its cluster; this many rounds are never needed in practice. */
const MAX_ROUNDS = 1000;

/**
 * K-means by Lloyd's iteration from k-means++ starts; of all restarts the one with the smallest inertia, the first on a tie.
 *
 *   minimise  sum over points of  min over centres of |point - centre|^2
 *
 * A restart uses k of the uniforms u: the first centre is point floor(u n), each further one is drawn with a probability proportional to
 * the squared distance to the nearest centre so far (all distances zero: point floor(u n)). A cluster that loses all its points takes
 * the point that lies farthest from its own centre, if any lies away from it. Points are f32, all sums f64; every build gives the same bits.
 *
 * @param points    f32 [n, d]
 * @param uniforms  restarts * k numbers in [0, 1), drawn by the caller
 * @throws ShapeError for 0 points or clusters, more than 255 clusters, more clusters than points, or arrays that do not fit
 * @see Arthur & Vassilvitskii 2007, k-means++
 */
export function kMeans(
  core: Core,
  points: Float32Array,
  n: number,
  d: number,
  k: number,
  restarts: number,
  uniforms: Float64Array,
): KMeansResult {
  if (points.length !== n * d) throw new ShapeError(`kMeans: ${n} points of ${d} numbers are ${n * d} values, points has ${points.length}`);
  if (!(k >= 1 && k <= 255 && k <= n && d >= 1))
    throw new ShapeError(`kMeans: 1 to 255 clusters of at least as many points; ${k} were asked for with ${n} points`);
  if (restarts < 1 || uniforms.length !== restarts * k)
    throw new ShapeError(`kMeans: ${restarts} restarts of ${k} clusters need ${restarts * k} uniforms, ${uniforms.length} came`);
  if (!points.every(Number.isFinite)) throw new ShapeError("kMeans: points holds a value that is not finite");
  return core.arena.scope(() => {
    const slots: Slots = {
      points: core.arena.from(Float32Array, points),
      centres: core.arena.zeros(Float64Array, k * d),
      sums: core.arena.empty(Float64Array, k * d),
      counts: core.arena.empty(Int32Array, k),
      assignment: core.arena.zeros(Uint8Array, n),
      distance: core.arena.zeros(Float64Array, n),
    };
    let best: KMeansResult | null = null;
    for (let restart = 0; restart < restarts; restart++) {
      start(core, slots, n, d, uniforms.subarray(restart * k, (restart + 1) * k));
      const inertia = lloyd(core, slots, n, d, k);
      if (best === null || inertia < best.inertia) best = { assignment: slots.assignment.copy(), centres: slots.centres.copy(), inertia };
    }
    return best!;
  });
}

interface Slots {
  readonly points: Slot<Float32Array>;
  readonly centres: Slot<Float64Array>;
  readonly sums: Slot<Float64Array>;
  readonly counts: Slot<Int32Array>;
  readonly assignment: Slot<Uint8Array>;
  readonly distance: Slot<Float64Array>;
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

/** Index of the point where the running sum of the weights first exceeds u times their total; floor(u n) where all weights are 0. */
function draw(weights: Float64Array, u: number): number {
  const total = sum(weights);
  if (!(total > 0)) return Math.floor(u * weights.length);
  let running = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    running += weights[i]!;
    if (weights[i]! > 0) last = i;
    if (running > u * total) return i;
  }
  return last;
}

/** Places the centres by k-means++, one for each uniform. */
function start({ exports }: Core, { points, centres, assignment, distance }: Slots, n: number, d: number, uniforms: Float64Array): void {
  const rows = points.view();
  const moved = centres.view();
  uniforms.forEach((u, c) => {
    if (c > 0) exports.assignToCentres(points.ptr, n, d, centres.ptr, c, assignment.ptr, distance.ptr);
    const chosen = c === 0 ? Math.floor(u * n) : draw(distance.view(), u);
    moved.set(rows.subarray(chosen * d, (chosen + 1) * d), c * d);
  });
}

/** Runs Lloyd's iteration to its end; the inertia. */
function lloyd({ exports }: Core, { points, centres, sums, counts, assignment, distance }: Slots, n: number, d: number, k: number): number {
  const assign = () => exports.assignToCentres(points.ptr, n, d, centres.ptr, k, assignment.ptr, distance.ptr);
  assign();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const isRefilled = refill(assignment.view(), distance.view(), k);
    exports.meansOfClusters(points.ptr, n, d, assignment.ptr, k, centres.ptr, sums.ptr, counts.ptr);
    if (assign() === 0 && !isRefilled) break;
  }
  return sum(distance.view());
}

/** Gives each empty cluster the point farthest from its centre, the first of several; whether any was given. */
function refill(assignment: Uint8Array, distance: Float64Array, k: number): boolean {
  const counts = new Int32Array(k);
  for (const c of assignment) counts[c]!++;
  let isRefilled = false;
  for (let c = 0; c < k; c++) {
    if (counts[c]! > 0) continue;
    let farthest = 0;
    for (let i = 1; i < distance.length; i++) if (distance[i]! > distance[farthest]!) farthest = i;
    if (distance[farthest] === 0) break;
    counts[assignment[farthest]!]!--;
    assignment[farthest] = c;
    counts[c] = 1;
    distance[farthest] = 0;
    isRefilled = true;
  }
  return isRefilled;
}
