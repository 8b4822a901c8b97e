import { blockBytes, blockCount, rowBytes } from "./blocked";

/**
 * Mean of each channel over all pixels, summed in f64.
 *
 * @param x  blocked image [C, H, W]
 * @param y  f32 [ceil(C / 8) * 8]
 */
export function globalAverage(x: usize, C: i32, H: i32, W: i32, y: usize): void {
  const scale = f64x2.splat(1.0 / <f64>(H * W));
  for (let b = 0, blocks = blockCount(C); b < blocks; b++) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let i = 0; i < H; i++) {
      let from = x + <usize>b * blockBytes(H, W) + <usize>(i + 1) * rowBytes(W) + 16;
      for (let j = 0; j < W; j++, from += 16) {
        const pixel = v128.load(from);
        low = f64x2.add(low, f64x2.promote_low_f32x4(pixel));
        high = f64x2.add(high, f64x2.promote_low_f32x4(i8x16.shuffle(pixel, pixel, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)));
      }
    }
    const first = f32x4.demote_f64x2_zero(f64x2.mul(low, scale));
    const second = f32x4.demote_f64x2_zero(f64x2.mul(high, scale));
    v128.store(y, v128.shuffle<f32>(first, second, 0, 1, 4, 5));
    y += 16;
  }
}
