// The gradient of a 3x3 convolution's weights, by the transpose of Winograd's F(4x4, 3x3): with x cut into the tiles d of the forward pass
// and dy into tiles e of 4 x 4 pixels,
//
//   dg[co,ci] = G' (sum over tiles of  (A e[co] A') * (B' d[ci] B)) G,      * element by element,   ' transposed
//
// so that for each of the 36 positions the sum is a product of matrices, CI x tiles times tiles x CO: a quarter of the multiplications of the
// direct sum over pixels. Matrices and layouts are those of winograd-layout.ts; `du` is the sum before the last transform.
import { blockBytes, rowBytes } from "./blocked";
import { fmaF32x4 } from "./fma";
import { winogradInput } from "./winograd-input";
import { A1, A2, A3, B1, B2, B3, GROUP, POINT_A, POINT_B, SCRATCH, blockArraysBytes, blockOf, constant, positionBytes } from "./winograd-layout";

/** Bytes of the workspace that `winogradGradient` needs. */
export function winogradGradientWorkspaceBytes(CI: i32, CO: i32): f64 {
  return <f64>(SCRATCH + blockArraysBytes((CI + 7) & ~7, (CO + 7) & ~7, 4));
}

/** Bytes of `du`. */
export function winogradGradientBytes(CI: i32, CO: i32): f64 {
  return 36 * (<f64>((CI + 7) & ~7) * <f64>((CO + 7) & ~7) * 4 + 64);
}

/** Bytes from one position of `du` to the next: a spare cache line keeps the positions of a weight in different sets of the cache. */
function gradientStride(rows: i32, columns: i32): usize {
  return ((<usize>(rows * columns)) << 2) + 64;
}

/**
 * The sum over tiles, for one image.
 *
 * @param x         blocked image [CI, H, W], what the convolution read
 * @param dy        blocked image [CO, H, W], the gradient of what it gave (before bias and activation)
 * @param du        f32 [36][CO / 8, CI, 8], CI and CO rounded up to multiples of 8; overwritten
 * @param workspace winogradGradientWorkspaceBytes(CI, CO) bytes
 */
export function winogradGradient(x: usize, CI: i32, H: i32, W: i32, dy: usize, CO: i32, du: usize, workspace: usize): void {
  const rows = (CI + 7) & ~7;
  const columns = (CO + 7) & ~7;
  const v = workspace + SCRATCH;
  const block = blockOf(rows, columns, 4);
  const m = v + 36 * positionBytes(block / GROUP, rows);
  const tiles = ((H + 3) >> 2) * ((W + 3) >> 2);
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first);
    winogradInput(x, 0, rows, H, W, first, count, 4, v, workspace);
    outputTransposed(dy, columns, H, W, first, count, m, workspace);
    product(v, m, rows, columns, count, du, first == 0);
  }
}

/** m = A e A' for a block of tiles e of dy; m is f32 [36, CO / 8, groups * GROUP, 8]. */
function outputTransposed(dy: usize, CO: i32, H: i32, W: i32, first: i32, count: i32, m: usize, scratch: usize): void {
  const tilesX = (W + 3) >> 2;
  const groups = (count + GROUP - 1) / GROUP;
  const stride = positionBytes(groups, CO);
  const row = rowBytes(W);
  const block = blockBytes(H, W);
  for (let c = 0; c < CO >> 2; c++) {
    let to = m + ((<usize>((c >> 1) * groups * GROUP * 8 + (c & 1) * 4)) << 2);
    for (let t = first, end = first + count; t < end; t++, to += 32) {
      const tileY = t / tilesX;
      const tileX = t - tileY * tilesX;
      spread(dy + <usize>c * block + <usize>((tileY << 2) + 1) * row + (<usize>((tileX << 2) + 1) << 4), row, scratch, to, stride);
    }
  }
}

/** One tile of 4 channels: down the columns into scratch [6, 4, 4], then along the rows into m. */
function spread(e: usize, row: usize, scratch: usize, m: usize, stride: usize): void {
  const a1 = constant(A1);
  const a2 = constant(A2);
  const a3 = constant(A3);
  const b1 = constant(B1);
  const b2 = constant(B2);
  const b3 = constant(B3);
  for (const end = scratch + 64; scratch < end; scratch += 16, e += 16) {
    let from = e;
    const e0 = v128.load(from);
    const e1 = v128.load((from += row));
    const e2 = v128.load((from += row));
    const e3 = v128.load(from + row);
    const evenA = fmaF32x4(e2, a2, e0);
    const oddA = fmaF32x4(e3, a3, f32x4.mul(e1, a1));
    const evenB = fmaF32x4(e2, b2, e0);
    const oddB = fmaF32x4(e3, b3, f32x4.mul(e1, b1));
    v128.store(scratch, e0);
    v128.store(scratch, f32x4.add(evenA, oddA), 64);
    v128.store(scratch, f32x4.sub(evenA, oddA), 128);
    v128.store(scratch, f32x4.add(evenB, oddB), 192);
    v128.store(scratch, f32x4.sub(evenB, oddB), 256);
    v128.store(scratch, e3, 320);
  }
  scratch -= 64;
  for (const end = scratch + 384; scratch < end; scratch += 64, m += stride) {
    const e0 = v128.load(scratch);
    const e1 = v128.load(scratch, 16);
    const e2 = v128.load(scratch, 32);
    const e3 = v128.load(scratch, 48);
    const evenA = fmaF32x4(e2, a2, e0);
    const oddA = fmaF32x4(e3, a3, f32x4.mul(e1, a1));
    const evenB = fmaF32x4(e2, b2, e0);
    const oddB = fmaF32x4(e3, b3, f32x4.mul(e1, b1));
    v128.store(m, e0);
    v128.store((m += stride), f32x4.add(evenA, oddA));
    v128.store((m += stride), f32x4.sub(evenA, oddA));
    v128.store((m += stride), f32x4.add(evenB, oddB));
    v128.store((m += stride), f32x4.sub(evenB, oddB));
    v128.store((m += stride), e3);
  }
}

/** du[p, ci, co] = (0 or what is there) + sum over a block's tiles t of v[p, t, ci] * m[p, t, co]. */
function product(v: usize, m: usize, CI: i32, CO: i32, count: i32, du: usize, isFirst: bool): void {
  const groups = (count + GROUP - 1) / GROUP;
  const vStride = positionBytes(groups, CI);
  const mStride = positionBytes(groups, CO);
  const group = (<usize>(CI * GROUP)) << 2;
  const panel = (<usize>(groups * GROUP)) << 5;
  const stride = gradientStride(CI, CO);
  for (let p = 0; p < 36; p++, v += vStride, m += mStride, du += stride) {
    let from = m;
    let to = du;
    for (let co = 0; co < CO; co += 8, from += panel) {
      for (let ci = 0; ci < CI; ci += 4, to += 128) {
        multiply(v + ((<usize>((ci >> 3) * GROUP * 8 + (ci & 4))) << 2), group, from, count, to, isFirst);
      }
    }
  }
}

/** 4 input channels times 8 output channels, over `count` tiles. */
function multiply(v: usize, group: usize, m: usize, count: i32, du: usize, isFirst: bool): void {
  let a0 = f32x4.splat(0),
    a1 = a0,
    a2 = a0,
    a3 = a0,
    b0 = a0,
    b1 = a0,
    b2 = a0,
    b3 = a0;
  if (!isFirst) {
    a0 = v128.load(du);
    b0 = v128.load(du, 16);
    a1 = v128.load(du, 32);
    b1 = v128.load(du, 48);
    a2 = v128.load(du, 64);
    b2 = v128.load(du, 80);
    a3 = v128.load(du, 96);
    b3 = v128.load(du, 112);
  }
  for (; count > 0; count -= GROUP, v += group) {
    for (let tile = v, end = v + ((<usize>min(GROUP, count)) << 5); tile < end; tile += 32, m += 32) {
      const mA = v128.load(m);
      const mB = v128.load(m, 16);
      let value = v128.load32_splat(tile);
      a0 = fmaF32x4(mA, value, a0);
      b0 = fmaF32x4(mB, value, b0);
      value = v128.load32_splat(tile, 4);
      a1 = fmaF32x4(mA, value, a1);
      b1 = fmaF32x4(mB, value, b1);
      value = v128.load32_splat(tile, 8);
      a2 = fmaF32x4(mA, value, a2);
      b2 = fmaF32x4(mB, value, b2);
      value = v128.load32_splat(tile, 12);
      a3 = fmaF32x4(mA, value, a3);
      b3 = fmaF32x4(mB, value, b3);
    }
  }
  v128.store(du, a0);
  v128.store(du, b0, 16);
  v128.store(du, a1, 32);
  v128.store(du, b1, 48);
  v128.store(du, a2, 64);
  v128.store(du, b2, 80);
  v128.store(du, a3, 96);
  v128.store(du, b3, 112);
}

const A: f64 = POINT_A;
const B: f64 = POINT_B;
const NA: f64 = 2 * A * A * (A * A - B * B);
const NB: f64 = 2 * B * B * (B * B - A * A);
/** The entries of G that differ: 1 / n(0); 1, p, p^2 over n(a); the same over n(b). */
const G = memory.data<f32>([
  <f32>(1 / (A * A * B * B)),
  <f32>(1 / NA),
  <f32>(A / NA),
  <f32>((A * A) / NA),
  <f32>(1 / NB),
  <f32>(B / NB),
  <f32>((B * B) / NB),
]);

/**
 * The last transform: dg = G' du G.
 *
 * @param du       where (co, ci) = (0, 0) lies in f32 [36][columns / 8, rows, 8] as `winogradGradient` leaves it
 * @param dweight  f32; the 3x3 taps of (co, ci) go to dweight + co * coBytes + ci * ciBytes, for CI x CO of them
 * @param scratch  288 bytes
 */
export function winogradWeightGradient(
  du: usize,
  rows: i32,
  columns: i32,
  CI: i32,
  CO: i32,
  dweight: usize,
  coBytes: usize,
  ciBytes: usize,
  scratch: usize,
): void {
  const stride = gradientStride(rows, columns);
  for (let panel = 0; panel < CO; panel += 8, du += (<usize>rows) << 5) {
    for (let ci = 0; ci < CI; ci++) {
      for (let half = 0; half < min(8, CO - panel); half += 4) {
        const to = dweight + <usize>(panel + half) * coBytes + <usize>ci * ciBytes;
        fold(du + (<usize>ci << 5) + (<usize>half << 2), stride, scratch, min(4, CO - panel - half), to, coBytes);
      }
    }
  }
}

/** G' du G for `count` <= 4 output channels: down the columns into scratch [3, 6, 4], then along the rows into 9 taps of each channel. */
function fold(du: usize, stride: usize, scratch: usize, count: i32, dweight: usize, coBytes: usize): void {
  const down = stride * 6;
  for (let to = scratch, end = scratch + 96; to < end; to += 16, du += stride) {
    let from = du;
    const d0 = v128.load(from);
    const d1 = v128.load((from += down));
    const d2 = v128.load((from += down));
    const d3 = v128.load((from += down));
    const d4 = v128.load((from += down));
    const d5 = v128.load(from + down);
    const evenA = f32x4.add(d1, d2);
    const evenB = f32x4.add(d3, d4);
    v128.store(to, fmaF32x4(evenB, g(16), fmaF32x4(evenA, g(4), f32x4.mul(d0, g(0)))));
    v128.store(to, fmaF32x4(f32x4.sub(d3, d4), g(20), f32x4.mul(f32x4.sub(d1, d2), g(8))), 96);
    v128.store(to, fmaF32x4(evenB, g(24), fmaF32x4(evenA, g(12), d5)), 192);
  }
  for (let from = scratch, end = scratch + 288; from < end; from += 96, dweight += 12) {
    const d0 = v128.load(from);
    const d1 = v128.load(from, 16);
    const d2 = v128.load(from, 32);
    const d3 = v128.load(from, 48);
    const d4 = v128.load(from, 64);
    const d5 = v128.load(from, 80);
    const evenA = f32x4.add(d1, d2);
    const evenB = f32x4.add(d3, d4);
    scatter(dweight, coBytes, count, fmaF32x4(evenB, g(16), fmaF32x4(evenA, g(4), f32x4.mul(d0, g(0)))));
    scatter(dweight + 4, coBytes, count, fmaF32x4(f32x4.sub(d3, d4), g(20), f32x4.mul(f32x4.sub(d1, d2), g(8))));
    scatter(dweight + 8, coBytes, count, fmaF32x4(evenB, g(24), fmaF32x4(evenA, g(12), d5)));
  }
}

/** Stores one tap of `count` output channels. */
function scatter(to: usize, coBytes: usize, count: i32, taps: v128): void {
  v128.store32_lane(to, taps, 0);
  if (count > 1) v128.store32_lane(to + coBytes, taps, 1);
  if (count > 2) v128.store32_lane(to + 2 * coBytes, taps, 2);
  if (count > 3) v128.store32_lane(to + 3 * coBytes, taps, 3);
}

/** One of the entries of G in four lanes. */
function g(offset: usize): v128 {
  return v128.load32_splat(G + offset);
}
