// Resampling along one axis: every output is a weighted sum of `taps` neighbours along that axis.
//
//   out[o] = sum over t of  weights[o,t] * in[first[o] + t]
//
// The weights hold the interpolation (linear, or cubic B-spline with its prefilter) and the boundary; src/axis-taps.ts makes them.
// Rows are padded to multiples of 4 floats and weights to multiples of 4 taps, so that there is no scalar tail.

import { fmaF32x4 } from "./fma";

/** Columns that are carried through all outputs before the next ones: 32 taps of 512 bytes stay in the first-level cache. */
const STRIP: usize = 512;

/**
 * Resamples along a slower axis (z or y): the same weights for every column of a row.
 *
 * @param input    f32 [n, width], `inputStride` bytes between rows
 * @param output   f32 [m, width], `outputStride` bytes between rows
 * @param width    floats in a row, a multiple of 4
 * @param first    i32 [m], first[o] + taps <= n
 * @param weights  f32 [m, taps]
 */
export function resampleAcross(
  input: usize,
  inputStride: usize,
  output: usize,
  outputStride: usize,
  width: i32,
  first: usize,
  weights: usize,
  m: i32,
  taps: i32,
): void {
  const bytes = (<usize>width) << 2;
  for (let strip: usize = 0; strip < bytes; strip += STRIP) {
    const end = min(strip + STRIP, bytes);
    for (let o = 0; o < m; o++) {
      const source = input + <usize>load<i32>(first + ((<usize>o) << 2)) * inputStride;
      const target = output + <usize>o * outputStride;
      const row = weights + ((<usize>o * <usize>taps) << 2);
      const rowEnd = row + ((<usize>taps) << 2);
      let c = strip;
      for (; c + 128 <= end; c += 128) {
        let s0 = f32x4.splat(0);
        let s1 = s0;
        let s2 = s0;
        let s3 = s0;
        let s4 = s0;
        let s5 = s0;
        let s6 = s0;
        let s7 = s0;
        let p = source + c;
        for (let w = row; w < rowEnd; w += 4) {
          const weight = v128.load32_splat(w);
          s0 = fmaF32x4(weight, v128.load(p), s0);
          s1 = fmaF32x4(weight, v128.load(p, 16), s1);
          s2 = fmaF32x4(weight, v128.load(p, 32), s2);
          s3 = fmaF32x4(weight, v128.load(p, 48), s3);
          s4 = fmaF32x4(weight, v128.load(p, 64), s4);
          s5 = fmaF32x4(weight, v128.load(p, 80), s5);
          s6 = fmaF32x4(weight, v128.load(p, 96), s6);
          s7 = fmaF32x4(weight, v128.load(p, 112), s7);
          p += inputStride;
        }
        const q = target + c;
        v128.store(q, s0);
        v128.store(q, s1, 16);
        v128.store(q, s2, 32);
        v128.store(q, s3, 48);
        v128.store(q, s4, 64);
        v128.store(q, s5, 80);
        v128.store(q, s6, 96);
        v128.store(q, s7, 112);
      }
      for (; c < end; c += 16) {
        let sum = f32x4.splat(0);
        let p = source + c;
        for (let w = row; w < rowEnd; w += 4) {
          sum = fmaF32x4(v128.load32_splat(w), v128.load(p), sum);
          p += inputStride;
        }
        v128.store(target + c, sum);
      }
    }
  }
}

/** The four sums of the lanes of a, b, c and d, in one vector. */
function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/**
 * Resamples along x, the contiguous axis: each output is an inner product of 4 taps at a time.
 *
 * @param input    f32 [rows, n], `inputStride` bytes between rows
 * @param output   f32 [rows, m], `outputStride` bytes between rows
 * @param rows     an even number
 * @param first    i32 [m], first[o] + taps <= n (padding included)
 * @param weights  f32 [m, taps]
 * @param m        a multiple of 4
 * @param taps     a multiple of 4
 */
export function resampleAlong(
  input: usize,
  inputStride: usize,
  output: usize,
  outputStride: usize,
  rows: i32,
  first: usize,
  weights: usize,
  m: i32,
  taps: i32,
): void {
  const tapBytes = (<usize>taps) << 2;
  for (let y = 0; y < rows; y += 2) {
    const above = input + <usize>y * inputStride;
    const target = output + <usize>y * outputStride;
    let row = weights;
    for (let o = 0; o < m; o += 4) {
      const at = first + ((<usize>o) << 2);
      const p0 = above + ((<usize>load<i32>(at)) << 2);
      const p1 = above + ((<usize>load<i32>(at, 4)) << 2);
      const p2 = above + ((<usize>load<i32>(at, 8)) << 2);
      const p3 = above + ((<usize>load<i32>(at, 12)) << 2);
      let a0 = f32x4.splat(0);
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      let b0 = a0;
      let b1 = a0;
      let b2 = a0;
      let b3 = a0;
      for (let t: usize = 0; t < tapBytes; t += 16) {
        const w0 = v128.load(row + t);
        const w1 = v128.load(row + tapBytes + t);
        const w2 = v128.load(row + 2 * tapBytes + t);
        const w3 = v128.load(row + 3 * tapBytes + t);
        a0 = fmaF32x4(w0, v128.load(p0 + t), a0);
        a1 = fmaF32x4(w1, v128.load(p1 + t), a1);
        a2 = fmaF32x4(w2, v128.load(p2 + t), a2);
        a3 = fmaF32x4(w3, v128.load(p3 + t), a3);
        b0 = fmaF32x4(w0, v128.load(p0 + inputStride + t), b0);
        b1 = fmaF32x4(w1, v128.load(p1 + inputStride + t), b1);
        b2 = fmaF32x4(w2, v128.load(p2 + inputStride + t), b2);
        b3 = fmaF32x4(w3, v128.load(p3 + inputStride + t), b3);
      }
      const q = target + ((<usize>o) << 2);
      v128.store(q, sumLanes(a0, a1, a2, a3));
      v128.store(q + outputStride, sumLanes(b0, b1, b2, b3));
      row += 4 * tapBytes;
    }
  }
}
