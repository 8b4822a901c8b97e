import { ROW, put, stages } from "./fft-columns";

/** A row of zeros, which stands for all rows of the padding. */
const ZEROS = memory.data(64);

// @ts-ignore: decorator
@inline
function rowAt(x: usize, stride: usize, j: usize, rows: usize): usize {
  return j < rows ? x + j * stride : ZEROS;
}

/** The first stage, of radix 4, where the second half of the rows is zero. */
function halfStage4(
  xr: usize, xi: usize, stride: usize, rows: usize, yr: usize, yi: usize, m: usize, twiddle: usize,
): void {
  for (let p: usize = 0; p < m; p++) {
    const w1r = f64x2.splat(load<f64>(twiddle + (p << 4)));
    const w1i = f64x2.splat(load<f64>(twiddle + (p << 4), 8));
    const w2r = f64x2.splat(load<f64>(twiddle + (p << 5)));
    const w2i = f64x2.splat(load<f64>(twiddle + (p << 5), 8));
    const w3r = f64x2.splat(load<f64>(twiddle + ((3 * p) << 4)));
    const w3i = f64x2.splat(load<f64>(twiddle + ((3 * p) << 4), 8));
    const fromAr = rowAt(xr, stride, p, rows);
    const fromAi = rowAt(xi, stride, p, rows);
    const fromBr = rowAt(xr, stride, p + m, rows);
    const fromBi = rowAt(xi, stride, p + m, rows);
    const toR = yr + 4 * p * ROW;
    const toI = yi + 4 * p * ROW;
    for (let t: usize = 0; t < ROW; t += 16) {
      const ar = v128.load(fromAr + t);
      const ai = v128.load(fromAi + t);
      const br = v128.load(fromBr + t);
      const bi = v128.load(fromBi + t);
      v128.store(toR + t, f64x2.add(ar, br));
      v128.store(toI + t, f64x2.add(ai, bi));
      put(toR + ROW + t, toI + ROW + t, f64x2.add(ar, bi), f64x2.sub(ai, br), w1r, w1i, false);
      put(toR + 2 * ROW + t, toI + 2 * ROW + t, f64x2.sub(ar, br), f64x2.sub(ai, bi), w2r, w2i, false);
      put(toR + 3 * ROW + t, toI + 3 * ROW + t, f64x2.sub(ar, bi), f64x2.add(ai, br), w3r, w3i, false);
    }
  }
}

/** The first stage, of radix 2, where the second half of the rows is zero. */
function halfStage2(xr: usize, xi: usize, stride: usize, rows: usize, yr: usize, yi: usize, m: usize, twiddle: usize): void {
  for (let p: usize = 0; p < m; p++) {
    const wr = f64x2.splat(load<f64>(twiddle + (p << 4)));
    const wi = f64x2.splat(load<f64>(twiddle + (p << 4), 8));
    const fromR = rowAt(xr, stride, p, rows);
    const fromI = rowAt(xi, stride, p, rows);
    const toR = yr + 2 * p * ROW;
    const toI = yi + 2 * p * ROW;
    for (let t: usize = 0; t < ROW; t += 16) {
      const r = v128.load(fromR + t);
      const i = v128.load(fromI + t);
      v128.store(toR + t, r);
      v128.store(toI + t, i);
      put(toR + ROW + t, toI + ROW + t, r, i, wr, wi, false);
    }
  }
}

/**
 * Discrete Fourier transforms of 8 columns side by side, as `fftColumns`, whose second half is zero and is neither read nor added up.
 *
 * @param xr, xi   real and imaginary parts of the first row, of 8 f64
 * @param stride   bytes from one row to the next
 * @param rows     at most n / 2; zeros follow
 * @param n        5-smooth and even
 * @param twiddle  f64 [n, 2]: cos and -sin of 2 pi t / n
 * @param a, b     f64 [2, n, 8], scratch
 * @returns the buffer, a or b, that holds the result: real parts, then imaginary parts
 */
export function fftPadded(
  xr: usize, xi: usize, stride: usize, rows: i32, n: i32, twiddle: usize, a: usize, b: usize,
): usize {
  const imaginary = <usize>n * ROW;
  const radix: usize = n % 4 == 0 ? 4 : 2;
  const left = <usize>n / radix;
  if (radix == 4) halfStage4(xr, xi, stride, rows, a, a + imaginary, left, twiddle);
  else halfStage2(xr, xi, stride, rows, a, a + imaginary, left, twiddle);
  return stages(a, b, n, left, radix, twiddle);
}
