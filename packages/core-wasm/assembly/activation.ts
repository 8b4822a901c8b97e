// The encoder's activations on four f32.
import { fmaF32x4 } from "./fma";

/** The code of ELU in the kernels' `activation` argument; any other value is ReLU. */
export const ELU: i32 = 1;

/**
 * ELU with alpha = 1:  x where x > 0, exp(x) - 1 elsewhere. NaN stays NaN.
 *
 * With n = round(x log2 e) and r = x - n ln 2,  exp(x) - 1 = 2^n p(r) + (2^n - 1),  where p(r) = r + r^2 q(r) stands for exp(r) - 1.
 * q has degree 4 (a fit to the least maximum of the relative error of p on |r| <= ln 2 / 2: 1.7e-8), so the result is within
 * 2^-22 relative: small |x| lose nothing, because there n = 0 and the result is p itself. Below -17.5 the result is -1 in f32.
 */
export function elu(x: v128): v128 {
  const t = f32x4.pmax(f32x4.pmin(x, f32x4.splat(0)), constant(LEAST));
  // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits of the sum.
  const shifted = fmaF32x4(t, constant(LOG2_E), constant(ROUND));
  const n = f32x4.sub(shifted, constant(ROUND));
  const one = constant(ONE);
  const power = i32x4.add(i32x4.shl(shifted, 23), one);
  const r = fmaF32x4(n, constant(MINUS_LN_2), t);
  let q = fmaF32x4(r, constant(Q4), constant(Q3));
  q = fmaF32x4(r, q, constant(Q2));
  q = fmaF32x4(r, q, constant(Q1));
  q = fmaF32x4(r, q, constant(Q0));
  const p = fmaF32x4(f32x4.mul(r, r), q, r);
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), fmaF32x4(power, p, f32x4.sub(power, one)));
}

/** The activation that `activation` names: ELU, or ReLU, max(x, 0). NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function activate(x: v128, activation: i32): v128 {
  return activation == ELU ? elu(x) : f32x4.pmax(x, f32x4.splat(0));
}

// Constants lie in memory because an engine loads and spreads one in a single instruction, where it rebuilds a v128 literal by three.
const CONSTANTS = memory.data<f32>([
  -17.5, 1.4426950408889634, 12582912, 1, -0.6931471805599453,
  0.4999999701976776, 0.1666654348373413, 0.04166720062494278, 0.008366520516574383, 0.0013882518978789449,
]);
const LEAST: usize = 0;
const LOG2_E: usize = 4;
const ROUND: usize = 8;
const ONE: usize = 12;
const MINUS_LN_2: usize = 16;
const Q0: usize = 20;
const Q1: usize = 24;
const Q2: usize = 28;
const Q3: usize = 32;
const Q4: usize = 36;

// @ts-ignore: decorator
@inline
function constant(offset: usize): v128 {
  return v128.load32_splat(CONSTANTS + offset);
}
