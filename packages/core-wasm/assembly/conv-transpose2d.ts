// Transposed convolution with 2 x 2 taps and stride 2, and its gradients.
//
//   y[co, 2i + a, 2j + b]  = bias[co] + sum over ci of weight[ci,co,a,b] * x[ci,i,j]
//   dx[ci,i,j]             = sum over co, a, b of weight[ci,co,a,b] * dy[co, 2i + a, 2j + b]
//   dweight[ci,co,a,b]     = sum over i, j of x[ci,i,j] * dy[co, 2i + a, 2j + b]
//
// The taps never overlap, so each tap is a product of matrices, pixels x CI times CI x CO. H x W are the sizes of x; y has twice as many
// rows and columns. Weights are packed into panels of 8 channels of the result, channels filled up with zeros:
//
//   forward   [4 taps, CO / 8, CI, 8]        input gradient  [CI / 8, 4 taps, CO, 8]
import { blockBytes, rowBytes } from "./blocked";
import { fmaF32x4 } from "./fma";

/** Pixels that one step holds in registers; see conv2d.ts. */
const STRIP: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;

/**
 * @param x       blocked image [CI, H, W], CI a multiple of 8
 * @param packed  f32 [4, CO / 8, CI, 8]
 * @param bias    f32 [CO], CO a multiple of 8
 * @param y       blocked image [CO, 2H, 2W]
 */
export function convTranspose2d(x: usize, CI: i32, H: i32, W: i32, packed: usize, bias: usize, CO: i32, y: usize): void {
  convTranspose2dRows(x, CI, H, W, packed, bias, CO, y, 0, H);
}

/** The part of `convTranspose2d` that comes from rows firstRow .. endRow - 1 of x: threads share a map so. */
export function convTranspose2dRows(
  x: usize,
  CI: i32,
  H: i32,
  W: i32,
  packed: usize,
  bias: usize,
  CO: i32,
  y: usize,
  firstRow: i32,
  endRow: i32,
): void {
  const row = rowBytes(W);
  const block = blockBytes(H, W);
  const wideRow = rowBytes(2 * W);
  const wideBlock = blockBytes(2 * H, 2 * W);
  const rows = rowsTogether(W);
  for (let first = firstRow; first < endRow; first += rows) {
    let weight = packed;
    for (let tap = 0; tap < 4; tap++) {
      for (let panel = 0; panel < CO; panel += 8, weight += (<usize>CI) << 5) {
        const start = bias + (<usize>panel << 2);
        for (let i = first, end = min(first + rows, endRow); i < end; i++) {
          const from = x + <usize>(i + 1) * row + 16;
          const to = y + <usize>(panel >> 2) * wideBlock + <usize>(2 * i + 1 + (tap >> 1)) * wideRow + 16 + (<usize>(tap & 1) << 4);
          for (let j = 0; j < W; j += STRIP) {
            strip<u8>(from + (<usize>j << 4), block, CI, weight, start, start + 16, 0, to + (<usize>j << 5), 32, wideBlock, min(STRIP, W - j));
          }
        }
      }
    }
  }
}

/**
 * @param packed  f32 [CI / 8, 4, CO, 8]
 * @param dx      blocked image [CI, H, W], overwritten
 */
export function convTranspose2dBackwardInput(dy: usize, CI: i32, H: i32, W: i32, packed: usize, CO: i32, dx: usize): void {
  const row = rowBytes(W);
  const block = blockBytes(H, W);
  const wideRow = rowBytes(2 * W);
  const wideBlock = blockBytes(2 * H, 2 * W);
  const taps = (<usize>CO) << 5;
  const rows = rowsTogether(W);
  for (let first = 0; first < H; first += rows) {
    let weight = packed;
    for (let panel = 0; panel < CI; panel += 8) {
      for (let tap = 0; tap < 4; tap++, weight += taps) {
        for (let i = first, end = min(first + rows, H); i < end; i++) {
          const from = dy + <usize>(2 * i + 1 + (tap >> 1)) * wideRow + 16 + (<usize>(tap & 1) << 4);
          const to = dx + <usize>(panel >> 2) * block + <usize>(i + 1) * row + 16;
          for (let j = 0; j < W; j += STRIP) {
            const out = to + (<usize>j << 4);
            const step: usize = tap == 0 ? 0 : 16;
            const start = tap == 0 ? zeros : out;
            const second = tap == 0 ? zeros : out + block;
            strip<u16>(from + (<usize>j << 5), wideBlock, CO, weight, start, second, step, out, 16, block, min(STRIP, W - j));
          }
        }
      }
    }
  }
}

/** Rows that are done with one reading of the weights: enough that it is worth their way from a far cache. */
function rowsTogether(W: i32): i32 {
  return max(1, 256 / W);
}

const zeros = memory.data(16, 16);

/**
 * One strip: `count` pixels, 8 channels.
 *
 * @param T           u8 where the pixels of x lie side by side, u16 where every second one counts: its size is a number that the compiler knows
 * @param x           the first pixel's channel 0; pixels 16 * sizeof<T>() bytes apart, blocks of 4 channels `block` bytes apart
 * @param weight      f32 [C, 8]
 * @param start       what the sums begin with: 4 channels at `start` and 4 at `second`, `step` bytes further for each pixel
 * @param y           the first pixel's first channel; pixels `yPixel` bytes apart, blocks `yBlock`
 */
function strip<T>(
  x: usize,
  block: usize,
  C: i32,
  weight: usize,
  start: usize,
  second: usize,
  step: usize,
  y: usize,
  yPixel: usize,
  yBlock: usize,
  count: i32,
): void {
  let a0 = v128.load(start);
  let b0 = v128.load(second);
  let a1 = v128.load((start += step));
  let b1 = v128.load((second += step));
  let a2 = v128.load((start += step));
  let b2 = v128.load((second += step));
  let a3 = v128.load((start += step));
  let b3 = v128.load((second += step));
  let a4 = a0,
    a5 = a0,
    b4 = a0,
    b5 = a0;
  if (STRIP == 6) {
    a4 = v128.load((start += step));
    b4 = v128.load((second += step));
    a5 = v128.load(start + step);
    b5 = v128.load(second + step);
  }
  for (let c = 0; c < C; c += 4, x += block) {
    for (let from = x, end = x + 16; from < end; from += 4, weight += 32) {
      const wA = v128.load(weight);
      const wB = v128.load(weight, 16);
      let value = v128.load32_splat(from);
      a0 = fmaF32x4(wA, value, a0);
      b0 = fmaF32x4(wB, value, b0);
      value = v128.load32_splat(from, sizeof<T>() * 16);
      a1 = fmaF32x4(wA, value, a1);
      b1 = fmaF32x4(wB, value, b1);
      value = v128.load32_splat(from, sizeof<T>() * 32);
      a2 = fmaF32x4(wA, value, a2);
      b2 = fmaF32x4(wB, value, b2);
      value = v128.load32_splat(from, sizeof<T>() * 48);
      a3 = fmaF32x4(wA, value, a3);
      b3 = fmaF32x4(wB, value, b3);
      if (STRIP == 6) {
        value = v128.load32_splat(from, sizeof<T>() * 64);
        a4 = fmaF32x4(wA, value, a4);
        b4 = fmaF32x4(wB, value, b4);
        value = v128.load32_splat(from, sizeof<T>() * 80);
        a5 = fmaF32x4(wA, value, a5);
        b5 = fmaF32x4(wB, value, b5);
      }
    }
  }
  put(y, yBlock, a0, b0);
  if (count > 1) put((y += yPixel), yBlock, a1, b1);
  if (count > 2) put((y += yPixel), yBlock, a2, b2);
  if (count > 3) put((y += yPixel), yBlock, a3, b3);
  if (STRIP == 6 && count > 4) put((y += yPixel), yBlock, a4, b4);
  if (STRIP == 6 && count > 5) put(y + yPixel, yBlock, a5, b5);
}

/** Stores one pixel of a panel. */
function put(y: usize, block: usize, a: v128, b: v128): void {
  v128.store(y, a);
  v128.store(y + block, b);
}

/**
 * The gradient of the weights, as packed for the forward pass: some rows are summed in registers, and their sums in memory.
 *
 * @param sums  f32 [4, CO / 8, CI, 8], overwritten
 */
export function convTranspose2dBackwardWeight(x: usize, CI: i32, H: i32, W: i32, dy: usize, CO: i32, sums: usize): void {
  const row = rowBytes(W);
  const block = blockBytes(H, W);
  const wideRow = rowBytes(2 * W);
  const wideBlock = blockBytes(2 * H, 2 * W);
  memory.fill(sums, 0, (<usize>(CI * CO)) << 4);
  const rows = rowsTogether(W);
  for (let i = 0; i < H; i += rows) {
    let to = sums;
    for (let tap = 0; tap < 4; tap++) {
      for (let panel = 0; panel < CO; panel += 8) {
        const slope = dy + <usize>(panel >> 2) * wideBlock + <usize>(2 * i + 1 + (tap >> 1)) * wideRow + 16 + (<usize>(tap & 1) << 4);
        for (let c = 0; c < CI; c += 4, to += 128) {
          outer(x + <usize>(c >> 2) * block + <usize>(i + 1) * row + 16, row, slope, 2 * wideRow, wideBlock, W, min(rows, H - i), to);
        }
      }
    }
  }
}

/** Adds to sums [4, 8] the products of `rows` rows of 4 channels of x with every second pixel of as many rows of 8 channels of dy, `dyRow` apart. */
function outer(x: usize, row: usize, dy: usize, dyRow: usize, block: usize, W: i32, rows: i32, sums: usize): void {
  let a0 = v128.load(sums);
  let b0 = v128.load(sums, 16);
  let a1 = v128.load(sums, 32);
  let b1 = v128.load(sums, 48);
  let a2 = v128.load(sums, 64);
  let b2 = v128.load(sums, 80);
  let a3 = v128.load(sums, 96);
  let b3 = v128.load(sums, 112);
  for (; rows > 0; rows--, x += row, dy += dyRow) {
    for (let from = x, slope = dy, end = x + (<usize>W << 4); from < end; from += 16, slope += 32) {
      const dA = v128.load(slope);
      const dB = v128.load(slope + block);
      let value = v128.load32_splat(from);
      a0 = fmaF32x4(dA, value, a0);
      b0 = fmaF32x4(dB, value, b0);
      value = v128.load32_splat(from, 4);
      a1 = fmaF32x4(dA, value, a1);
      b1 = fmaF32x4(dB, value, b1);
      value = v128.load32_splat(from, 8);
      a2 = fmaF32x4(dA, value, a2);
      b2 = fmaF32x4(dB, value, b2);
      value = v128.load32_splat(from, 12);
      a3 = fmaF32x4(dA, value, a3);
      b3 = fmaF32x4(dB, value, b3);
    }
  }
  v128.store(sums, a0);
  v128.store(sums, b0, 16);
  v128.store(sums, a1, 32);
  v128.store(sums, b1, 48);
  v128.store(sums, a2, 64);
  v128.store(sums, b2, 80);
  v128.store(sums, a3, 96);
  v128.store(sums, b3, 112);
}

/**
 * Packs weights for both directions. What lies beyond CI and CO is not written: it is to be zero already.
 *
 * @param weight    f32 [CI, CO, 2, 2]
 * @param forward   f32 [4, CO / 8, CI, 8], CI and CO rounded up to multiples of 8
 * @param backward  f32 [CI / 8, 4, CO, 8], the same; 0 where it is not wanted
 */
export function packTransposed(weight: usize, CI: i32, CO: i32, forward: usize, backward: usize): void {
  const rows = (CI + 7) & ~7;
  const columns = (CO + 7) & ~7;
  for (let ci = 0; ci < CI; ci++) {
    for (let co = 0; co < CO; co++) {
      for (let tap = 0; tap < 4; tap++, weight += 4) {
        const value = load<f32>(weight);
        store<f32>(forward + ((<usize>forwardPlace(tap, co, ci, rows, columns)) << 2), value);
        if (backward) store<f32>(backward + ((<usize>((((ci >> 3) * 4 + tap) * columns + co) * 8 + (ci & 7))) << 2), value);
      }
    }
  }
}

/**
 * Takes packed sums apart.
 *
 * @param sums    f32 [4, CO / 8, CI, 8]
 * @param weight  f32 [CI, CO, 2, 2]
 */
export function unpackTransposed(sums: usize, CI: i32, CO: i32, weight: usize): void {
  const rows = (CI + 7) & ~7;
  const columns = (CO + 7) & ~7;
  for (let ci = 0; ci < CI; ci++) {
    for (let co = 0; co < CO; co++) {
      for (let tap = 0; tap < 4; tap++, weight += 4) {
        store<f32>(weight, load<f32>(sums + ((<usize>forwardPlace(tap, co, ci, rows, columns)) << 2)));
      }
    }
  }
}

/** Index into [4, CO / 8, CI, 8]. */
function forwardPlace(tap: i32, co: i32, ci: i32, rows: i32, columns: i32): i32 {
  return ((tap * (columns >> 3) + (co >> 3)) * rows + ci) * 8 + (co & 7);
}
