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
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const t = f32x4.pmax(f32x4.pmin(x, zero), f32x4.splat(-17.5));
  // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits of the sum.
  const shifted = fmaF32x4(t, f32x4.splat(1.4426950408889634), f32x4.splat(12582912));
  const n = f32x4.sub(shifted, f32x4.splat(12582912));
  const power = i32x4.add(i32x4.shl(shifted, 23), one);
  const r = fmaF32x4(n, f32x4.splat(-0.6931471805599453), t);
  let q = fmaF32x4(r, f32x4.splat(0.0013882518978789449), f32x4.splat(0.008366520516574383));
  q = fmaF32x4(r, q, f32x4.splat(0.04166720062494278));
  q = fmaF32x4(r, q, f32x4.splat(0.1666654348373413));
  q = fmaF32x4(r, q, f32x4.splat(0.4999999701976776));
  const p = fmaF32x4(f32x4.mul(r, r), q, r);
  return f32x4.add(f32x4.pmax(x, zero), fmaF32x4(power, p, f32x4.sub(power, one)));
}

/** The activation that `activation` names: ELU, or ReLU, max(x, 0). NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function activate(x: v128, activation: i32): v128 {
  return activation == ELU ? elu(x) : f32x4.pmax(x, f32x4.splat(0));
}
