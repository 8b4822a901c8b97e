// Newton's method on the free coefficients of a support vector machine's dual, for problems on which pairwise steps crawl:
// a large C on few features. No fused operations.

/**
 * A pivot below this part of K[s,s] + K[r,r] is the rounding of a zero: its row depends on those before it, and the dual has no curvature in
 * the direction that the dependence names.
 */
const NO_CURVATURE: f64 = 1e-12;

/** Address of element [i, j] of a matrix with m columns. */
function entry(matrix: usize, m: usize, i: usize, j: usize): usize {
  return matrix + ((i * m + j) << 3);
}

/** Exchanges two rows of the factor, up to column k, and the indices and diagonals that belong to them. */
function exchange(matrix: usize, m: usize, free: usize, pivots: usize, a: usize, b: usize, k: usize): void {
  for (let t: usize = 0; t < k; t++) {
    const value = load<f64>(entry(matrix, m, a, t));
    store<f64>(entry(matrix, m, a, t), load<f64>(entry(matrix, m, b, t)));
    store<f64>(entry(matrix, m, b, t), value);
  }
  const index = load<i32>(free + (a << 2));
  store<i32>(free + (a << 2), load<i32>(free + (b << 2)));
  store<i32>(free + (b << 2), index);
  const pivot = load<f64>(pivots + (a << 3));
  store<f64>(pivots + (a << 3), load<f64>(pivots + (b << 3)));
  store<f64>(pivots + (b << 3), pivot);
}

/**
 * Pivoted Cholesky factorisation of H[s,t] = K[s,t] - K[s,r] - K[t,r] + K[r,r] over the first m free rows; r is the last free row.
 *
 * The next pivot is always the largest in proportion to K[s,s] + K[r,r]. The rows of `free` are reordered.
 *
 * @returns the rank: rows beyond it depend on those before
 */
function factorise(kernel: usize, rowBytes: usize, diagonal: usize, free: usize, m: usize, matrix: usize, pivots: usize): usize {
  const r = <usize>load<i32>(free + (m << 2));
  const rowR = kernel + r * rowBytes;
  const krr = load<f64>(diagonal + (r << 3));
  for (let i: usize = 0; i < m; i++) {
    const s = <usize>load<i32>(free + (i << 2));
    store<f64>(pivots + (i << 3), load<f64>(kernel + s * rowBytes + (s << 3)) - 2 * load<f64>(rowR + (s << 3)) + krr);
  }
  for (let k: usize = 0; k < m; k++) {
    let best = k;
    let largest: f64 = -Infinity;
    for (let i = k; i < m; i++) {
      const s = <usize>load<i32>(free + (i << 2));
      const share = load<f64>(pivots + (i << 3)) / (load<f64>(diagonal + (s << 3)) + krr);
      if (share > largest) {
        largest = share;
        best = i;
      }
    }
    if (!(largest > NO_CURVATURE)) return k;
    if (best != k) exchange(matrix, m, free, pivots, k, best, k);
    const s = <usize>load<i32>(free + (k << 2));
    const rowS = kernel + s * rowBytes;
    const ksr = load<f64>(rowR + (s << 3));
    const root = Math.sqrt(load<f64>(pivots + (k << 3)));
    store<f64>(entry(matrix, m, k, k), root);
    for (let i = k + 1; i < m; i++) {
      const t = <usize>load<i32>(free + (i << 2));
      let sum = load<f64>(rowS + (t << 3)) - ksr - load<f64>(rowR + (t << 3)) + krr;
      for (let q: usize = 0; q < k; q++) sum -= load<f64>(entry(matrix, m, i, q)) * load<f64>(entry(matrix, m, k, q));
      sum /= root;
      store<f64>(entry(matrix, m, i, k), sum);
      store<f64>(pivots + (i << 3), load<f64>(pivots + (i << 3)) - sum * sum);
    }
  }
  return m;
}

/** Solves L' x = b in place, with the first k rows of the factor. */
function substituteBack(matrix: usize, m: usize, k: usize, b: usize): void {
  for (let q: usize = 0; q < k; q++) {
    const i = k - 1 - q;
    let sum = load<f64>(b + (i << 3));
    for (let t = i + 1; t < k; t++) sum -= load<f64>(entry(matrix, m, t, i)) * load<f64>(b + (t << 3));
    store<f64>(b + (i << 3), sum / load<f64>(entry(matrix, m, i, i)));
  }
}

/** The Newton direction over the first m free rows: H x = g[r] - g. */
function newtonDirection(matrix: usize, m: usize, free: usize, gradient: usize, direction: usize): void {
  const gr = load<f64>(gradient + ((<usize>load<i32>(free + (m << 2))) << 3));
  for (let i: usize = 0; i < m; i++) {
    let sum = gr - load<f64>(gradient + ((<usize>load<i32>(free + (i << 2))) << 3));
    for (let q: usize = 0; q < i; q++) sum -= load<f64>(entry(matrix, m, i, q)) * load<f64>(direction + (q << 3));
    store<f64>(direction + (i << 3), sum / load<f64>(entry(matrix, m, i, i)));
  }
  substituteBack(matrix, m, m, direction);
}

/** The direction without curvature in which row `rank` depends on the rows before it, downhill. */
function flatDirection(matrix: usize, m: usize, rank: usize, free: usize, gradient: usize, direction: usize): void {
  for (let i: usize = 0; i < rank; i++) store<f64>(direction + (i << 3), -load<f64>(entry(matrix, m, rank, i)));
  substituteBack(matrix, m, rank, direction);
  store<f64>(direction + (rank << 3), 1);
  for (let i = rank + 1; i < m; i++) store<f64>(direction + (i << 3), 0);
  const gr = load<f64>(gradient + ((<usize>load<i32>(free + (m << 2))) << 3));
  let slope: f64 = 0;
  for (let i: usize = 0; i <= rank; i++) {
    slope += load<f64>(direction + (i << 3)) * (load<f64>(gradient + ((<usize>load<i32>(free + (i << 2))) << 3)) - gr);
  }
  if (slope <= 0) return;
  for (let i: usize = 0; i <= rank; i++) store<f64>(direction + (i << 3), -load<f64>(direction + (i << 3)));
}

/**
 * One step of the free coefficients (lower < beta < upper) towards the minimum of the dual over them, as far as the bounds allow.
 *
 * The last free row, r, is eliminated by the constraint sum beta = 0. Where the rest of them are independent, the step is Newton's; where
 * they are not, it follows a direction without curvature to a bound, so that one coefficient less is free.
 *
 * @param kernel     f64 [n, n]
 * @param diagonal   f64 [n], K[t,t]
 * @param gradient   f64 [n], K beta - y, kept up to date
 * @param free       i32 [n], scratch
 * @param matrix     f64 [capacity, capacity], scratch
 * @param direction  f64 [2 (capacity + 1)], scratch
 * @returns 1 when a coefficient reached its bound, so that another step is worth while; 0 when the minimum was reached, or when
 *          fewer than 2 or more than capacity + 1 coefficients are free
 */
export function moveFree(
  kernel: usize,
  n: i32,
  diagonal: usize,
  lower: usize,
  upper: usize,
  beta: usize,
  gradient: usize,
  free: usize,
  matrix: usize,
  direction: usize,
  capacity: i32,
): i32 {
  const rowBytes = (<usize>n) << 3;
  let count: usize = 0;
  for (let at: usize = 0; at < rowBytes; at += 8) {
    const value = load<f64>(beta + at);
    if (value > load<f64>(lower + at) && value < load<f64>(upper + at)) {
      store<i32>(free + (count << 2), <i32>(at >> 3));
      count++;
    }
  }
  if (count < 2 || count > <usize>capacity + 1) return 0;

  const m = count - 1;
  const pivots = direction + (count << 3);
  const rank = factorise(kernel, rowBytes, diagonal, free, m, matrix, pivots);
  if (rank == m) newtonDirection(matrix, m, free, gradient, direction);
  else flatDirection(matrix, m, rank, free, gradient, direction);
  let last: f64 = 0;
  for (let i: usize = 0; i < m; i++) last -= load<f64>(direction + (i << 3));
  store<f64>(direction + (m << 3), last);

  let length: f64 = rank == m ? 1 : Infinity;
  let blocking = count;
  for (let i: usize = 0; i < count; i++) {
    const at = (<usize>load<i32>(free + (i << 2))) << 3;
    const step = load<f64>(direction + (i << 3));
    if (step == 0) continue;
    const room = (load<f64>((step > 0 ? upper : lower) + at) - load<f64>(beta + at)) / step;
    if (room < length) {
      length = room;
      blocking = i;
    }
  }
  if (!(length < Infinity)) return 0;

  for (let i: usize = 0; i < count; i++) {
    const s = <usize>load<i32>(free + (i << 2));
    const step = load<f64>(direction + (i << 3));
    if (step == 0) continue;
    const bound = load<f64>((step > 0 ? upper : lower) + (s << 3));
    const before = load<f64>(beta + (s << 3));
    const after = before + length * step;
    const isStopped = i == blocking || (step > 0 ? after > bound : after < bound);
    store<f64>(beta + (s << 3), isStopped ? bound : after);
    const rowS = kernel + s * rowBytes;
    const move = f64x2.splat(length * step);
    for (let t: usize = 0; t < rowBytes; t += 16) {
      v128.store(gradient + t, f64x2.add(v128.load(gradient + t), f64x2.mul(move, v128.load(rowS + t))));
    }
  }
  return blocking < count ? 1 : 0;
}
