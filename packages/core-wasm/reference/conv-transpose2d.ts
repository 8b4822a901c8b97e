// The transposed convolution with 2 x 2 taps and stride 2, in f64. Images are (C,H,W), last axis fastest.

/** Sizes: x is (CI,H,W), y is (CO,2H,2W), weight is (CI,CO,2,2). */
export interface ConvTranspose2dSizes {
  readonly CI: number;
  readonly CO: number;
  readonly H: number;
  readonly W: number;
}

/** Calls visit once for every (output pixel, input pixel, weight) that meet; the only indexing of convTranspose2d. */
function eachTap({ CI, CO, H, W }: ConvTranspose2dSizes, visit: (y: number, x: number, w: number) => void): void {
  for (let ci = 0; ci < CI; ci++) {
    for (let co = 0; co < CO; co++) {
      for (let t = 0; t < 4; t++) {
        for (let i = 0; i < H; i++) {
          for (let j = 0; j < W; j++) {
            const [row, column] = [2 * i + (t >> 1), 2 * j + (t & 1)];
            visit((co * 2 * H + row) * 2 * W + column, (ci * H + i) * W + j, (ci * CO + co) * 4 + t);
          }
        }
      }
    }
  }
}

/** y[co, 2i + a, 2j + b] = bias[co] + sum over ci of weight[ci,co,a,b] * x[ci,i,j]. */
export function convTranspose2d(
  sizes: ConvTranspose2dSizes,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
): Float64Array {
  const plane = 4 * sizes.H * sizes.W;
  const y = Float64Array.from({ length: sizes.CO * plane }, (_, i) => bias[Math.floor(i / plane)]!);
  eachTap(sizes, (iy, ix, iw) => {
    y[iy]! += weight[iw]! * x[ix]!;
  });
  return y;
}

/** The gradients of x and weight from that of y. */
export function convTranspose2dBackward(
  sizes: ConvTranspose2dSizes,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  dy: ArrayLike<number>,
): { dx: Float64Array; dweight: Float64Array } {
  const [dx, dweight] = [new Float64Array(x.length), new Float64Array(weight.length)];
  eachTap(sizes, (iy, ix, iw) => {
    dx[ix]! += weight[iw]! * dy[iy]!;
    dweight[iw]! += x[ix]! * dy[iy]!;
  });
  return { dx, dweight };
}
