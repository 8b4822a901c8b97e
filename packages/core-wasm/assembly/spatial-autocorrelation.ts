import { fft } from "./fft";
import { IMAGINARY, ROW } from "./fft-butterflies";

/** Reads one number of every cache line in order, which brings them near; transforms read several places in turn, and wait for each. */
function touch(from: usize, bytes: usize, sink: usize): void {
  let any = i64x2.splat(0);
  for (let line: usize = 0; line < bytes; line += ROW) any = v128.or(any, v128.load(from + line));
  v128.store(sink, any);
}

/**
 * Transforms d, m and d^2 of 4 frequencies along x also along y.
 *
 * @param fields    f64 [3, rows + 1, 8]: one block of `maskedSpectra`, `field` bytes from one quantity to the next
 * @param nz        voxels along z
 * @param n, plan   of `fft`
 * @param table     u32 [nz, n]: where the row of each y begins, as bytes from that of the quantity; 0 where there is none
 * @param a, b      f64 [n, 8] each, scratch
 * @param tz        rows from one frequency to the next, at least nz + 1
 * @param out       f64 [2 (parity), 3, n, tz, 8]: rows 1 .. nz of each frequency are overwritten; frequency k of a parity is 2 k + parity
 */
export function alongY(
  fields: usize, field: usize, nz: i32, n: i32, table: usize, plan: usize, a: usize, b: usize, tz: i32, out: usize,
): void {
  const step = <usize>tz * ROW;
  const size = <usize>n * step;
  for (let q: usize = 0; q < 3; q++) {
    touch(fields + q * field, field, a);
    for (let z = 0; z < nz; z++) {
      const to = out + q * size + <usize>(z + 1) * ROW;
      const rows = table + ((<usize>z * <usize>n) << 2);
      fft(fields + q * field, rows, plan, n, 0, a, b, to, step);
      fft(fields + q * field, rows, plan, n, 1, a, b, to + 3 * size, step);
    }
  }
}

/**
 * Adds to the three sums over frequencies of  W |D|^2,  W |M|^2  and  W Re(conj(S) M)  those of `alongY`, by transforms along z.
 *
 * @param t         of one parity: f64 [3 (d, m, d^2), ny, tz, 8] of `alongY`; the first row of each frequency 0
 * @param ny, parity  frequencies of one parity of `alongY`
 * @param n, plan   of `fft`, along z
 * @param table     u32 [n]: 64 (z + 1) for z < nz, then 0
 * @param weights   f64 [ny + 1, wz, 8 (4 of them wanted)]: the spectrum W
 * @param scratch   f64 [5, n, 8]
 * @param out       f64 [3], added to
 */
export function addSpectra(
  t: usize, ny: i32, tz: i32, parity: i32, n: i32, table: usize, plan: usize, weights: usize, wz: i32, scratch: usize, out: usize,
): void {
  const step = <usize>tz * ROW;
  const field = <usize>ny * step;
  const length = <usize>n * ROW;
  const a = scratch;
  const b = a + length;
  const d = b + length;
  const m = d + length;
  const s = m + length;
  let dd = f64x2.splat(0);
  let mm = dd;
  let sm = dd;
  for (let k = 0; k < ny; k++) {
    const from = t + <usize>k * step;
    const frequency = 2 * k + parity;
    const plane = weights + <usize>(min(frequency, 2 * ny - frequency) * wz) * ROW;
    for (let half: usize = 0; half < 2; half++) {
      fft(from, table, plan, n, <u32>half, a, b, d, ROW);
      fft(from + field, table, plan, n, <u32>half, a, b, m, ROW);
      fft(from + 2 * field, table, plan, n, <u32>half, a, b, s, ROW);
      let products = f64x2.splat(0);
      let ones = products;
      let squares = products;
      for (let z: usize = 0; z < <usize>n; z++) {
        const row: usize = 2 * z + half;
        const at = z * ROW;
        for (let c: usize = 0; c < IMAGINARY; c += 16) {
          const w = v128.load(plane + min<usize>(row, 2 * <usize>n - row) * ROW + c);
          const dr = v128.load(d + at + c);
          const di = v128.load(d + at + c, IMAGINARY);
          products = f64x2.add(products, f64x2.mul(w, f64x2.add(f64x2.mul(dr, dr), f64x2.mul(di, di))));
          const mr = v128.load(m + at + c);
          const mi = v128.load(m + at + c, IMAGINARY);
          const wr = f64x2.mul(w, mr);
          const wi = f64x2.mul(w, mi);
          ones = f64x2.add(ones, f64x2.add(f64x2.mul(wr, mr), f64x2.mul(wi, mi)));
          const sr = v128.load(s + at + c);
          const si = v128.load(s + at + c, IMAGINARY);
          squares = f64x2.add(squares, f64x2.add(f64x2.mul(wr, sr), f64x2.mul(wi, si)));
        }
      }
      dd = f64x2.add(dd, products);
      mm = f64x2.add(mm, ones);
      sm = f64x2.add(sm, squares);
    }
  }
  addBoth(out, dd);
  addBoth(out + 8, mm);
  addBoth(out + 16, sm);
}

/** Adds both numbers of a pair. */
function addBoth(out: usize, pair: v128): void {
  store<f64>(out, load<f64>(out) + f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1));
}
