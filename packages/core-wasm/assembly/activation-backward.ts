import { ELU, NONE } from "./activation";
import { blockBytes, blockCount, rowBytes } from "./blocked";

/**
 * The gradients of an activation and of the bias before it, from what the activation left:
 *
 *   d[c,p] = d[c,p] * slope(y[c,p]),   dbias[c] = sum over p of d[c,p]
 *
 * ELU's slope is 1 where its argument is positive and exp(x) = y + 1 elsewhere, that is min(y, 0) + 1; ReLU's is 1 where y > 0, else 0.
 *
 * @param y          blocked image [C, H, W] after its activation; not read where there is none
 * @param d          blocked image [C, H, W], in place
 * @param activation see activation.ts
 * @param dbias      f32 [C]; rows summed in f32, their sums in f64
 */
export function activationBackward(y: usize, d: usize, C: i32, H: i32, W: i32, activation: i32, dbias: usize): void {
  const row = rowBytes(W);
  const block = blockBytes(H, W);
  for (let c = 0; c < C; c += 4, y += block, d += block) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let i = 1; i <= H; i++) {
      const at = <usize>i * row + 16;
      const sum = backwardRow(y + at, d + at, W, activation);
      low = f64x2.add(low, f64x2.promote_low_f32x4(sum));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(sum, sum, 2, 3, 2, 3)));
    }
    store<f32>(dbias, <f32>f64x2.extract_lane(low, 0));
    if (c + 1 < C) store<f32>(dbias, <f32>f64x2.extract_lane(low, 1), 4);
    if (c + 2 < C) store<f32>(dbias, <f32>f64x2.extract_lane(high, 0), 8);
    if (c + 3 < C) store<f32>(dbias, <f32>f64x2.extract_lane(high, 1), 12);
    dbias += 16;
  }
}

/** One row of a block; its sum. */
function backwardRow(y: usize, d: usize, W: i32, activation: i32): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  let sum = zero;
  for (const end = d + ((<usize>W) << 4); d < end; d += 16, y += 16) {
    let value = v128.load(d);
    if (activation == ELU) value = f32x4.mul(value, f32x4.add(f32x4.min(v128.load(y), zero), one));
    else if (activation != NONE) value = v128.and(value, f32x4.gt(v128.load(y), zero));
    v128.store(d, value);
    sum = f32x4.add(sum, value);
  }
  return sum;
}
