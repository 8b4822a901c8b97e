import { blockBytes, blockCount, rowBytes } from "./blocked";

/**
 * 2x2 max pooling with stride 2.
 *
 * @param x  blocked image [C, H, W], H and W even
 * @param y  blocked image [C, H/2, W/2]
 */
export function maxPool2d(x: usize, C: i32, H: i32, W: i32, y: usize): void {
  const row = rowBytes(W);
  for (let b = 0, blocks = blockCount(C); b < blocks; b++) {
    for (let i = 0; i < H; i += 2) {
      let top = x + <usize>b * blockBytes(H, W) + <usize>(i + 1) * row + 16;
      let to = y + <usize>b * blockBytes(H >> 1, W >> 1) + <usize>((i >> 1) + 1) * rowBytes(W >> 1) + 16;
      for (const end = top + ((<usize>W) << 4); top < end; top += 32, to += 16) v128.store(to, largest(top, row));
    }
  }
}

/**
 * Its gradient, added to what is there: each window's gradient goes to its largest pixel, of equal ones to the first, row by row.
 *
 * @param x   blocked image [C, H, W], what the pooling read
 * @param dy  blocked image [C, H/2, W/2]
 * @param dx  blocked image [C, H, W], added to
 */
export function maxPool2dBackwardAccumulate(x: usize, dy: usize, C: i32, H: i32, W: i32, dx: usize): void {
  const row = rowBytes(W);
  const block = blockBytes(H, W);
  for (let b = 0, blocks = blockCount(C); b < blocks; b++) {
    for (let i = 0; i < H; i += 2) {
      const at = <usize>b * block + <usize>(i + 1) * row + 16;
      let top = x + at;
      let to = dx + at;
      let from = dy + <usize>b * blockBytes(H >> 1, W >> 1) + <usize>((i >> 1) + 1) * rowBytes(W >> 1) + 16;
      for (const end = top + ((<usize>W) << 4); top < end; top += 32, to += 32, from += 16) {
        const most = largest(top, row);
        const slope = v128.load(from);
        let rest = give(to, f32x4.eq(v128.load(top), most), slope);
        rest = give(to + 16, f32x4.eq(v128.load(top, 16), most), rest);
        rest = give(to + row, f32x4.eq(v128.load(top + row), most), rest);
        v128.store(to + row, f32x4.add(v128.load(to + row, 16), rest), 16);
      }
    }
  }
}

/** The largest of each lane of a window. */
function largest(top: usize, row: usize): v128 {
  const upper = f32x4.pmax(v128.load(top), v128.load(top, 16));
  const lower = f32x4.pmax(v128.load(top + row), v128.load(top + row, 16));
  return f32x4.pmax(upper, lower);
}

/** Adds `slope` where `chosen` and leaves it where not. */
function give(to: usize, chosen: v128, slope: v128): v128 {
  v128.store(to, f32x4.add(v128.load(to), v128.and(slope, chosen)));
  return v128.andnot(slope, chosen);
}
