// The network's activations, in place on a run of pixels of 4 channels.
import { fmaF32x4 } from "./fma";

/** The codes of the kernels' `activation` argument. */
export const RELU: i32 = 0;
export const ELU: i32 = 1;
/** The identity, for gradients and for the transposed convolutions. */
export const NONE: i32 = 2;

/** Replaces `count` vectors of four f32 by their activation. NaN stays NaN. */
export function activate(x: usize, count: i32, activation: i32): void {
  const end = x + ((<usize>count) << 4);
  if (activation == ELU) elu(x, end);
  else if (activation == RELU) relu(x, end);
}

/** max(x, 0) */
function relu(x: usize, end: usize): void {
  for (; x < end; x += 16) v128.store(x, f32x4.pmax(v128.load(x), f32x4.splat(0)));
}

/**
 * ELU with alpha = 1:  x where x > 0, exp(x) - 1 elsewhere.
 *
 * With n = round(x log2 e) and r = x - n ln 2,  exp(x) - 1 = 2^n p(r) + (2^n - 1),  where p(r) = r + r^2 q(r) stands for exp(r) - 1.
 * q has degree 4 (a fit to the least maximum of the relative error of p on |r| <= ln 2 / 2: 1.7e-8), so the result is within
 * 2^-22 relative: small |x| lose nothing, because there n = 0 and the result is p itself. Below -17.5 the result is -1 in f32.
 */
function elu(x: usize, end: usize): void {
  const least = constant(0);
  const log2E = constant(1);
  const round = constant(2);
  const one = constant(3);
  const minusLn2 = constant(4);
  const q0 = constant(5);
  const q1 = constant(6);
  const q2 = constant(7);
  const q3 = constant(8);
  const q4 = constant(9);
  for (; x < end; x += 16) {
    const value = v128.load(x);
    const t = f32x4.pmax(f32x4.pmin(value, f32x4.splat(0)), least);
    // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits of the sum.
    const shifted = fmaF32x4(t, log2E, round);
    const r = fmaF32x4(f32x4.sub(shifted, round), minusLn2, t);
    const q = fmaF32x4(r, fmaF32x4(r, fmaF32x4(r, fmaF32x4(r, q4, q3), q2), q1), q0);
    const p = fmaF32x4(f32x4.mul(r, r), q, r);
    const power = i32x4.add(i32x4.shl(shifted, 23), one);
    const negative = fmaF32x4(power, p, f32x4.sub(power, one));
    v128.store(x, f32x4.add(f32x4.pmax(value, f32x4.splat(0)), negative));
  }
}

// Constants lie in memory because an engine loads and spreads one in a single instruction, where it rebuilds a v128 literal by three.
const CONSTANTS = memory.data<f32>([
  -17.5, 1.4426950408889634, 12582912, 1, -0.6931471805599453, 0.4999999701976776, 0.1666654348373413, 0.04166720062494278,
  0.008366520516574383, 0.0013882518978789449,
]);

function constant(i: usize): v128 {
  return v128.load32_splat(CONSTANTS + (i << 2));
}
