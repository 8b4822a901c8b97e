// The head: a 1x1 convolution from the last feature map to the classes, whose planes are no longer blocked.
//
//   logits[k,p] = bias[k] + sum over c of weight[k,c] * x[c,p]
//   dx[c,p] = sum over k of weight[k,c] * dlogits[k,p],   dweight[k,c] = sum over p of dlogits[k,p] * x[c,p],   dbias[k] = sum over p of dlogits[k,p]
import { blockBytes, blockCount, rowBytes } from "./blocked";
import { fmaF32x4 } from "./fma";

/**
 * @param x       blocked image [C, H, W]
 * @param weight  f32 [K, C], C rounded up to a multiple of 8 and zero beyond
 * @param bias    f32 [K]
 * @param logits  f32 [K, H, W]
 */
export function head(x: usize, C: i32, H: i32, W: i32, weight: usize, bias: usize, K: i32, logits: usize): void {
  const block = blockBytes(H, W);
  const blocks = blockCount(C);
  for (let k = 0; k < K; k++, weight += (<usize>blocks) << 4) {
    const start = f32x4.replace_lane(f32x4.splat(0), 0, load<f32>(bias + (<usize>k << 2)));
    for (let i = 0; i < H; i++) {
      let pixel = x + <usize>(i + 1) * rowBytes(W) + 16;
      for (const end = pixel + (<usize>W << 4); pixel < end; pixel += 16, logits += 4) {
        let sum = start;
        let from = pixel;
        for (let w = weight, stop = weight + ((<usize>blocks) << 4); w < stop; w += 16, from += block) {
          sum = fmaF32x4(v128.load(from), v128.load(w), sum);
        }
        sum = f32x4.add(sum, v128.shuffle<f32>(sum, sum, 2, 3, 2, 3));
        store<f32>(logits, f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1));
      }
    }
  }
}

/**
 * @param dlogits f32 [K, H, W]
 * @param dx      blocked image [C, H, W], overwritten
 * @param dweight f32 [K, C], C rounded up to a multiple of 8; each row is summed in registers, and the rows in memory
 * @param dbias   f32 [K], summed in f64
 */
export function headBackward(
  x: usize,
  C: i32,
  H: i32,
  W: i32,
  weight: usize,
  dlogits: usize,
  K: i32,
  dx: usize,
  dweight: usize,
  dbias: usize,
): void {
  const row = rowBytes(W);
  const block = blockBytes(H, W);
  const blocks = blockCount(C);
  memory.fill(dweight, 0, (<usize>(K * blocks)) << 4);
  for (let k = 0; k < K; k++) {
    let slope = dlogits + ((<usize>(k * H * W)) << 2);
    let sum: f64 = 0;
    for (const end = slope + ((<usize>(H * W)) << 2); slope < end; slope += 4) sum += load<f32>(slope);
    store<f32>(dbias + (<usize>k << 2), <f32>sum);
  }
  for (let i = 0; i < H; i++) {
    for (let b = 0; b < blocks; b++) {
      const at = <usize>b * block + <usize>(i + 1) * row + 16;
      for (let k = 0; k < K; k++) {
        const place = (<usize>(k * blocks + b)) << 4;
        const slopes = dlogits + ((<usize>((k * H + i) * W)) << 2);
        v128.store(dweight + place, f32x4.add(v128.load(dweight + place), rowOf(x + at, slopes, v128.load(weight + place), W, dx + at, k == 0)));
      }
    }
  }
}

/** One class's part in a row of dx, added to the others' unless it is the first; its part of dweight. */
function rowOf(x: usize, slopes: usize, weight: v128, W: i32, dx: usize, isFirst: bool): v128 {
  let sum = f32x4.splat(0);
  for (const end = x + (<usize>W << 4); x < end; x += 16, dx += 16, slopes += 4) {
    const slope = v128.load32_splat(slopes);
    const before = isFirst ? f32x4.splat(0) : v128.load(dx);
    v128.store(dx, fmaF32x4(weight, slope, before));
    sum = fmaF32x4(v128.load(x), slope, sum);
  }
  return sum;
}
