// The weights of Winograd's F(6x6, 3x3) at the points of winograd-six.ts: u = G g G'.

/** f64 [8, 3]: row p is 1, p, p^2 over the product of p's differences from the other points; infinity's is 0, 0, 1. */
const G = memory.data<f64>([
  -1, 0, 0,
  32.0 / 45.0, 16.0 / 45.0, 8.0 / 45.0,
  32.0 / 45.0, -16.0 / 45.0, 8.0 / 45.0,
  -2.0 / 9.0, -2.0 / 9.0, -2.0 / 9.0,
  -2.0 / 9.0, 2.0 / 9.0, -2.0 / 9.0,
  1.0 / 90.0, 1.0 / 45.0, 2.0 / 45.0,
  1.0 / 90.0, -1.0 / 45.0, 2.0 / 45.0,
  0, 0, 1,
]);

/**
 * Transforms the taps of four output channels.
 *
 * @param taps    f32 [3, 3][4]
 * @param middle  768 bytes
 * @param lines   [64] vectors of four f32, 64 bytes apart
 */
export function weightSix(taps: usize, middle: usize, lines: usize): void {
  let to = middle;
  for (let g = G, end = G + 192; g < end; g += 24) {
    for (let tap = taps, row = taps + 48; tap < row; tap += 16, to += 32) {
      for (let h: usize = 0; h < 16; h += 8) {
        const sum = f64x2.add(times(g, pair(tap + h)), times(g + 8, pair(tap + h + 48)));
        v128.store(to + (h << 1), f64x2.add(sum, times(g + 16, pair(tap + h + 96))));
      }
    }
  }
  for (let from = middle; from < to; from += 96) {
    for (let g = G, end = G + 192; g < end; g += 24, lines += 64) {
      for (let h: usize = 0; h < 32; h += 16) {
        const sum = f64x2.add(times(g, v128.load(from + h)), times(g + 8, v128.load(from + h, 32)));
        const value = f64x2.add(sum, times(g + 16, v128.load(from + h, 64)));
        v128.store64_lane(lines + (h >> 1), f32x4.demote_f64x2_zero(value), 0);
      }
    }
  }
}

/** Two f32 as f64. */
function pair(x: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(x));
}

function times(g: usize, x: v128): v128 {
  return f64x2.mul(v128.load64_splat(g), x);
}
