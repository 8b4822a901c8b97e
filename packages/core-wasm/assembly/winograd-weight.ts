import { POINT_A, POINT_B } from "./winograd-layout";

/** Bytes of the transformed weights of a convolution, as f64 because it may exceed any address. */
export function winogradWeightBytes(CI: i32, CO: i32): f64 {
  return <f64>((CI + 7) & ~7) * <f64>((CO + 7) & ~7) * 144;
}

/**
 * Transforms weights: u = G g G', in f64, rounded once.
 *
 * @param weight  f32 [CO, CI, 3, 3]
 * @param u       f32 [36, ceil(CO / 8), ceil(CI / 8) * 8, 8], already zero; see winograd-layout.ts
 */
export function winogradWeight(weight: usize, CI: i32, CO: i32, u: usize): void {
  const rows = (CI + 7) & ~7;
  const stride = (<usize>(rows * ((CO + 7) & ~7))) << 2;
  for (let co = 0; co < CO; co++) {
    for (let ci = 0; ci < CI; ci++) {
      const g = weight + <usize>(co * CI + ci) * 36;
      let to = u + ((<usize>(((co >> 3) * rows + ci) * 8 + (co & 7))) << 2);
      for (let i = 0; i < 6; i++) {
        const g0 = apply(i, load<f32>(g), load<f32>(g, 12), load<f32>(g, 24));
        const g1 = apply(i, load<f32>(g, 4), load<f32>(g, 16), load<f32>(g, 28));
        const g2 = apply(i, load<f32>(g, 8), load<f32>(g, 20), load<f32>(g, 32));
        for (let j = 0; j < 6; j++, to += stride) store<f32>(to, <f32>apply(j, g0, g1, g2));
      }
    }
  }
}

/** Row `i` of G times (g0, g1, g2): the polynomial g0 + g1 p + g2 p^2 at point p, over n(p). */
function apply(i: i32, g0: f64, g1: f64, g2: f64): f64 {
  if (i == 5) return g2;
  const a = <f64>POINT_A * POINT_A;
  const b = <f64>POINT_B * POINT_B;
  if (i == 0) return g0 / (a * b);
  const first = i < 3;
  const p = (first ? POINT_A : POINT_B) * (i & 1 ? 1 : -1);
  const n = first ? 2 * a * (a - b) : 2 * b * (b - a);
  return (g0 + g1 * p + g2 * (p * p)) / n;
}
