import { fft } from "./fft";
import { ROW } from "./fft-butterflies";

/** Rows j of x plus or minus rows n - j: what an even sequence of 2 n numbers gives to the frequencies of one parity. */
// @ts-ignore: decorator
@inline
function fold(x: usize, step: usize, n: usize, isOdd: bool, to: usize): void {
  for (let j: usize = 0; j < n; j++) {
    const near = x + j * step;
    const far = x + (n - j) * step;
    const row = to + j * ROW;
    for (let t: usize = 0; t < ROW; t += 16) {
      const a = v128.load(near + t);
      const b = v128.load(far + t);
      v128.store(row + t, isOdd ? f64x2.sub(a, b) : f64x2.add(a, b));
    }
  }
}

/**
 * Transforms along x of the weights 1 / distance of all lags, even in each axis and 0 for no lag, at the frequencies of one parity.
 *
 * @param n, plan       of `fft`; the largest lag is n
 * @param table         u32 [n]: 64 (j + 1)
 * @param hy, hz        largest lags along y and z; only those from 0 on are there, and 0 for z beyond hz rounded up to 8 voxels
 * @param sz, sy, sx    spacing
 * @param from, to      blocks of 8 frequencies wanted; those beyond n are 0, and those that stand for their negative too count twice
 * @param v             f64 [n + 1, 8], scratch
 * @param g, a, b, c    f64 [n, 8] each, scratch
 * @param wz            rows from one y to the next, at least hz + 1 rounded up to 8
 * @param out           f64 [to - from, hy + 1, wz, 8]; overwritten
 */
export function weightSpectra(
  n: i32, plan: usize, table: usize, parity: i32, hy: i32, hz: i32, sz: f64, sy: f64, sx: f64,
  from: i32, to: i32, v: usize, g: usize, a: usize, b: usize, c: usize, wz: i32, out: usize,
): void {
  const one = f64x2.splat(1);
  const done = (hz + 8) & ~7;
  for (let y = 0; y <= hy; y++) {
    for (let block = 0; block < to - from; block++) {
      memory.fill(out + (<usize>(block * (hy + 1) + y) * <usize>wz + <usize>done) * ROW, 0, <usize>(wz - done) * ROW);
    }
    for (let z0 = 0; z0 <= hz; z0 += 8) {
      for (let x = 0; x <= n; x++) {
        const across = f64x2.splat((<f64>x * sx) * (<f64>x * sx) + (<f64>y * sy) * (<f64>y * sy));
        const row = v + <usize>x * ROW;
        for (let lane = 0; lane < 8; lane += 2) {
          const z = f64x2.mul(f64x2(<f64>(z0 + lane), <f64>(z0 + lane + 1)), f64x2.splat(sz));
          v128.store(row + (<usize>lane << 3), f64x2.div(one, f64x2.sqrt(f64x2.add(across, f64x2.mul(z, z)))));
        }
      }
      if (y + z0 == 0) store<f64>(v, 0);
      if (parity == 0) fold(v, ROW, n, false, g);
      else fold(v, ROW, n, true, g);
      fft(g - ROW, table, plan, n, parity, a, b, c, ROW);
      for (let k = 8 * from; k < 8 * to; k++) {
        const frequency = 2 * k + parity;
        const times: f64 = frequency > n ? 0 : frequency == 0 || frequency == n ? 1 : 2;
        const place = out + (<usize>((k / 8 - from) * (hy + 1) + y) * <usize>wz + <usize>z0) * ROW + (<usize>(k & 7) << 3);
        const row = c + (times == 0 ? 0 : <usize>k * ROW);
        for (let lane: usize = 0; lane < 8; lane++) store<f64>(place + lane * ROW, times * load<f64>(row + (lane << 3)));
      }
    }
  }
}

/**
 * Transforms 8 even sequences of 2 n numbers in place: of lags 0 .. n, into the frequencies 0 .. n.
 *
 * @param x        f64 rows of 8 numbers, `step` bytes from one to the next
 * @param n, plan  of `fft`
 * @param table    u32 [n]: 64 (j + 1)
 * @param g        f64 [2 (parity), n, 8], scratch
 * @param a, b, c  f64 [n, 8] each, scratch
 */
export function weightAlong(x: usize, step: usize, n: usize, plan: usize, table: usize, g: usize, a: usize, b: usize, c: usize): void {
  const odd = g + n * ROW;
  fold(x, step, n, false, g);
  fold(x, step, n, true, odd);
  for (let parity: usize = 0; parity < 2; parity++) {
    fft((parity == 0 ? g : odd) - ROW, table, plan, n, <u32>parity, a, b, c, ROW);
    for (let frequency = parity, row = c; frequency <= n; frequency += 2, row += ROW) {
      for (let t: usize = 0; t < ROW; t += 16) v128.store(x + frequency * step + t, v128.load(row + t));
    }
  }
}
