import { blockBytes, rowBytes, rowsOf } from "./blocked";
import { fmaF32x4, fnmaF32x4 } from "./fma";
import { A1, A2, A2_PLUS_B2, A2_TIMES_B2, B1, B2, GROUP, LINE, constant, positionBytes, runOf } from "./winograd-layout";
import { alongRowsSix, downColumnsSix } from "./winograd-six";

/**
 * Transforms a block of tiles: v = B' d B, a run of tiles of one row at a time: they share columns, and an image is read along its rows.
 *
 * @param x       N blocked images [CI, H, W], `xBytes` apart; CI a multiple of 8
 * @param first   index of the block's first tile among the N * ceil(H / side) * ceil(W / side), row by row, image by image
 * @param count   number of tiles
 * @param side    4, or 6 for winograd-six.ts
 * @param v       f32 [(side + 2)^2, groups, CI / 8, GROUP, 8], groups = ceil(count / GROUP); tiles beyond `count` are not written
 * @param scratch SCRATCH bytes
 */
export function winogradInput(
  x: usize,
  xBytes: usize,
  CI: i32,
  H: i32,
  W: i32,
  first: i32,
  count: i32,
  side: i32,
  v: usize,
  scratch: usize,
): void {
  const row = rowBytes(W);
  const block = blockBytes(H, W);
  const tilesX = (W + side - 1) / side;
  const tiles = tilesX * ((H + side - 1) / side);
  const stride = positionBytes((count + GROUP - 1) / GROUP, CI);
  for (let c = 0; c < CI >> 2; c++) {
    const place = v + ((<usize>((c >> 1) * GROUP * 8 + (c & 1) * 4)) << 2);
    for (let t = 0; t < count; ) {
      const image = (first + t) / tiles;
      const tile = first + t - image * tiles;
      const tileY = tile / tilesX;
      const tileX = tile - tileY * tilesX;
      const run = min(min(runOf(side), tilesX - tileX), count - t);
      const from = x + <usize>image * xBytes + <usize>c * block + <usize>(tileY * side) * row + ((<usize>(tileX * side)) << 4);
      if (side == 4) downColumns(from, row, run, scratch);
      else downColumnsSix(from, row, rowsOf(H) - tileY * 6, rowsOf(W) - tileX * 6, run, scratch);
      let at = scratch;
      for (const end = t + run; t < end; t++, at += (<usize>side) << 4) {
        const g = t / GROUP;
        const to = place + ((<usize>(g * GROUP * CI)) << 2) + ((<usize>(t - g * GROUP)) << 5);
        if (side == 4) alongRows(at, to, stride);
        else alongRowsSix(at, to, stride);
      }
    }
  }
}

/** Down the columns of a run of tiles of 4 channels, into scratch [6, 4 * run + 2, 4], whose lines are LINE bytes apart. */
function downColumns(x: usize, row: usize, run: i32, scratch: usize): void {
  const a1 = constant(A1);
  const a2 = constant(A2);
  const b1 = constant(B1);
  const b2 = constant(B2);
  const sum = constant(A2_PLUS_B2);
  const product = constant(A2_TIMES_B2);
  for (const end = scratch + ((<usize>run) << 6) + 32; scratch < end; scratch += 16, x += 16) {
    let from = x;
    const d0 = v128.load(from);
    const d1 = v128.load((from += row));
    const d2 = v128.load((from += row));
    const d3 = v128.load((from += row));
    const d4 = v128.load((from += row));
    const d5 = v128.load(from + row);
    v128.store(scratch, fmaF32x4(d0, product, fnmaF32x4(d2, sum, d4)));
    const evenA = fnmaF32x4(d2, b2, d4);
    const oddA = fnmaF32x4(d1, b2, d3);
    v128.store(scratch, fmaF32x4(oddA, a1, evenA), LINE);
    v128.store(scratch, fnmaF32x4(oddA, a1, evenA), 2 * LINE);
    const evenB = fnmaF32x4(d2, a2, d4);
    const oddB = fnmaF32x4(d1, a2, d3);
    v128.store(scratch, fmaF32x4(oddB, b1, evenB), 3 * LINE);
    v128.store(scratch, fnmaF32x4(oddB, b1, evenB), 4 * LINE);
    v128.store(scratch, fmaF32x4(d1, product, fnmaF32x4(d3, sum, d5)), 5 * LINE);
  }
}

/** Along the rows of one tile of them, into v. */
function alongRows(scratch: usize, v: usize, stride: usize): void {
  const a1 = constant(A1);
  const a2 = constant(A2);
  const b1 = constant(B1);
  const b2 = constant(B2);
  const sum = constant(A2_PLUS_B2);
  const product = constant(A2_TIMES_B2);
  for (const end = scratch + 6 * LINE; scratch < end; scratch += LINE, v += stride) {
    const d0 = v128.load(scratch);
    const d1 = v128.load(scratch, 16);
    const d2 = v128.load(scratch, 32);
    const d3 = v128.load(scratch, 48);
    const d4 = v128.load(scratch, 64);
    const d5 = v128.load(scratch, 80);
    v128.store(v, fmaF32x4(d0, product, fnmaF32x4(d2, sum, d4)));
    const evenA = fnmaF32x4(d2, b2, d4);
    const oddA = fnmaF32x4(d1, b2, d3);
    v128.store((v += stride), fmaF32x4(oddA, a1, evenA));
    v128.store((v += stride), fnmaF32x4(oddA, a1, evenA));
    const evenB = fnmaF32x4(d2, a2, d4);
    const oddB = fnmaF32x4(d1, a2, d3);
    v128.store((v += stride), fmaF32x4(oddB, b1, evenB));
    v128.store((v += stride), fnmaF32x4(oddB, b1, evenB));
    v128.store((v += stride), fmaF32x4(d1, product, fnmaF32x4(d3, sum, d5)));
  }
}
