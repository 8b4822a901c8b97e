// The definition of the transposed convolution with 2 x 2 taps and stride 2, in f64.
import { backOverTaps, sumOverTaps } from "./taps.ts";

/** Sizes: N images, CI channels in, CO out, H x W pixels in, 2H x 2W out. */
export interface ConvTranspose2dSizes {
  readonly N: number;
  readonly CI: number;
  readonly CO: number;
  readonly H: number;
  readonly W: number;
}

/** Calls visit once for every (output pixel, input pixel, weight) that meet; the only indexing of convTranspose2d. */
function eachTap({ N, CI, CO, H, W }: ConvTranspose2dSizes, visit: (y: number, x: number, w: number) => void): void {
  for (let n = 0; n < N; n++) {
    for (let ci = 0; ci < CI; ci++) {
      for (let co = 0; co < CO; co++) {
        for (let i = 0; i < H; i++) {
          for (let j = 0; j < W; j++) {
            for (let t = 0; t < 4; t++) {
              const [row, column] = [2 * i + (t >> 1), 2 * j + (t & 1)];
              visit(((n * CO + co) * 2 * H + row) * 2 * W + column, ((n * CI + ci) * H + i) * W + j, (ci * CO + co) * 4 + t);
            }
          }
        }
      }
    }
  }
}

/** y (N,CO,2H,2W) = convTranspose2d(x, weight (CI,CO,2,2)) + bias. */
export function convTranspose2dForward(
  sizes: ConvTranspose2dSizes,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
): Float64Array {
  return sumOverTaps((visit) => eachTap(sizes, visit), { ...sizes, plane: 4 * sizes.H * sizes.W }, x, weight, bias);
}

/** The gradients of x and weight; that of the bias is `biasBackward` of conv2d.ts. */
export function convTranspose2dBackward(
  sizes: ConvTranspose2dSizes,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  dy: ArrayLike<number>,
): { dx: Float64Array; dweight: Float64Array } {
  return backOverTaps((visit) => eachTap(sizes, visit), x, weight, dy);
}
