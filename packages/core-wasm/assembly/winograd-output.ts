import { activate } from "./activation";
import { blockBytes, rowBytes } from "./blocked";
import { fmaF32x4 } from "./fma";
import { A1, A2, A3, B1, B2, B3, GROUP, constant, positionBytes } from "./winograd-layout";

/**
 * Transforms a block of products back: y = activation(pool(A' m A + bias)). Pooling before the activation takes the same values to
 * the same places, because the activation is monotone, and activates a quarter of the pixels.
 *
 * @param m        f32 [36, CO / 8, groups * GROUP, 8]; see winograd-layout.ts
 * @param first    index of the block's first tile, as in winogradInput
 * @param count    number of tiles
 * @param bias     f32 [CO], CO a multiple of 8
 * @param isPooled whether 2x2 max pooling follows; H and W are then even
 * @param y        N blocked images [CO, H, W], or [CO, H/2, W/2] when pooled, `yBytes` apart
 * @param scratch  576 bytes
 */
export function winogradOutput(
  m: usize, first: i32, count: i32, H: i32, W: i32, bias: usize, CO: i32, activation: i32, isPooled: bool, y: usize, yBytes: usize, scratch: usize,
): void {
  const tilesX = (W + 3) >> 2;
  const tiles = tilesX * ((H + 3) >> 2);
  const groups = (count + GROUP - 1) / GROUP;
  const stride = positionBytes(groups, CO);
  const scale: i32 = isPooled ? 1 : 0;
  const row = rowBytes(W >> scale);
  const block = blockBytes(H >> scale, W >> scale);
  for (let c = 0; c < CO >> 2; c++) {
    let from = m + (<usize>((c >> 1) * groups * GROUP * 8 + (c & 1) * 4) << 2);
    const biasC = v128.load(bias + (<usize>c << 4));
    for (let t = first, end = first + count; t < end; t++, from += 32) {
      const image = t / tiles;
      const tile = t - image * tiles;
      const tileY = tile / tilesX;
      const tileX = tile - tileY * tilesX;
      columns(from, stride, scratch);
      const to = y + <usize>image * yBytes + <usize>c * block + (<usize>tileX << (6 - scale)) + 16 + <usize>((tileY << (2 - scale)) + 1) * row;
      const rows = min(4, H - (tileY << 2));
      const across = min(4, W - (tileX << 2));
      if (isPooled) {
        for (let i = 0; i < rows; i += 2) pooledRows(scratch + <usize>i * 96, biasC, activation, across, to + <usize>(i >> 1) * row);
      } else {
        for (let i = 0; i < rows; i++) plainRow(scratch + <usize>i * 96, biasC, activation, across, to + <usize>i * row);
      }
    }
  }
}

/** A' down the columns: m [6, 6] at distances of `stride` into scratch [4, 6, 4]. */
// @ts-ignore: decorator
@inline
function columns(m: usize, stride: usize, scratch: usize): void {
  const down = stride * 6;
  for (let j = 0; j < 6; j++, m += stride, scratch += 16) {
    let from = m;
    const m0 = v128.load(from);
    const m1 = v128.load((from += down));
    const m2 = v128.load((from += down));
    const m3 = v128.load((from += down));
    const m4 = v128.load((from += down));
    const m5 = v128.load(from + down);
    const evenA = f32x4.add(m1, m2);
    const oddA = f32x4.sub(m1, m2);
    const evenB = f32x4.add(m3, m4);
    const oddB = f32x4.sub(m3, m4);
    v128.store(scratch, f32x4.add(f32x4.add(m0, evenA), evenB));
    v128.store(scratch, fmaF32x4(oddB, constant(B1), f32x4.mul(oddA, constant(A1))), 96);
    v128.store(scratch, fmaF32x4(evenB, constant(B2), f32x4.mul(evenA, constant(A2))), 192);
    v128.store(scratch, fmaF32x4(oddB, constant(B3), fmaF32x4(oddA, constant(A3), m5)), 288);
  }
}

/** One row of a tile: A along it, bias, activation. */
// @ts-ignore: decorator
@inline
function plainRow(scratch: usize, bias: v128, activation: i32, across: i32, y: usize): void {
  const m0 = f32x4.add(v128.load(scratch), bias);
  const m1 = v128.load(scratch, 16);
  const m2 = v128.load(scratch, 32);
  const m3 = v128.load(scratch, 48);
  const m4 = v128.load(scratch, 64);
  const m5 = f32x4.add(v128.load(scratch, 80), bias);
  const evenA = f32x4.add(m1, m2);
  const oddA = f32x4.sub(m1, m2);
  const evenB = f32x4.add(m3, m4);
  const oddB = f32x4.sub(m3, m4);
  v128.store(y, activate(f32x4.add(f32x4.add(m0, evenA), evenB), activation));
  if (across < 2) return;
  v128.store(y, activate(fmaF32x4(oddB, constant(B1), fmaF32x4(oddA, constant(A1), bias)), activation), 16);
  if (across < 3) return;
  v128.store(y, activate(fmaF32x4(evenB, constant(B2), fmaF32x4(evenA, constant(A2), bias)), activation), 32);
  if (across < 4) return;
  v128.store(y, activate(fmaF32x4(oddB, constant(B3), fmaF32x4(oddA, constant(A3), m5)), activation), 48);
}

/** Two rows of a tile: A along each, 2x2 maxima, bias, activation. */
// @ts-ignore: decorator
@inline
function pooledRows(scratch: usize, bias: v128, activation: i32, across: i32, y: usize): void {
  let upper = v128.load(scratch, 16);
  let lower = v128.load(scratch, 32);
  let evenA = f32x4.add(upper, lower);
  let oddA = f32x4.sub(upper, lower);
  upper = v128.load(scratch, 48);
  lower = v128.load(scratch, 64);
  let evenB = f32x4.add(upper, lower);
  let oddB = f32x4.sub(upper, lower);
  let y0 = f32x4.add(f32x4.add(v128.load(scratch), evenA), evenB);
  let y1 = fmaF32x4(oddB, constant(B1), f32x4.mul(oddA, constant(A1)));
  let y2 = fmaF32x4(evenB, constant(B2), f32x4.mul(evenA, constant(A2)));
  let y3 = fmaF32x4(oddB, constant(B3), fmaF32x4(oddA, constant(A3), v128.load(scratch, 80)));
  const left = f32x4.pmax(y0, y1);
  const right = f32x4.pmax(y2, y3);
  upper = v128.load(scratch, 96 + 16);
  lower = v128.load(scratch, 96 + 32);
  evenA = f32x4.add(upper, lower);
  oddA = f32x4.sub(upper, lower);
  upper = v128.load(scratch, 96 + 48);
  lower = v128.load(scratch, 96 + 64);
  evenB = f32x4.add(upper, lower);
  oddB = f32x4.sub(upper, lower);
  y0 = f32x4.add(f32x4.add(v128.load(scratch, 96), evenA), evenB);
  y1 = fmaF32x4(oddB, constant(B1), f32x4.mul(oddA, constant(A1)));
  y2 = fmaF32x4(evenB, constant(B2), f32x4.mul(evenA, constant(A2)));
  y3 = fmaF32x4(oddB, constant(B3), fmaF32x4(oddA, constant(A3), v128.load(scratch, 96 + 80)));
  v128.store(y, activate(f32x4.add(f32x4.pmax(left, f32x4.pmax(y0, y1)), bias), activation));
  if (across > 2) v128.store(y, activate(f32x4.add(f32x4.pmax(right, f32x4.pmax(y2, y3)), bias), activation), 16);
}
