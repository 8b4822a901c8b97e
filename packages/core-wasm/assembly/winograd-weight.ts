import { POINT_A, POINT_B } from "./winograd-layout";

/** Bytes of the transformed weights of a convolution, as f64 because it may exceed any address. */
export function winogradWeightBytes(CI: i32, CO: i32): f64 {
  return <f64>((CI + 7) & ~7) * <f64>((CO + 7) & ~7) * 144;
}

/** Bytes that `winogradWeight` needs for itself: taps [9][4] in f32, half transformed [6, 3][4] in f64, transformed [6, 6][2][8] in f32. */
export function winogradWeightScratchBytes(): i32 {
  return 144 + 576 + 2304;
}

/**
 * Transforms weights: u = G g G', in f64, rounded once.
 *
 * @param weight   the 3x3 taps (f32, row by row) of the weight from channel ci to channel co lie at weight + co * coBytes + ci * ciBytes
 * @param isTurned whether the taps are taken from the last to the first, as the gradient of the input needs them
 * @param u        where (co, ci) = (0, 0) comes to lie in f32 [36, columns / 8, rows, 8]; see winograd-layout.ts. Only the CI x CO
 *                 weights are written: the rest stays zero
 * @param scratch  winogradWeightScratchBytes() bytes
 */
export function winogradWeight(
  weight: usize,
  coBytes: usize,
  ciBytes: usize,
  isTurned: bool,
  CI: i32,
  CO: i32,
  u: usize,
  rows: i32,
  columns: i32,
  scratch: usize,
): void {
  const stride = (<usize>(rows * columns)) << 2;
  const lines = scratch + 720;
  for (let panel = 0; panel < CO; panel += 8, u += (<usize>rows) << 5) {
    for (let ci = 0; ci < CI; ci += 2) {
      const members = min(2, CI - ci);
      for (let member = 0; member < members; member++) {
        for (let half = 0; half < 8; half += 4) {
          const from = weight + <usize>(panel + half) * coBytes + <usize>(ci + member) * ciBytes;
          gather(from, coBytes, isTurned, min(4, CO - panel - half), scratch);
          transform(scratch, lines + ((<usize>(member * 8 + half)) << 2));
        }
      }
      // Whole cache lines at a time: the 36 positions of a weight often fall into one set of the first-level cache.
      let to = u + ((<usize>ci) << 5);
      for (let line = lines; line < lines + 2304; line += 64, to += stride) memory.copy(to, line, <usize>members << 5);
    }
  }
}

/** Copies the taps of up to four output channels into [9][4], zero beyond `count`. */
function gather(weight: usize, coBytes: usize, isTurned: bool, count: i32, to: usize): void {
  let from = isTurned ? weight + 32 : weight;
  const step: usize = isTurned ? <usize>(-4) : 4;
  for (const end = to + 144; to < end; to += 16, from += step) {
    v128.store(to, f32x4.splat(0));
    let tap = from;
    for (let k: usize = 0; k < <usize>max(count, 0); k++, tap += coBytes) store<f32>(to + (k << 2), load<f32>(tap));
  }
}

const A: f64 = POINT_A;
const B: f64 = POINT_B;
/** n(a) = n(-a) */
const NA: f64 = 2 * A * A * (A * A - B * B);
/** n(b) = n(-b) */
const NB: f64 = 2 * B * B * (B * B - A * A);

const G = memory.data<f64>([
  1 / (A * A * B * B),
  0,
  0,
  1 / NA,
  A / NA,
  (A * A) / NA,
  1 / NA,
  -A / NA,
  (A * A) / NA,
  1 / NB,
  B / NB,
  (B * B) / NB,
  1 / NB,
  -B / NB,
  (B * B) / NB,
  0,
  0,
  1,
]);

/** Taps [9][4] at `scratch` into [36] vectors at `lines`, 64 bytes apart: G down the columns, then along the rows. */
function transform(scratch: usize, lines: usize): void {
  const middle = scratch + 144;
  for (let j: usize = 0; j < 3; j++) {
    for (let h: usize = 0; h < 2; h++) {
      const tap = scratch + (j << 4) + (h << 3);
      const g0 = f64x2.promote_low_f32x4(v128.load64_zero(tap));
      const g1 = f64x2.promote_low_f32x4(v128.load64_zero(tap, 48));
      const g2 = f64x2.promote_low_f32x4(v128.load64_zero(tap, 96));
      for (let i: usize = 0; i < 6; i++) v128.store(middle + i * 96 + (j << 5) + (h << 4), row(i, g0, g1, g2));
    }
  }
  for (let from = middle; from < middle + 576; from += 96) {
    for (let h: usize = 0; h < 32; h += 16) {
      const g0 = v128.load(from + h);
      const g1 = v128.load(from + h, 32);
      const g2 = v128.load(from + h, 64);
      for (let j: usize = 0; j < 6; j++) {
        v128.store64_lane(lines + (j << 6) + (h >> 1), f32x4.demote_f64x2_zero(row(j, g0, g1, g2)), 0);
      }
    }
    lines += 384;
  }
}

/** Row `i` of G times (g0, g1, g2). */
function row(i: usize, g0: v128, g1: v128, g2: v128): v128 {
  const at = G + i * 24;
  const first = f64x2.mul(v128.load64_splat(at), g0);
  const second = f64x2.mul(v128.load64_splat(at, 8), g1);
  return f64x2.add(f64x2.add(first, second), f64x2.mul(v128.load64_splat(at, 16), g2));
}
