import { blockBytes, blockCount, rowBytes } from "./blocked";

/**
 * 2x2 max pooling with stride 2:  y[c, i, j] = max over the four x[c, 2i + (0, 1), 2j + (0, 1)].
 *
 * @param x  blocked image [C, H, W]; H and W even
 * @param y  blocked image [C, H / 2, W / 2]
 */
export function maxPool2d(x: usize, C: i32, H: i32, W: i32, y: usize): void {
  const row = rowBytes(W);
  const halfRow = rowBytes(W >> 1);
  for (let b = 0, blocks = blockCount(C); b < blocks; b++) {
    for (let i = 0; i < H >> 1; i++) {
      let from = x + <usize>b * blockBytes(H, W) + <usize>(2 * i + 1) * row + 16;
      let to = y + <usize>b * blockBytes(H >> 1, W >> 1) + <usize>(i + 1) * halfRow + 16;
      for (let j = 0; j < W >> 1; j++, from += 32, to += 16) {
        const upper = f32x4.pmax(v128.load(from), v128.load(from, 16));
        const lower = f32x4.pmax(v128.load(from + row), v128.load(from + row, 16));
        v128.store(to, f32x4.pmax(upper, lower));
      }
    }
  }
}
