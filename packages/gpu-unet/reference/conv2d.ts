// The definition of the convolution, in f64.
import { backOverTaps, sumOverTaps } from "./taps.ts";

/** Sizes of a convolution: N images, CI channels in, CO out, H x W pixels, K x K taps. */
export interface Conv2dSizes {
  readonly N: number;
  readonly CI: number;
  readonly CO: number;
  readonly H: number;
  readonly W: number;
  readonly K: number;
}

/** Calls visit once for every (output pixel, input pixel, weight) that meet; the only indexing of conv2d. */
function eachTap({ N, CI, CO, H, W, K }: Conv2dSizes, visit: (y: number, x: number, w: number) => void): void {
  const inside = (i: number, length: number) => i >= 0 && i < length;
  for (let n = 0; n < N; n++) {
    for (let co = 0; co < CO; co++) {
      for (let ci = 0; ci < CI; ci++) {
        for (let i = 0; i < H; i++) {
          for (let j = 0; j < W; j++) {
            for (let t = 0; t < K * K; t++) {
              const [row, column] = [i + Math.floor(t / K) - (K - 1) / 2, j + (t % K) - (K - 1) / 2];
              if (inside(row, H) && inside(column, W)) {
                visit(((n * CO + co) * H + i) * W + j, ((n * CI + ci) * H + row) * W + column, (co * CI + ci) * K * K + t);
              }
            }
          }
        }
      }
    }
  }
}

/** y (N,CO,H,W) = conv2d(x, weight) + bias; stride 1, zero padding K/2. */
export function conv2dForward(sizes: Conv2dSizes, x: ArrayLike<number>, weight: ArrayLike<number>, bias: ArrayLike<number>): Float64Array {
  return sumOverTaps((visit) => eachTap(sizes, visit), { ...sizes, plane: sizes.H * sizes.W }, x, weight, bias);
}

/** The gradients of x and weight. */
export function conv2dBackward(
  sizes: Conv2dSizes,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  dy: ArrayLike<number>,
): { dx: Float64Array; dweight: Float64Array } {
  return backOverTaps((visit) => eachTap(sizes, visit), x, weight, dy);
}

/** The gradient of a bias (CO): the sum of dy (N,CO,size) over images and pixels. */
export function biasBackward(dy: ArrayLike<number>, CO: number, size: number): Float64Array {
  const dbias = new Float64Array(CO);
  for (let i = 0; i < dy.length; i++) dbias[Math.floor(i / size) % CO]! += dy[i]!;
  return dbias;
}
