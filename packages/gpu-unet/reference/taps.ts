// A layer that is linear in its input and in its weights, from the list of what meets: both directions from one indexing.

/** Calls visit once for every (output pixel, input pixel, weight) that meet. */
type EachTap = (visit: (y: number, x: number, w: number) => void) => void;

/** y (N,CO,plane) = the sum over taps of weight * x, + bias (CO). */
export function sumOverTaps(
  eachTap: EachTap,
  { N, CO, plane }: { readonly N: number; readonly CO: number; readonly plane: number },
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
): Float64Array {
  const y = Float64Array.from({ length: N * CO * plane }, (_, i) => bias[Math.floor(i / plane) % CO]!);
  eachTap((iy, ix, iw) => {
    y[iy]! += weight[iw]! * x[ix]!;
  });
  return y;
}

/** The gradients of x and weight, of their shapes, from dy. */
export function backOverTaps(
  eachTap: EachTap,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  dy: ArrayLike<number>,
): { dx: Float64Array; dweight: Float64Array } {
  const [dx, dweight] = [new Float64Array(x.length), new Float64Array(weight.length)];
  eachTap((iy, ix, iw) => {
    dx[ix]! += weight[iw]! * dy[iy]!;
    dweight[iw]! += x[ix]! * dy[iy]!;
  });
  return { dx, dweight };
}
