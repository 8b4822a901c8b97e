import { IMAGINARY, ROW } from "./fft-butterflies";

// Sums over pairs along the shortest axis by its lags themselves: for few lags that takes less time than transforms.

/** Bytes of two columns of one z: d, m and d^2, real and imaginary, of a frequency along y and of its negative. */
const STEP: usize = 192;

/**
 * Splits what the frequencies ky and -ky have along z into what is the same and what is opposite seen from either end.
 *
 *   even[j] = c[j] + c[n-1-j],  odd[j] = c[j] - c[n-1-j];   the middle of an odd number stands alone in even
 *
 * @param p, q        for ky and -ky two columns of d in f64 [n, 8], with m and d^2 `field` and 2 `field` bytes on
 * @param even, odd   f64 [(n + 1) / 2, 3 (d, m, d^2), 2 (real, imaginary), 2 (ky, -ky), 2], overwritten
 */
function splitEnds(p: usize, q: usize, field: usize, n: usize, even: usize, odd: usize): void {
  const half = n >> 1;
  for (let quantity: usize = 0; quantity < 3; quantity++) {
    for (let part: usize = 0; part < 4; part++) {
      const from = (part & 1 ? q : p) + quantity * field + (part >> 1) * IMAGINARY;
      let to = quantity * 64 + part * 16;
      let near = from;
      let far = from + (n - 1) * ROW;
      for (let j: usize = 0; j < half; j++, near += ROW, far -= ROW, to += STEP) {
        const a = v128.load(near);
        const b = v128.load(far);
        v128.store(even + to, f64x2.add(a, b));
        v128.store(odd + to, f64x2.sub(a, b));
      }
      if (n & 1) v128.store(even + to, v128.load(near));
    }
  }
}

/**
 * Adds, for two columns of which `splitEnds` made one half,
 *
 *   sum over i, j of  g(i,j) d_i d_j,  g(i,j) m_i m_j  and  g(i,j) s_i m_j,   g(i,j) = w[i - j] + w[n - 1 - i - j], or their difference
 *
 * real and imaginary parts and both frequencies alike; the matrix is symmetric, so pairs are met once.
 *
 * @param w     f64 [n, 8]: two columns
 * @param x     f64 [count, 3, 2, 2, 2]
 * @param sums  f64 [3, 2], added to
 */
// @ts-ignore: decorator
@inline
function addHalf(w: usize, n: usize, isOdd: bool, x: usize, count: usize, sums: usize): void {
  for (let i: usize = 0; i < count; i++) {
    let d0 = f64x2.splat(0);
    let d1 = d0;
    let d2 = d0;
    let d3 = d0;
    let m0 = d0;
    let m1 = d0;
    let m2 = d0;
    let m3 = d0;
    let s0 = d0;
    let s1 = d0;
    let s2 = d0;
    let s3 = d0;
    let from = x;
    let near = w + i * ROW;
    let far = w + (n - 1 - i) * ROW;
    for (const end = x + i * STEP; from < end; from += STEP) {
      const g = isOdd ? f64x2.sub(v128.load(near), v128.load(far)) : f64x2.add(v128.load(near), v128.load(far));
      d0 = f64x2.add(d0, f64x2.mul(g, v128.load(from)));
      d1 = f64x2.add(d1, f64x2.mul(g, v128.load(from, 16)));
      d2 = f64x2.add(d2, f64x2.mul(g, v128.load(from, 32)));
      d3 = f64x2.add(d3, f64x2.mul(g, v128.load(from, 48)));
      m0 = f64x2.add(m0, f64x2.mul(g, v128.load(from, 64)));
      m1 = f64x2.add(m1, f64x2.mul(g, v128.load(from, 80)));
      m2 = f64x2.add(m2, f64x2.mul(g, v128.load(from, 96)));
      m3 = f64x2.add(m3, f64x2.mul(g, v128.load(from, 112)));
      s0 = f64x2.add(s0, f64x2.mul(g, v128.load(from, 128)));
      s1 = f64x2.add(s1, f64x2.mul(g, v128.load(from, 144)));
      s2 = f64x2.add(s2, f64x2.mul(g, v128.load(from, 160)));
      s3 = f64x2.add(s3, f64x2.mul(g, v128.load(from, 176)));
      near -= ROW;
      far -= ROW;
    }
    // Pairs (i, i) have half of their weight here, as all others that stand for two.
    const whole = isOdd ? f64x2.sub(v128.load(w), v128.load(far)) : f64x2.add(v128.load(w), v128.load(far));
    const h = f64x2.mul(f64x2.splat(0.5), whole);
    d0 = f64x2.add(d0, f64x2.mul(h, v128.load(from)));
    d1 = f64x2.add(d1, f64x2.mul(h, v128.load(from, 16)));
    d2 = f64x2.add(d2, f64x2.mul(h, v128.load(from, 32)));
    d3 = f64x2.add(d3, f64x2.mul(h, v128.load(from, 48)));
    m0 = f64x2.add(m0, f64x2.mul(h, v128.load(from, 64)));
    m1 = f64x2.add(m1, f64x2.mul(h, v128.load(from, 80)));
    m2 = f64x2.add(m2, f64x2.mul(h, v128.load(from, 96)));
    m3 = f64x2.add(m3, f64x2.mul(h, v128.load(from, 112)));
    s0 = f64x2.add(s0, f64x2.mul(h, v128.load(from, 128)));
    s1 = f64x2.add(s1, f64x2.mul(h, v128.load(from, 144)));
    s2 = f64x2.add(s2, f64x2.mul(h, v128.load(from, 160)));
    s3 = f64x2.add(s3, f64x2.mul(h, v128.load(from, 176)));
    addProducts(sums, from, d0, d1, d2, d3);
    addProducts(sums + 16, from + 64, m0, m1, m2, m3);
    addProducts(sums + 32, from + 64, s0, s1, s2, s3);
    addProducts(sums + 32, from + 128, m0, m1, m2, m3);
  }
}

/** Adds  a x[0] + b x[1] + c x[2] + d x[3]. */
// @ts-ignore: decorator
@inline
function addProducts(sum: usize, x: usize, a: v128, b: v128, c: v128, d: v128): void {
  const p = f64x2.add(f64x2.mul(a, v128.load(x)), f64x2.mul(b, v128.load(x, 16)));
  const q = f64x2.add(f64x2.mul(c, v128.load(x, 32)), f64x2.mul(d, v128.load(x, 48)));
  v128.store(sum, f64x2.add(v128.load(sum), f64x2.add(p, q)));
}

/**
 * Adds to the three sums of `addSpectra`, which are over frequencies along y and over pairs along z:
 *
 *   sum over ky and z, z' of  w(ky, z - z') Re(conj(D(ky,z)) D(ky,z')),  the same of M, and of S with M
 *
 * The weights depend on |z - z'| alone, so what is even and what is odd about the middle do not meet: half of the pairs need no product.
 *
 * @param t         of one parity: f64 [3 (d, m, d^2), ny, tz, 8] of `alongY`
 * @param ny, parity  frequencies of one parity of `alongY`
 * @param n         voxels along z
 * @param weights   f64 [ny + 1, wz, 8 (4 of them wanted)]: for every frequency along y and every lag along z
 * @param scratch   f64 [2, (n + 1) / 2, 24] and 6 more
 * @param out       f64 [3], added to
 */
export function addLags(
  t: usize, ny: i32, tz: i32, parity: i32, n: i32, weights: usize, wz: i32, scratch: usize, out: usize,
): void {
  const step = <usize>tz * ROW;
  const field = <usize>ny * step;
  const upper = <usize>(n + 1) >> 1;
  const sums = scratch;
  const even = sums + 48;
  const odd = even + upper * STEP;
  for (let k = 0; 2 * k + parity <= ny; k++) {
    const frequency = 2 * k + parity;
    const other = (2 * ny - parity - k) % ny;
    memory.fill(sums, 0, 48);
    for (let c: usize = 0; c < IMAGINARY; c += 16) {
      splitEnds(t + <usize>k * step + ROW + c, t + <usize>other * step + ROW + c, field, n, even, odd);
      const w = weights + <usize>frequency * <usize>wz * ROW + c;
      addHalf(w, n, false, even, upper, sums);
      addHalf(w, n, true, odd, <usize>n >> 1, sums);
    }
    // Where a frequency is its own negative it was met twice.
    const times: f64 = other == k ? 0.5 : 1;
    for (let q: usize = 0; q < 3; q++) {
      const pair = v128.load(sums + (q << 4));
      const sum = times * (f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1));
      // Of both ends each half counts once for itself and once for its mirror image, which doubles squares: hence no factor but that of the pairs.
      store<f64>(out + (q << 3), load<f64>(out + (q << 3)) + (q == 2 ? 0.5 * sum : sum));
    }
  }
}
