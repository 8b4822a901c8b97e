// The encoder's layers in f64, written to be checked against their formulas. Images are (C,H,W), last axis fastest.

/** Sizes of a 3x3 convolution with padding 1: x is (CI,H,W), y is (CO,H,W), weight is (CO,CI,3,3). */
export interface Conv2dSizes {
  readonly CI: number;
  readonly CO: number;
  readonly H: number;
  readonly W: number;
}

/** Calls visit once for every (output pixel, input pixel, weight) that meet, as indices into their arrays; the only indexing of conv2d. */
function eachTap({ CI, CO, H, W }: Conv2dSizes, visit: (y: number, x: number, w: number) => void): void {
  for (let co = 0; co < CO; co++) {
    for (let ci = 0; ci < CI; ci++) {
      for (let t = 0; t < 9; t++) {
        const [down, right] = [Math.floor(t / 3) - 1, (t % 3) - 1];
        for (let i = Math.max(0, -down); i < Math.min(H, H - down); i++) {
          for (let j = Math.max(0, -right); j < Math.min(W, W - right); j++) {
            visit((co * H + i) * W + j, (ci * H + i + down) * W + j + right, (co * CI + ci) * 9 + t);
          }
        }
      }
    }
  }
}

/** y[co,p] = bias[co] + sum over ci and taps t of weight[co,ci,t] * x[ci, p + t - (1,1)]; outside the image x is 0. */
export function conv2d(sizes: Conv2dSizes, x: ArrayLike<number>, weight: ArrayLike<number>, bias: ArrayLike<number>): Float64Array {
  const { CO, H, W } = sizes;
  const y = Float64Array.from({ length: CO * H * W }, (_, i) => bias[Math.floor(i / (H * W))]!);
  eachTap(sizes, (iy, ix, iw) => {
    y[iy]! += weight[iw]! * x[ix]!;
  });
  return y;
}

/** The gradients of x, weight and bias from that of y. */
export function conv2dBackward(
  sizes: Conv2dSizes,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  dy: ArrayLike<number>,
): { dx: Float64Array; dweight: Float64Array; dbias: Float64Array } {
  const [dx, dweight] = [new Float64Array(x.length), new Float64Array(weight.length)];
  eachTap(sizes, (iy, ix, iw) => {
    dx[ix]! += weight[iw]! * dy[iy]!;
    dweight[iw]! += x[ix]! * dy[iy]!;
  });
  return { dx, dweight, dbias: planeSums(dy, sizes.CO) };
}

/** Sum of each of C planes: the gradient of a bias. */
export function planeSums(dy: ArrayLike<number>, C: number): Float64Array {
  const sums = new Float64Array(C);
  for (let i = 0; i < dy.length; i++) sums[Math.floor((i * C) / dy.length)]! += dy[i]!;
  return sums;
}

/** For every output of conv2d, the number of terms that meet in it and the largest |weight * x| among them: the measure of an f32 sum's error. */
export function conv2dTerms(
  sizes: Conv2dSizes,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
): { count: Float64Array; largest: Float64Array } {
  const length = sizes.CO * sizes.H * sizes.W;
  const [count, largest] = [new Float64Array(length), new Float64Array(length)];
  eachTap(sizes, (iy, ix, iw) => {
    count[iy]!++;
    largest[iy] = Math.max(largest[iy]!, Math.abs(weight[iw]! * x[ix]!));
  });
  return { count, largest };
}

/** ELU with alpha = 1: x where x > 0, exp(x) - 1 elsewhere. */
export function elu(x: number): number {
  return x > 0 ? x : Math.expm1(x);
}

/** max(x, 0). */
export function relu(x: number): number {
  return Math.max(x, 0);
}

/** The slope of elu: 1 where x > 0, exp(x) elsewhere. */
export function eluSlope(x: number): number {
  return x > 0 ? 1 : Math.exp(x);
}

/** The slope of relu: 1 where x > 0, 0 elsewhere. */
export function reluSlope(x: number): number {
  return x > 0 ? 1 : 0;
}

/** 2x2 max pooling with stride 2 of (C,H,W), H and W even. */
export function maxPool2d(x: ArrayLike<number>, C: number, H: number, W: number): Float64Array {
  const y = new Float64Array((C * H * W) / 4).fill(-Infinity);
  for (let c = 0; c < C; c++) {
    for (let i = 0; i < H; i++) {
      for (let j = 0; j < W; j++) {
        const to = ((c * H) / 2 + (i >> 1)) * (W / 2) + (j >> 1);
        y[to] = Math.max(y[to]!, x[(c * H + i) * W + j]!);
      }
    }
  }
  return y;
}

/** The gradient of maxPool2d: that of each window goes to the first of its largest pixels, row by row. */
export function maxPool2dBackward(x: ArrayLike<number>, dy: ArrayLike<number>, C: number, H: number, W: number): Float64Array {
  const dx = new Float64Array(C * H * W);
  for (let k = 0; k < dy.length; k++) {
    const [c, i, j] = [Math.floor((4 * k) / (H * W)), Math.floor(k / (W / 2)) % (H / 2), k % (W / 2)];
    const window = [0, 1].flatMap((a) => [0, 1].map((b) => (c * H + 2 * i + a) * W + 2 * j + b));
    const values = window.map((at) => x[at]!);
    dx[window[values.indexOf(Math.max(...values))]!] = dy[k]!;
  }
  return dx;
}

/** Mean of each channel of (C,H,W) over its pixels. */
export function globalAverage(x: ArrayLike<number>, C: number, H: number, W: number): Float64Array {
  const y = new Float64Array(C);
  for (let i = 0; i < C * H * W; i++) y[Math.floor(i / (H * W))]! += x[i]! / (H * W);
  return y;
}
