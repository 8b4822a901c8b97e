import { POINT_A, POINT_B, positionsOf } from "./winograd-layout";
import { weightSix } from "./winograd-weight-six";

/** Bytes of the transformed weights of a convolution for tiles of `side` pixels, 4 or 6, as f64 because it may exceed any address. */
export function winogradWeightBytes(CI: i32, CO: i32, side: i32): f64 {
  return <f64>((CI + 7) & ~7) * <f64>((CO + 7) & ~7) * <f64>(positionsOf(side) << 2);
}

/** Bytes that `winogradWeight` needs for itself: taps [9][4] in f32, half transformed [8, 3][4] in f64, transformed [8, 8][2][8] in f32. */
export function winogradWeightScratchBytes(): i32 {
  return 144 + 768 + 4096;
}

/**
 * Transforms weights: u = G g G', in f64, rounded once.
 *
 * @param weight   the 3x3 taps (f32, row by row) of the weight from channel ci to channel co lie at weight + co * coBytes + ci * ciBytes
 * @param isTurned whether the taps are taken from the last to the first, as the gradient of the input needs them
 * @param u        where (co, ci) = (0, 0) comes to lie in f32 [(side + 2)^2, columns / 8, rows, 8]; see winograd-layout.ts. Only the CI x CO
 *                 weights are written: the rest stays zero
 * @param side     4, or 6 for winograd-six.ts
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
  side: i32,
  scratch: usize,
): void {
  const stride = (<usize>(rows * columns)) << 2;
  const lines = scratch + 912;
  const bytes = (<usize>positionsOf(side)) << 6;
  for (let panel = 0; panel < CO; panel += 8, u += (<usize>rows) << 5) {
    for (let ci = 0; ci < CI; ci += 2) {
      const members = min(2, CI - ci);
      for (let member = 0; member < members; member++) {
        for (let half = 0; half < 8; half += 4) {
          const from = weight + <usize>(panel + half) * coBytes + <usize>(ci + member) * ciBytes;
          gather(from, coBytes, isTurned, min(4, CO - panel - half), scratch);
          const to = lines + ((<usize>(member * 8 + half)) << 2);
          if (side == 4) transform(scratch, to);
          else weightSix(scratch, scratch + 144, to);
        }
      }
      // Whole cache lines at a time: the positions of a weight often fall into one set of the first-level cache.
      let to = u + ((<usize>ci) << 5);
      for (let line = lines, end = lines + bytes; line < end; line += 64, to += stride) {
        v128.store(to, v128.load(line));
        v128.store(to, v128.load(line, 16), 16);
        if (members == 1) continue;
        v128.store(to, v128.load(line, 32), 32);
        v128.store(to, v128.load(line, 48), 48);
      }
    }
  }
}

/** Copies the taps of up to four output channels into [9][4], zero beyond `count`. */
function gather(weight: usize, coBytes: usize, isTurned: bool, count: i32, to: usize): void {
  let from = isTurned ? weight + 32 : weight;
  const step: usize = isTurned ? <usize>(-4) : 4;
  for (const end = to + 144; to < end; to += 16, from += step) {
    let taps = f32x4.splat(0);
    if (count > 0) taps = v128.load32_zero(from);
    if (count > 1) taps = v128.load32_lane(from + coBytes, taps, 1);
    if (count > 2) taps = v128.load32_lane(from + 2 * coBytes, taps, 2);
    if (count > 3) taps = v128.load32_lane(from + 3 * coBytes, taps, 3);
    v128.store(to, taps);
  }
}

const A: f64 = POINT_A;
const B: f64 = POINT_B;
/** n(a) = n(-a) */
const NA: f64 = 2 * A * A * (A * A - B * B);
/** n(b) = n(-b) */
const NB: f64 = 2 * B * B * (B * B - A * A);

/** The entries of G that differ: 1 / n(0); 1, p, p^2 over n(a); the same over n(b). */
const G = memory.data<f64>([1 / (A * A * B * B), 1 / NA, A / NA, (A * A) / NA, 1 / NB, B / NB, (B * B) / NB]);

/** Taps [9][4] at `scratch` into [36] vectors at `lines`, 64 bytes apart: G down the columns, then along the rows. */
function transform(scratch: usize, lines: usize): void {
  const middle = scratch + 144;
  for (let j: usize = 0; j < 3; j++) {
    const tap = scratch + (j << 4);
    for (let h: usize = 0; h < 16; h += 8) {
      const g0 = f64x2.promote_low_f32x4(v128.load64_zero(tap + h));
      const g1 = f64x2.promote_low_f32x4(v128.load64_zero(tap + h, 48));
      const g2 = f64x2.promote_low_f32x4(v128.load64_zero(tap + h, 96));
      const to = middle + (j << 5) + (h << 1);
      const evenA = f64x2.add(f64x2.mul(g0, g(8)), f64x2.mul(g2, g(24)));
      const oddA = f64x2.mul(g1, g(16));
      const evenB = f64x2.add(f64x2.mul(g0, g(32)), f64x2.mul(g2, g(48)));
      const oddB = f64x2.mul(g1, g(40));
      v128.store(to, f64x2.mul(g0, g(0)));
      v128.store(to, f64x2.add(evenA, oddA), 96);
      v128.store(to, f64x2.sub(evenA, oddA), 192);
      v128.store(to, f64x2.add(evenB, oddB), 288);
      v128.store(to, f64x2.sub(evenB, oddB), 384);
      v128.store(to, g2, 480);
    }
  }
  for (let from = middle, end = middle + 576; from < end; from += 96, lines += 384) {
    for (let h: usize = 0; h < 32; h += 16) {
      const g0 = v128.load(from + h);
      const g1 = v128.load(from + h, 32);
      const g2 = v128.load(from + h, 64);
      const to = lines + (h >> 1);
      const evenA = f64x2.add(f64x2.mul(g0, g(8)), f64x2.mul(g2, g(24)));
      const oddA = f64x2.mul(g1, g(16));
      const evenB = f64x2.add(f64x2.mul(g0, g(32)), f64x2.mul(g2, g(48)));
      const oddB = f64x2.mul(g1, g(40));
      put(to, f64x2.mul(g0, g(0)));
      put(to + 64, f64x2.add(evenA, oddA));
      put(to + 128, f64x2.sub(evenA, oddA));
      put(to + 192, f64x2.add(evenB, oddB));
      put(to + 256, f64x2.sub(evenB, oddB));
      put(to + 320, g2);
    }
  }
}

/** Stores two numbers as f32. */
function put(to: usize, value: v128): void {
  v128.store64_lane(to, f32x4.demote_f64x2_zero(value), 0);
}

/** One of the entries of G in two lanes. */
function g(offset: usize): v128 {
  return v128.load64_splat(G + offset);
}
