// 3x3 convolution, bias and activation, as an implicit matrix product: no patch is ever copied out.
//
//   y[co, p] = activation(bias[co] + sum over ci and taps t of weight[co, ci, t] * x[ci, p + t - (1, 1)])
//
// One step of the product holds a strip of pixels of a row times a panel of 8 output channels in registers: 6 pixels with fused
// multiply-add, 4 without, where 6 would spill.
import { activate } from "./activation";
import { blockBytes, rowBytes } from "./blocked";
import { fmaF32x4 } from "./fma";

const STRIP: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;

/**
 * 3x3 convolution with padding 1, bias and activation.
 *
 * @param x           blocked image, CI channels
 * @param weight      f32 [ceil(CO / 8), CI, 9, 8]: panels of 8 output channels, taps row by row, zero beyond CO
 * @param bias        f32 [ceil(CO / 8) * 8], zero beyond CO
 * @param activation  see activation.ts
 * @param y           blocked image, CO channels
 */
export function conv2d(x: usize, CI: i32, H: i32, W: i32, weight: usize, bias: usize, CO: i32, activation: i32, y: usize): void {
  conv2dRows(x, CI, H, W, weight, bias, CO, activation, y, 0, H);
}

/** Rows firstRow .. endRow - 1 of what `conv2d` computes: threads share an image so. */
export function conv2dRows(
  x: usize,
  CI: i32,
  H: i32,
  W: i32,
  weight: usize,
  bias: usize,
  CO: i32,
  activation: i32,
  y: usize,
  firstRow: i32,
  endRow: i32,
): void {
  const row = rowBytes(W);
  const block = blockBytes(H, W);
  for (let panel = 0; panel < CO; panel += 8) {
    for (let i = firstRow; i < endRow; i++) {
      const to = y + <usize>(panel >> 2) * block + <usize>(i + 1) * row + 16;
      for (let j = 0; j < W; j += STRIP) {
        const pixel = (<usize>j) << 4;
        strip(x + <usize>i * row + pixel, CI, block, row, weight, bias, min(STRIP, W - j), to + pixel);
      }
      activate(to, W, activation);
      activate(to + block, W, activation);
    }
    weight += <usize>CI * 288;
    bias += 32;
  }
}

/**
 * One strip: `count` pixels of a row, 8 channels, not yet activated.
 *
 * @param x       the upper left neighbour of the first pixel, channel 0
 * @param weight  f32 [CI, 9, 8]
 * @param y       the first pixel's first channel
 */
function strip(x: usize, CI: i32, block: usize, row: usize, weight: usize, bias: usize, count: i32, y: usize): void {
  const biasA = v128.load(bias);
  const biasB = v128.load(bias, 16);
  let a0 = biasA,
    a1 = biasA,
    a2 = biasA,
    a3 = biasA,
    a4 = biasA,
    a5 = biasA;
  let b0 = biasB,
    b1 = biasB,
    b2 = biasB,
    b3 = biasB,
    b4 = biasB,
    b5 = biasB;
  for (let c = 0; c < CI; c++) {
    let from = x + <usize>(c >> 2) * block + ((<usize>(c & 3)) << 2);
    for (let tapRow = 0; tapRow < 3; tapRow++) {
      let tap = from;
      for (let tapColumn = 0; tapColumn < 3; tapColumn++) {
        const wA = v128.load(weight);
        const wB = v128.load(weight, 16);
        let value = v128.load32_splat(tap);
        a0 = fmaF32x4(wA, value, a0);
        b0 = fmaF32x4(wB, value, b0);
        value = v128.load32_splat(tap, 16);
        a1 = fmaF32x4(wA, value, a1);
        b1 = fmaF32x4(wB, value, b1);
        value = v128.load32_splat(tap, 32);
        a2 = fmaF32x4(wA, value, a2);
        b2 = fmaF32x4(wB, value, b2);
        value = v128.load32_splat(tap, 48);
        a3 = fmaF32x4(wA, value, a3);
        b3 = fmaF32x4(wB, value, b3);
        if (STRIP == 6) {
          value = v128.load32_splat(tap, 64);
          a4 = fmaF32x4(wA, value, a4);
          b4 = fmaF32x4(wB, value, b4);
          value = v128.load32_splat(tap, 80);
          a5 = fmaF32x4(wA, value, a5);
          b5 = fmaF32x4(wB, value, b5);
        }
        weight += 32;
        tap += 16;
      }
      from += row;
    }
  }
  put(y, block, a0, b0);
  if (count > 1) put(y + 16, block, a1, b1);
  if (count > 2) put(y + 32, block, a2, b2);
  if (count > 3) put(y + 48, block, a3, b3);
  if (STRIP == 6 && count > 4) put(y + 64, block, a4, b4);
  if (STRIP == 6 && count > 5) put(y + 80, block, a5, b5);
}

/** Stores one pixel of a panel. */
function put(y: usize, block: usize, a: v128, b: v128): void {
  v128.store(y, a);
  v128.store(y + block, b);
}
