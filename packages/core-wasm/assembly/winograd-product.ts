import { fmaF32x4 } from "./fma";
import { GROUP, positionBytes } from "./winograd-layout";

/** Bytes of a panel of weights and of the tiles that it meets one after the other, up to which they stay in the first-level cache. */
const NEAREST: i32 = 24 << 10;
/** Bytes of a position's weights that stay in the second-level cache, from which each run of tiles then reads them again. */
const NEAR: i32 = 512 << 10;

/**
 * The products of a block of tiles:  m[p, co, t] = sum over ci of u[p, co, ci] * v[p, t, ci]  for each position p.
 *
 * @param v      f32 [36, groups, CI / 8, GROUP, 8]
 * @param u      f32 [36, CO / 8, CI, 8]; CI and CO multiples of 8
 * @param m      f32 [36, CO / 8, groups * GROUP, 8]
 * @param count  number of tiles; groups = ceil(count / GROUP)
 * @param positions  36, or 64 for tiles of 6 x 6; v, u and m have as many
 * @param skipped  bytes of u between one position's panels and the next's, where u has more panels than CO / 8
 */
export function winogradProduct(v: usize, u: usize, m: usize, CI: i32, CO: i32, count: i32, positions: i32 = 36, skipped: usize = 0): void {
  const groups = (count + GROUP - 1) / GROUP;
  /** Groups that are not cut short. */
  const full = GROUP > 4 && groups * GROUP - count >= GROUP - 4 ? groups - 1 : groups;
  const vStride = positionBytes(groups, CI);
  const mStride = positionBytes(groups, CO);
  const groupBytes = (CI * GROUP) << 2;
  const panelBytes = CI << 5;
  const line = (<usize>(groups * GROUP)) << 5;
  const uStride = skipped + <usize>(CO >> 3) * panelBytes;
  const run = (CI * CO) << 2 <= NEAR ? max(1, (NEAREST - panelBytes) / groupBytes) : groups;
  for (let p = 0; p < positions; p++, v += vStride, m += mStride, u += uStride) {
    for (let first = 0; first < groups; first += run) {
      const end = min(first + run, groups);
      const tiles = v + <usize>first * groupBytes;
      let panel = u;
      let sums = m + ((<usize>(first * GROUP)) << 5);
      for (const last = u + <usize>(CO >> 3) * panelBytes; panel < last; panel += panelBytes, sums += line) {
        let from = tiles;
        let to = sums;
        for (let g = first; g < min(end, full); g++, from += groupBytes, to += GROUP * 32) multiply(from, panel, CI, to);
        if (end > full) multiplyFour(from, panel, CI, to);
      }
    }
  }
}

/** GROUP tiles times 8 output channels. */
function multiply(v: usize, u: usize, CI: i32, m: usize): void {
  let a0 = f32x4.splat(0),
    a1 = a0,
    a2 = a0,
    a3 = a0,
    a4 = a0,
    a5 = a0;
  let b0 = a0,
    b1 = a0,
    b2 = a0,
    b3 = a0,
    b4 = a0,
    b5 = a0;
  // One running offset for both operands: two running pointers cost 8 % here, and a second step in the loop's body 30 to 50 %: V8 orders a block's
  // instructions anew and lets the steps' weights and sums live at once (seen in its machine code), so that registers are spilled.
  for (const end = v + ((<usize>(CI * GROUP)) << 2); v < end; v += GROUP * 32, u += 256) {
    for (let k: usize = 0; k < 32; k += 4) {
      const uA = v128.load(u + (k << 3));
      const uB = v128.load(u + (k << 3), 16);
      let tile = v128.load32_splat(v + k);
      a0 = fmaF32x4(uA, tile, a0);
      b0 = fmaF32x4(uB, tile, b0);
      tile = v128.load32_splat(v + k, 32);
      a1 = fmaF32x4(uA, tile, a1);
      b1 = fmaF32x4(uB, tile, b1);
      tile = v128.load32_splat(v + k, 64);
      a2 = fmaF32x4(uA, tile, a2);
      b2 = fmaF32x4(uB, tile, b2);
      tile = v128.load32_splat(v + k, 96);
      a3 = fmaF32x4(uA, tile, a3);
      b3 = fmaF32x4(uB, tile, b3);
      if (GROUP == 6) {
        tile = v128.load32_splat(v + k, 128);
        a4 = fmaF32x4(uA, tile, a4);
        b4 = fmaF32x4(uB, tile, b4);
        tile = v128.load32_splat(v + k, 160);
        a5 = fmaF32x4(uA, tile, a5);
        b5 = fmaF32x4(uB, tile, b5);
      }
    }
  }
  v128.store(m, a0);
  v128.store(m, b0, 16);
  v128.store(m, a1, 32);
  v128.store(m, b1, 48);
  v128.store(m, a2, 64);
  v128.store(m, b2, 80);
  v128.store(m, a3, 96);
  v128.store(m, b3, 112);
  if (GROUP == 6) {
    v128.store(m, a4, 128);
    v128.store(m, b4, 144);
    v128.store(m, a5, 160);
    v128.store(m, b5, 176);
  }
}

/** Four of GROUP tiles times 8 output channels: the end of a block whose last group has no more (16 tiles of a 16 x 16 map are 6 + 6 + 4). */
function multiplyFour(v: usize, u: usize, CI: i32, m: usize): void {
  let a0 = f32x4.splat(0),
    a1 = a0,
    a2 = a0,
    a3 = a0;
  let b0 = a0,
    b1 = a0,
    b2 = a0,
    b3 = a0;
  for (const end = v + ((<usize>(CI * GROUP)) << 2); v < end; v += GROUP * 32, u += 256) {
    for (let k: usize = 0; k < 32; k += 4) {
      const uA = v128.load(u + (k << 3));
      const uB = v128.load(u + (k << 3), 16);
      let tile = v128.load32_splat(v + k);
      a0 = fmaF32x4(uA, tile, a0);
      b0 = fmaF32x4(uB, tile, b0);
      tile = v128.load32_splat(v + k, 32);
      a1 = fmaF32x4(uA, tile, a1);
      b1 = fmaF32x4(uB, tile, b1);
      tile = v128.load32_splat(v + k, 64);
      a2 = fmaF32x4(uA, tile, a2);
      b2 = fmaF32x4(uB, tile, b2);
      tile = v128.load32_splat(v + k, 96);
      a3 = fmaF32x4(uA, tile, a3);
      b3 = fmaF32x4(uB, tile, b3);
    }
  }
  v128.store(m, a0);
  v128.store(m, b0, 16);
  v128.store(m, a1, 32);
  v128.store(m, b1, 48);
  v128.store(m, a2, 64);
  v128.store(m, b2, 80);
  v128.store(m, a3, 96);
  v128.store(m, b3, 112);
}
