// Newton's method on the free coefficients of a support vector machine's dual, for problems on which pairwise steps crawl:
// a large C on few features. No fused operations.

/** Pivots below this part of the largest diagonal are raised to it: a direction without curvature is then followed to a bound. */
const RIDGE: f64 = 1e-13;

function entry(matrix: usize, m: usize, i: usize, j: usize): usize {
  return matrix + ((i * m + j) << 3);
}

/** Cholesky factor of a symmetric matrix [m, m], in its lower triangle; small pivots are raised. */
function factorise(matrix: usize, m: usize): void {
  let largest: f64 = 0;
  for (let i: usize = 0; i < m; i++) largest = max(largest, load<f64>(entry(matrix, m, i, i)));
  const least = max(largest * RIDGE, f64.MIN_NORMAL_VALUE);
  for (let j: usize = 0; j < m; j++) {
    for (let i: usize = j; i < m; i++) {
      let sum = load<f64>(entry(matrix, m, i, j));
      for (let k: usize = 0; k < j; k++) sum -= load<f64>(entry(matrix, m, i, k)) * load<f64>(entry(matrix, m, j, k));
      if (i == j) sum = Math.sqrt(max(sum, least));
      else sum /= load<f64>(entry(matrix, m, j, j));
      store<f64>(entry(matrix, m, i, j), sum);
    }
  }
}

/** Solves L L' x = b in place. */
function substitute(matrix: usize, m: usize, b: usize): void {
  for (let i: usize = 0; i < m; i++) {
    let sum = load<f64>(b + (i << 3));
    for (let k: usize = 0; k < i; k++) sum -= load<f64>(entry(matrix, m, i, k)) * load<f64>(b + (k << 3));
    store<f64>(b + (i << 3), sum / load<f64>(entry(matrix, m, i, i)));
  }
  for (let r: usize = 0; r < m; r++) {
    const i = m - 1 - r;
    let sum = load<f64>(b + (i << 3));
    for (let k: usize = i + 1; k < m; k++) sum -= load<f64>(entry(matrix, m, k, i)) * load<f64>(b + (k << 3));
    store<f64>(b + (i << 3), sum / load<f64>(entry(matrix, m, i, i)));
  }
}

/**
 * Moves the free coefficients (lower < beta < upper) towards the minimum of the dual over them, as far as the bounds allow.
 *
 * The last free coefficient is eliminated by the constraint sum beta = 0, which leaves the Hessian
 * H[s,t] = K[s,t] - K[s,r] - K[t,r] + K[r,r] and the gradient g[t] - g[r].
 *
 * @param kernel    f64 [n, n]
 * @param gradient  f64 [n], K beta - y, kept up to date
 * @param free      i32 [n], scratch
 * @param matrix    f64 [capacity, capacity], scratch
 * @param direction f64 [capacity + 1], scratch
 * @returns 1 when a coefficient reached its bound, so that another step is worth while; 0 when the minimum was reached, or when
 *          fewer than 2 or more than capacity + 1 coefficients are free
 */
export function newtonOnFree(
  kernel: usize,
  n: i32,
  lower: usize,
  upper: usize,
  beta: usize,
  gradient: usize,
  free: usize,
  matrix: usize,
  direction: usize,
  capacity: i32,
): i32 {
  let count: usize = 0;
  for (let t: usize = 0; t < <usize>n; t++) {
    const value = load<f64>(beta + (t << 3));
    if (value > load<f64>(lower + (t << 3)) && value < load<f64>(upper + (t << 3))) {
      store<i32>(free + (count << 2), <i32>t);
      count++;
    }
  }
  if (count < 2 || count > <usize>capacity + 1) return 0;

  const m = count - 1;
  const rowBytes = <usize>n << 3;
  const r = <usize>load<i32>(free + (m << 2));
  const rowR = kernel + r * rowBytes;
  const krr = load<f64>(rowR + (r << 3));
  const gr = load<f64>(gradient + (r << 3));
  for (let i: usize = 0; i < m; i++) {
    const s = <usize>load<i32>(free + (i << 2));
    const rowS = kernel + s * rowBytes;
    const ksr = load<f64>(rowR + (s << 3));
    for (let j: usize = 0; j <= i; j++) {
      const t = <usize>load<i32>(free + (j << 2));
      store<f64>(entry(matrix, m, i, j), load<f64>(rowS + (t << 3)) - ksr - load<f64>(rowR + (t << 3)) + krr);
    }
    store<f64>(direction + (i << 3), gr - load<f64>(gradient + (s << 3)));
  }
  factorise(matrix, m);
  substitute(matrix, m, direction);
  let last: f64 = 0;
  for (let i: usize = 0; i < m; i++) last -= load<f64>(direction + (i << 3));
  store<f64>(direction + (m << 3), last);

  // The exact minimum along the direction, and the first bound on the way.
  let slope: f64 = 0;
  let curvature: f64 = 0;
  for (let i: usize = 0; i < count; i++) {
    const s = <usize>load<i32>(free + (i << 2));
    const rowS = kernel + s * rowBytes;
    let product: f64 = 0;
    for (let j: usize = 0; j < count; j++) product += load<f64>(rowS + (<usize>load<i32>(free + (j << 2)) << 3)) * load<f64>(direction + (j << 3));
    slope += load<f64>(gradient + (s << 3)) * load<f64>(direction + (i << 3));
    curvature += product * load<f64>(direction + (i << 3));
  }
  if (!(slope < 0)) return 0;
  let length = curvature > 0 ? -slope / curvature : Infinity;
  let blocking: usize = count;
  for (let i: usize = 0; i < count; i++) {
    const at = <usize>load<i32>(free + (i << 2)) << 3;
    const step = load<f64>(direction + (i << 3));
    if (step == 0) continue;
    const room = ((step > 0 ? load<f64>(upper + at) : load<f64>(lower + at)) - load<f64>(beta + at)) / step;
    if (room < length) {
      length = room;
      blocking = i;
    }
  }
  if (!(length < Infinity)) return 0;

  for (let i: usize = 0; i < count; i++) {
    const s = <usize>load<i32>(free + (i << 2));
    const at = s << 3;
    const step = load<f64>(direction + (i << 3));
    const bound = load<f64>((step > 0 ? upper : lower) + at);
    const moved = load<f64>(beta + at) + length * step;
    store<f64>(beta + at, i == blocking || (step > 0 ? moved > bound : moved < bound) ? bound : moved);
    const rowS = kernel + s * rowBytes;
    for (let t: usize = 0; t < rowBytes; t += 8) {
      store<f64>(gradient + t, load<f64>(gradient + t) + length * step * load<f64>(rowS + t));
    }
  }
  return blocking < count ? 1 : 0;
}
