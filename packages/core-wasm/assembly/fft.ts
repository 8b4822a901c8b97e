import { ROW } from "./fft-butterflies";
import { firstStage, laterStage } from "./fft-stages";

// Transforms of a length n that is a product of 2 to 7, of 4 columns side by side, and those of twice the length whose second half is zero.

/** Bytes at the head of a plan. */
const HEAD: usize = 64;

/**
 * Discrete Fourier transforms of 4 complex columns side by side: the frequencies of one parity of a transform of length 2 n whose second half is zero.
 *
 *   X[k] = sum over j < n of  x[j] exp(-2 pi i j (2 k + parity) / 2n),   k = 0 .. n - 1
 *
 * For parity 0 that is the transform of length n. Stockham's stages, which need no reordering.
 *
 * @param base     address of the input; a row is 4 real parts, then 4 imaginary parts, f64
 * @param table    u32 [n], where each row begins, as bytes from `base`
 * @param plan     of the length: u32 [15] its radices from first to last, then 0; u32 bytes to the factors of odd frequencies; f64 factors of the stages
 *                 but the last as they are met, [n / s / radix] [radix - 1] [2] each with s the product of the radices before it; and for odd
 *                 frequencies those of the first stage, [n / radix] [radix] [2]
 * @param n        7-smooth, at least 2
 * @param a, b     f64 [n, 2, 4] each, scratch
 * @param out      where the first row goes; must not lie in a or b
 * @param to       bytes from one output row to the next
 */
export function fft(base: usize, table: usize, plan: usize, n: usize, parity: u32, a: usize, b: usize, out: usize, to: usize): void {
  let twiddle = plan + HEAD;
  let radix = load<u32>(plan);
  let next = load<u32>(plan, 4);
  let left = n / radix;
  let x = next == 0 ? out : a;
  const step = next == 0 ? to : ROW;
  if (parity == 0) firstStage(radix, base, table, left, x, step, twiddle, false);
  else firstStage(radix, base, table, left, x, step, plan + load<u32>(plan, 60), true);
  let s: usize = radix;
  for (let stage = plan + 4; left > 1; stage += 4) {
    twiddle += (left * (radix - 1)) << 4;
    radix = next;
    next = load<u32>(stage, 4);
    left /= radix;
    const y = next == 0 ? out : x == a ? b : a;
    if (next == 0) laterStage(radix, x, y, left, s, to, twiddle, true);
    else laterStage(radix, x, y, left, s, to, twiddle, false);
    s *= radix;
    x = y;
  }
}
