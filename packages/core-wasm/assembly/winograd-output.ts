import { activate } from "./activation";
import { blockBytes, rowBytes } from "./blocked";
import { fmaF32x4 } from "./fma";
import { A1, A2, A3, B1, B2, B3, GROUP, constant, positionBytes } from "./winograd-layout";
import { outputSix } from "./winograd-six";

/**
 * Transforms a block of products back: y = activation(pool(A' m A + bias)). Pooling before the activation takes the same values to
 * the same places, because the activation is monotone, and activates a quarter of the pixels.
 *
 * @param m        f32 [(side + 2)^2, CO / 8, groups * GROUP, 8]; see winograd-layout.ts
 * @param first    index of the block's first tile, as in winogradInput
 * @param count    number of tiles
 * @param side     4, or 6 for winograd-six.ts
 * @param bias     f32 [CO], CO a multiple of 8
 * @param isPooled whether 2x2 max pooling follows; H and W are then even
 * @param y        N blocked images [CO, H, W], or [CO, H/2, W/2] when pooled, `yBytes` apart
 * @param scratch  640 bytes; 1344 for tiles of 6
 */
export function winogradOutput(
  m: usize,
  first: i32,
  count: i32,
  side: i32,
  H: i32,
  W: i32,
  bias: usize,
  CO: i32,
  activation: i32,
  isPooled: bool,
  y: usize,
  yBytes: usize,
  scratch: usize,
): void {
  const tilesX = (W + side - 1) / side;
  const tiles = tilesX * ((H + side - 1) / side);
  const groups = (count + GROUP - 1) / GROUP;
  const stride = positionBytes(groups, CO);
  const halvings: i32 = isPooled ? 1 : 0;
  const out = side >> halvings;
  const row = rowBytes(W >> halvings);
  const block = blockBytes(H >> halvings, W >> halvings);
  const pixels = scratch + (side == 4 ? 384 : 768);
  for (let c = 0; c < CO >> 2; c++) {
    let from = m + ((<usize>((c >> 1) * groups * GROUP * 8 + (c & 1) * 4)) << 2);
    const blockBias = v128.load(bias + ((<usize>c) << 4));
    for (let t = first, end = first + count; t < end; t++, from += 32) {
      if (side == 4) {
        downColumns(from, stride, scratch);
        alongRows(scratch, blockBias, pixels);
      } else outputSix(from, stride, blockBias, scratch, pixels);
      if (isPooled) pool(pixels, side);
      activate(pixels, out * out, activation);
      const image = t / tiles;
      const i = ((t - image * tiles) / tilesX) * out;
      const j = (t % tilesX) * out;
      const to = y + <usize>image * yBytes + <usize>c * block + <usize>(i + 1) * row + ((<usize>(j + 1)) << 4);
      put(pixels, out, min(out, (H >> halvings) - i), min(out, (W >> halvings) - j), to, row);
    }
  }
}

/** A' down the columns: m [6, 6], positions `stride` apart, into scratch [4, 6, 4]. */
function downColumns(m: usize, stride: usize, scratch: usize): void {
  const a1 = constant(A1);
  const a2 = constant(A2);
  const a3 = constant(A3);
  const b1 = constant(B1);
  const b2 = constant(B2);
  const b3 = constant(B3);
  const down = stride * 6;
  for (const end = scratch + 96; scratch < end; scratch += 16, m += stride) {
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
    v128.store(scratch, fmaF32x4(oddB, b1, f32x4.mul(oddA, a1)), 96);
    v128.store(scratch, fmaF32x4(evenB, b2, f32x4.mul(evenA, a2)), 192);
    v128.store(scratch, fmaF32x4(oddB, b3, fmaF32x4(oddA, a3, m5)), 288);
  }
}

/** A along the rows of scratch [4, 6, 4], plus bias, into pixels [4, 4, 4]. */
function alongRows(scratch: usize, bias: v128, pixels: usize): void {
  const a1 = constant(A1);
  const a2 = constant(A2);
  const a3 = constant(A3);
  const b1 = constant(B1);
  const b2 = constant(B2);
  const b3 = constant(B3);
  for (const end = scratch + 384; scratch < end; scratch += 96, pixels += 64) {
    const m1 = v128.load(scratch, 16);
    const m2 = v128.load(scratch, 32);
    const m3 = v128.load(scratch, 48);
    const m4 = v128.load(scratch, 64);
    const evenA = f32x4.add(m1, m2);
    const oddA = f32x4.sub(m1, m2);
    const evenB = f32x4.add(m3, m4);
    const oddB = f32x4.sub(m3, m4);
    v128.store(pixels, f32x4.add(f32x4.add(f32x4.add(v128.load(scratch), bias), evenA), evenB));
    v128.store(pixels, fmaF32x4(oddB, b1, fmaF32x4(oddA, a1, bias)), 16);
    v128.store(pixels, fmaF32x4(evenB, b2, fmaF32x4(evenA, a2, bias)), 32);
    v128.store(pixels, fmaF32x4(oddB, b3, fmaF32x4(oddA, a3, f32x4.add(v128.load(scratch, 80), bias))), 48);
  }
}

/** 2x2 maxima of pixels [side, side, 4], in place as [side / 2, side / 2, 4]. */
function pool(pixels: usize, side: i32): void {
  const row = (<usize>side) << 4;
  for (let to = pixels, from = pixels, end = pixels + row * side; from < end; from += row) {
    for (const right = from + row; from < right; from += 32, to += 16) {
      const left = f32x4.pmax(v128.load(from), v128.load(from, 16));
      v128.store(to, f32x4.pmax(left, f32x4.pmax(v128.load(from + row), v128.load(from + row, 16))));
    }
  }
}

/** Copies the `rows` x `columns` pixels of a tile [side, side, 4] that lie inside the image. */
function put(pixels: usize, side: i32, rows: i32, columns: i32, y: usize, row: usize): void {
  for (let i = 0; i < rows; i++, pixels += (<usize>side) << 4, y += row) {
    for (let j: usize = 0, end = (<usize>columns) << 4; j < end; j += 16) v128.store(y + j, v128.load(pixels + j));
  }
}
