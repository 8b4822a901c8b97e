/** Squared Euclidean distance of an f32 point to an f64 centre, summed in f64; the order of the sum is the same in every build. */
function squaredDistance(point: usize, centre: usize, d: i32): f64 {
  let sum = f64x2.splat(0);
  let t = 0;
  for (; t + 2 <= d; t += 2) {
    const at = <usize>t;
    const difference = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(point + (at << 2))), v128.load(centre + (at << 3)));
    sum = f64x2.add(sum, f64x2.mul(difference, difference));
  }
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (t < d) {
    const last = <f64>load<f32>(point + ((<usize>t) << 2)) - load<f64>(centre + ((<usize>t) << 3));
    total += last * last;
  }
  return total;
}

/**
 * Assigns each point to its nearest centre; the first of several at the same distance.
 *
 * @param points      f32 [n, d]
 * @param centres     f64 [k, d], k <= 255
 * @param assignment  u8 [n], overwritten
 * @param distance    f64 [n], overwritten: the squared distance to the centre assigned
 * @returns how many points changed their centre
 */
export function assignToCentres(points: usize, n: i32, d: i32, centres: usize, k: i32, assignment: usize, distance: usize): i32 {
  let changed = 0;
  for (let i = 0; i < n; i++) {
    const point = points + ((<usize>i * <usize>d) << 2);
    let best = f64.MAX_VALUE;
    let nearest = 0;
    for (let c = 0; c < k; c++) {
      const candidate = squaredDistance(point, centres + ((<usize>c * <usize>d) << 3), d);
      if (candidate < best) {
        best = candidate;
        nearest = c;
      }
    }
    const at = assignment + <usize>i;
    if (load<u8>(at) != <u8>nearest) changed++;
    store<u8>(at, <u8>nearest);
    store<f64>(distance + ((<usize>i) << 3), best);
  }
  return changed;
}

/**
 * Moves each centre to the mean of its points; a centre without points stays.
 *
 * @param points      f32 [n, d]
 * @param assignment  u8 [n]
 * @param centres     f64 [k, d], overwritten
 * @param sums        f64 [k, d], scratch
 * @param counts      i32 [k], overwritten: points of each centre
 */
export function meansOfClusters(
  points: usize,
  n: i32,
  d: i32,
  assignment: usize,
  k: i32,
  centres: usize,
  sums: usize,
  counts: usize,
): void {
  memory.fill(sums, 0, (<usize>k * <usize>d) << 3);
  memory.fill(counts, 0, (<usize>k) << 2);
  for (let i = 0; i < n; i++) {
    const c = <usize>load<u8>(assignment + <usize>i);
    const count = counts + (c << 2);
    store<i32>(count, load<i32>(count) + 1);
    const sum = sums + ((c * <usize>d) << 3);
    const point = points + ((<usize>i * <usize>d) << 2);
    for (let t: usize = 0; t < <usize>d; t++) {
      const at = sum + (t << 3);
      store<f64>(at, load<f64>(at) + <f64>load<f32>(point + (t << 2)));
    }
  }
  for (let c: usize = 0; c < <usize>k; c++) {
    const count = load<i32>(counts + (c << 2));
    if (count == 0) continue;
    for (let t: usize = 0; t < <usize>d; t++) {
      const at = (c * <usize>d + t) << 3;
      store<f64>(centres + at, load<f64>(sums + at) / <f64>count);
    }
  }
}
