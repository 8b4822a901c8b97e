import { fft } from "./fft";
import { IMAGINARY, ROW } from "./fft-butterflies";
import { inside4 } from "./masked-moments";

/** What of a voxel goes into a column. */
const DEVIATION = 0;
const SQUARE = 1;
const MASK = 2;

/** One voxel's quantity: d, d^2 or 1 inside, 0 outside. */
// @ts-ignore: decorator
@inline
function quantity(what: i32, value: v128, mean: v128, scale: v128, at: v128): v128 {
  if (what == MASK) return v128.and(f64x2.splat(1), at);
  const d = v128.and(f64x2.mul(f64x2.sub(value, mean), scale), at);
  return what == SQUARE ? f64x2.mul(d, d) : d;
}

/** Fills one column, of a stride of a row, with a quantity of one row of voxels. */
// @ts-ignore: decorator
@inline
function gather(what: i32, v: usize, m: usize, nx: usize, mean: f64, scale: f64, column: usize): void {
  const centre = f64x2.splat(mean);
  const factor = f64x2.splat(scale);
  let to = column;
  let x: usize = 0;
  for (; x + 4 <= nx; x += 4, to += 4 * ROW) {
    const at = inside4(m + x);
    const value = v128.load(v + (x << 2));
    const a = quantity(what, f64x2.promote_low_f32x4(value), centre, factor, i64x2.extend_low_i32x4_s(at));
    const high = v128.shuffle<u64>(value, value, 1, 0);
    const b = quantity(what, f64x2.promote_low_f32x4(high), centre, factor, i64x2.extend_high_i32x4_s(at));
    v128.store_lane<f64>(to, a, 0);
    v128.store_lane<f64>(to, a, 1, ROW);
    v128.store_lane<f64>(to, b, 0, 2 * ROW);
    v128.store_lane<f64>(to, b, 1, 3 * ROW);
  }
  for (; x < nx; x++, to += ROW) {
    const at = i64x2.splat(load<u8>(m + x) == 0 ? 0 : -1);
    const value = f64x2.splat(<f64>load<f32>(v + (x << 2)));
    v128.store_lane<f64>(to, quantity(what, value, centre, factor, at), 0);
  }
}

/** Fills 4 columns with a quantity of up to 4 rows of voxels, and with zeros where there are fewer. */
// @ts-ignore: decorator
@inline
function gather4(
  what: i32, intensity: usize, mask: usize, rows: usize, count: i32, nx: usize, mean: f64, scale: f64, to: usize,
): void {
  for (let c = 0; c < 4; c++) {
    const column = to + (<usize>c << 3);
    if (c < count) {
      const row = <usize>load<u32>(rows + (<usize>c << 2));
      gather(what, intensity + (row << 2), mask + row, nx, mean, scale, column);
    } else {
      for (let x: usize = 0; x < nx; x++) store<f64>(column + x * ROW, 0);
    }
  }
}

/** The remainder of k by n; hardly ever more than once n. */
// @ts-ignore: decorator
@inline
function wrap(k: u32, n: u32): u32 {
  while (k >= n) k -= n;
  return k;
}

/**
 * Twice the transforms of two sets of 4 real columns that went through one as real and imaginary part, and turned so that 4 neighbouring
 * frequencies of a column lie together.
 *
 * @param x              f64 [n, 2, 4]
 * @param from, to       blocks of 4 frequencies wanted; beyond the last frequency they begin again
 * @param first, second  where the first column's first block goes, for either set; the next columns follow in a row each, the next blocks `step` on
 */
function tellApart(x: usize, n: u32, parity: u32, from: u32, to: u32, first: usize, second: usize, step: usize): void {
  for (let block = from; block < to; block++) {
    const at = <usize>(block - from) * step;
    for (let lane: u32 = 0; lane < 4; lane += 2) {
      const k0 = wrap(4 * block + lane, n);
      const k1 = wrap(4 * block + lane + 1, n);
      const p0 = x + <usize>k0 * ROW;
      const p1 = x + <usize>k1 * ROW;
      const q0 = x + <usize>wrap(2 * n - parity - k0, n) * ROW;
      const q1 = x + <usize>wrap(2 * n - parity - k1, n) * ROW;
      for (let c: usize = 0; c < 4; c += 2) {
        const t = c << 3;
        const pr0 = v128.load(p0 + t);
        const pi0 = v128.load(p0 + t, IMAGINARY);
        const qr0 = v128.load(q0 + t);
        const qi0 = v128.load(q0 + t, IMAGINARY);
        const pr1 = v128.load(p1 + t);
        const pi1 = v128.load(p1 + t, IMAGINARY);
        const qr1 = v128.load(q1 + t);
        const qi1 = v128.load(q1 + t, IMAGINARY);
        const to = at + c * ROW + (<usize>lane << 3);
        turn(first + to, f64x2.add(pr0, qr0), f64x2.add(pr1, qr1));
        turn(first + to + IMAGINARY, f64x2.sub(pi0, qi0), f64x2.sub(pi1, qi1));
        turn(second + to, f64x2.add(pi0, qi0), f64x2.add(pi1, qi1));
        turn(second + to + IMAGINARY, f64x2.sub(qr0, pr0), f64x2.sub(qr1, pr1));
      }
    }
  }
}

/** Stores two numbers of two columns with the columns in two rows. */
// @ts-ignore: decorator
@inline
function turn(to: usize, a: v128, b: v128): void {
  v128.store(to, v128.shuffle<f64>(a, b, 0, 2));
  v128.store(to, v128.shuffle<f64>(a, b, 1, 3), ROW);
}

/**
 * Twice the transforms along x of a masked volume, at the frequencies of one parity: of d = (intensity - mean) * scale inside the mask, of the mask
 * m itself, and of d^2; all 0 outside. Only rows with a voxel inside are there.
 *
 * d and m of 4 rows go as real and imaginary part of one transform, which their symmetry tells apart, and d^2 of 4 rows with that of the next 4.
 *
 * @param intensity  f32; the voxels of a row follow each other
 * @param mask       u8
 * @param rows       u32 [count]: the first voxel of each row with a voxel inside
 * @param nx         voxels of a row, at most n
 * @param n, plan    of `fft`
 * @param table      u32 [n]: 64 (x + 1) for x < nx, then 0
 * @param from, to   blocks of 4 frequencies wanted
 * @param g          f64 [nx + 1, 8], scratch, the first row 0
 * @param a, b, c    f64 [n, 8] each, scratch
 * @param out        f64 [to - from, 3 (d, m, d^2), count rounded up to 8, + 1, 2 (real, imaginary), 4]: the first row 0, then the rows; overwritten
 */
export function maskedSpectra(
  intensity: usize, mask: usize, rows: usize, count: i32, nx: i32, mean: f64, scale: f64,
  n: i32, table: usize, plan: usize, parity: u32, from: u32, to: u32, g: usize, a: usize, b: usize, c: usize, out: usize,
): void {
  const field = <usize>(((count + 7) & ~7) + 1) * ROW;
  const step: usize = 3 * field;
  for (let block: usize = 0; block < <usize>(to - from) * 3; block++) memory.fill(out + block * field, 0, ROW);
  const column = g + ROW;
  for (let row = 0; row < count; row += 8) {
    const place = out + <usize>(row + 1) * ROW;
    for (let half = 0; half < 8; half += 4) {
      const list = rows + (<usize>(row + half) << 2);
      gather4(DEVIATION, intensity, mask, list, count - row - half, nx, mean, scale, column);
      gather4(MASK, intensity, mask, list, count - row - half, nx, mean, scale, column + IMAGINARY);
      fft(g, table, plan, n, parity, a, b, c, ROW);
      const first = place + <usize>half * ROW;
      tellApart(c, n, parity, from, to, first, first + field, step);
    }
    const list = rows + (<usize>row << 2);
    gather4(SQUARE, intensity, mask, list, count - row, nx, mean, scale, column);
    gather4(SQUARE, intensity, mask, list + 16, count - row - 4, nx, mean, scale, column + IMAGINARY);
    fft(g, table, plan, n, parity, a, b, c, ROW);
    tellApart(c, n, parity, from, to, place + 2 * field, place + 2 * field + 4 * ROW, step);
  }
}
