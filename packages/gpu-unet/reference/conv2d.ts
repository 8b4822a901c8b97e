// The definition of the convolution, in f64.

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
  const plane = sizes.H * sizes.W;
  const y = Float64Array.from({ length: sizes.N * sizes.CO * plane }, (_, i) => bias[Math.floor(i / plane) % sizes.CO]!);
  eachTap(sizes, (iy, ix, iw) => {
    y[iy]! += weight[iw]! * x[ix]!;
  });
  return y;
}

/** The gradients of x and weight. */
export function conv2dBackward(
  sizes: Conv2dSizes,
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

/** The gradient of a bias (CO): the sum of dy (N,CO,size) over images and pixels. */
export function biasBackward(dy: ArrayLike<number>, CO: number, size: number): Float64Array {
  const dbias = new Float64Array(CO);
  for (let i = 0; i < dy.length; i++) dbias[Math.floor(i / size) % CO]! += dy[i]!;
  return dbias;
}
