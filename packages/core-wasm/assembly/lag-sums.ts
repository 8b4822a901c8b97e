import { fftPadded } from "./fft-padded";
import { COLUMNS, ROW, copyRow, fftColumns, mirror } from "./fft-columns";

// Sums over pairs along the shortest axis by its lags themselves: for few lags that takes less time than transforms, whose columns are half padding.

/**
 * The weights of one plane of kx for every frequency along y and every lag along z.
 *
 * @param w     f64 [my / 2 + 1, hp]: one plane of `weightSpectra`, hp a multiple of 16
 * @param a, b  f64 [2, my, 8] each, scratch
 * @param out   f64 [my / 2 + 1, hp], the same for -ky; overwritten
 */
export function weightLags(w: usize, my: i32, hp: i32, twiddle: usize, a: usize, b: usize, out: usize): void {
  const hy = my / 2;
  const imaginary = <usize>my * ROW;
  for (let z0 = 0; z0 < hp; z0 += 16) {
    for (let y = 0; y <= hy; y++) {
      const row = w + (<usize>(y * hp + z0) << 3);
      copyRow(a + <usize>y * ROW, row);
      copyRow(a + imaginary + <usize>y * ROW, row + ROW);
      mirror(a, my, y, imaginary);
    }
    const x = fftColumns(a, b, my, twiddle);
    for (let y = 0; y <= hy; y++) {
      const row = out + (<usize>(y * hp + z0) << 3);
      copyRow(row, x + <usize>y * ROW);
      copyRow(row + ROW, x + imaginary + <usize>y * ROW);
    }
  }
}

/** Transforms one quantity of one plane along y, and leaves it as f64 [2, my, zp]. */
function alongY(plane: usize, ny: i32, zp: usize, my: i32, twiddle: usize, a: usize, b: usize, t: usize): void {
  const imaginaryPlane = plane + ((<usize>ny * zp) << 3);
  const part = (<usize>my * zp) << 3;
  for (let z0: usize = 0; z0 < zp; z0 += COLUMNS) {
    const x = fftPadded(plane + (z0 << 3), imaginaryPlane + (z0 << 3), zp << 3, ny, my, twiddle, a, b);
    for (let y: usize = 0; y < <usize>my; y++) {
      const to = t + ((y * zp + z0) << 3);
      copyRow(to, x + y * ROW);
      copyRow(to + part, x + (<usize>my + y) * ROW);
    }
  }
}

/** Numbers of a frequency: d, m and d^2, real and imaginary. */
const QUANTITIES: usize = 6;
/** Bytes of these for ky and -ky side by side. */
const STEP: usize = QUANTITIES << 4;

/**
 * Splits what the frequencies ky and -ky have along z into what is the same and what is opposite seen from either end.
 *
 *   even[j] = c[j] + c[n-1-j],  odd[j] = c[j] - c[n-1-j];   the middle of an odd number stands alone in even
 *
 * @param t           f64 [6, my, zp]
 * @param even, odd   f64 [(n + 1) / 2, 6, 2 (ky, -ky)], overwritten
 */
function splitEnds(t: usize, my: i32, zp: usize, n: i32, first: usize, second: usize, even: usize, odd: usize): void {
  const part = (<usize>my * zp) << 3;
  const last = <usize>(n - 1) << 3;
  const half = <usize>(n >> 1) << 3;
  for (let q: usize = 0; q < QUANTITIES; q++) {
    const p = t + q * part + ((first * zp) << 3);
    const r = t + q * part + ((second * zp) << 3);
    let to = q << 4;
    for (let z: usize = 0; z < half; z += 8, to += STEP) {
      const near = v128.load_lane<f64>(r + z, v128.load_zero<f64>(p + z), 1);
      const far = v128.load_lane<f64>(r + last - z, v128.load_zero<f64>(p + last - z), 1);
      v128.store(even + to, f64x2.add(near, far));
      v128.store(odd + to, f64x2.sub(near, far));
    }
    if (n & 1) v128.store(even + to, v128.load_lane<f64>(r + half, v128.load_zero<f64>(p + half), 1));
  }
}

/**
 * Adds, for sequences x of which `splitEnds` made one half,
 *
 *   sum over i, j of  g(i,j) d_i d_j,  g(i,j) m_i m_j  and  g(i,j) s_i m_j,   g(i,j) = w[i - j] + sign w[n - 1 - i - j]
 *
 * real and imaginary parts alike; the matrix is symmetric, so pairs are met once.
 *
 * @param w     f64 [n]
 * @param x     f64 [count, 6, 2]
 * @param sums  f64 [3, 2], added to
 */
function addHalf(w: usize, n: i32, sign: f64, x: usize, count: i32, sums: usize): void {
  let dd = v128.load(sums);
  let mm = v128.load(sums, 16);
  let sm = v128.load(sums, 32);
  const signs = f64x2.splat(sign);
  for (let i = 0; i < count; i++) {
    let d0 = f64x2.splat(0);
    let d1 = d0;
    let m0 = d0;
    let m1 = d0;
    let s0 = d0;
    let s1 = d0;
    let from = x;
    let near = w + (<usize>i << 3);
    let far = w + (<usize>(n - 1 - i) << 3);
    for (const end = x + <usize>i * STEP; from < end; from += STEP) {
      const g = f64x2.add(v128.load_splat<f64>(near), f64x2.mul(signs, v128.load_splat<f64>(far)));
      d0 = f64x2.add(d0, f64x2.mul(g, v128.load(from)));
      d1 = f64x2.add(d1, f64x2.mul(g, v128.load(from, 16)));
      m0 = f64x2.add(m0, f64x2.mul(g, v128.load(from, 32)));
      m1 = f64x2.add(m1, f64x2.mul(g, v128.load(from, 48)));
      s0 = f64x2.add(s0, f64x2.mul(g, v128.load(from, 64)));
      s1 = f64x2.add(s1, f64x2.mul(g, v128.load(from, 80)));
      near -= 8;
      far -= 8;
    }
    const half = f64x2.mul(f64x2.splat(0.5), f64x2.add(v128.load_splat<f64>(w), f64x2.mul(signs, v128.load_splat<f64>(far))));
    const di = v128.load(from);
    const dj = v128.load(from, 16);
    const mi = v128.load(from, 32);
    const mj = v128.load(from, 48);
    const si = v128.load(from, 64);
    const sj = v128.load(from, 80);
    // Pairs (i, i) have half of their weight here, as all others that stand for two.
    d0 = f64x2.add(d0, f64x2.mul(half, di));
    d1 = f64x2.add(d1, f64x2.mul(half, dj));
    m0 = f64x2.add(m0, f64x2.mul(half, mi));
    m1 = f64x2.add(m1, f64x2.mul(half, mj));
    s0 = f64x2.add(s0, f64x2.mul(half, si));
    s1 = f64x2.add(s1, f64x2.mul(half, sj));
    dd = f64x2.add(dd, f64x2.add(f64x2.mul(d0, di), f64x2.mul(d1, dj)));
    mm = f64x2.add(mm, f64x2.add(f64x2.mul(m0, mi), f64x2.mul(m1, mj)));
    const across = f64x2.add(f64x2.mul(s0, mi), f64x2.mul(s1, mj));
    sm = f64x2.add(sm, f64x2.add(across, f64x2.add(f64x2.mul(m0, si), f64x2.mul(m1, sj))));
  }
  v128.store(sums, dd);
  v128.store(sums, mm, 16);
  v128.store(sums, sm, 32);
}

/**
 * Adds one plane of kx to the three sums of `addPlane`, which are over frequencies along y and over pairs along z:
 *
 *   sum over ky and z, z' of  w(ky, z - z') Re(conj(D(ky,z)) D(ky,z')),  the same of M, and of S with M
 *
 * The weights depend on |z - z'| alone, so what is even and what is odd about the middle do not meet: half of the pairs need no product.
 *
 * @param fields   f64 [3 (d, m, d^2)], one plane each of `maskedSpectra`, `quantity` bytes apart
 * @param weights  f64 [my / 2 + 1, hp] of `weightLags`
 * @param n        voxels along z
 * @param times    how often the plane counts: 2 where kx stands for -kx too
 * @param a        f64 [2, 2, my, 8], scratch
 * @param t        f64 [6, my, zp] and then f64 [2, (n + 1) / 2, 6, 2], scratch; zp = n rounded up to 8
 * @param out      f64 [3], added to
 */
export function addLags(
  fields: usize, quantity: usize, weights: usize, hp: i32, ny: i32, n: i32, my: i32,
  twiddle: usize, times: f64, a: usize, t: usize, out: usize,
): void {
  const zp = (<usize>n + 7) & ~7;
  const part = (<usize>my * zp) << 3;
  const b = a + <usize>my * ROW * 2;
  for (let q: usize = 0; q < 3; q++) alongY(fields + q * quantity, ny, zp, my, twiddle, a, b, t + 2 * q * part);
  const even = t + QUANTITIES * part;
  const odd = even + <usize>((n + 1) >> 1) * STEP;
  const hy = my / 2;
  for (let y = 0; y <= hy; y++) {
    const other = y == 0 ? 0 : my - y;
    splitEnds(t, my, zp, n, y, other, even, odd);
    memory.fill(a, 0, 48);
    const w = weights + (<usize>(y * hp) << 3);
    addHalf(w, n, 1, even, (n + 1) >> 1, a);
    addHalf(w, n, -1, odd, n >> 1, a);
    for (let k: usize = 0; k < 3; k++) {
      const pair = v128.load(a + (k << 4));
      const sum = f64x2.extract_lane(pair, 0) + (other == y ? 0 : f64x2.extract_lane(pair, 1));
      // Of both ends each half counts once for itself and once for its mirror image, which doubles squares: hence no factor but that of the pairs.
      store<f64>(out + (k << 3), load<f64>(out + (k << 3)) + times * (k == 2 ? 0.5 * sum : sum));
    }
  }
}
