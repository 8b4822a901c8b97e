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
  for (let panel = 0; panel < CO; panel += 8, u += (<usize>rows) << 5) {
    const members = min(8, CO - panel);
    for (let ci = 0; ci < CI; ci++) {
      for (let co = 0; co < members; co++) {
        const g = weight + <usize>((panel + co) * CI + ci) * 36;
        let to = u + ((<usize>(ci * 8 + co)) << 2);
        for (let i = 0; i < 6; i++) {
          const g0 = row(i, load<f32>(g), load<f32>(g, 12), load<f32>(g, 24));
          const g1 = row(i, load<f32>(g, 4), load<f32>(g, 16), load<f32>(g, 28));
          const g2 = row(i, load<f32>(g, 8), load<f32>(g, 20), load<f32>(g, 32));
          for (let j = 0; j < 6; j++, to += stride) store<f32>(to, <f32>row(j, g0, g1, g2));
        }
      }
    }
  }
}

const A: f64 = POINT_A;
const B: f64 = POINT_B;
/** n(a) = n(-a) */
const NA: f64 = 2 * A * A * (A * A - B * B);
/** n(b) = n(-b) */
const NB: f64 = 2 * B * B * (B * B - A * A);

const G = memory.data<f64>([
  1 / (A * A * B * B),
  0,
  0,
  1 / NA,
  A / NA,
  (A * A) / NA,
  1 / NA,
  -A / NA,
  (A * A) / NA,
  1 / NB,
  B / NB,
  (B * B) / NB,
  1 / NB,
  -B / NB,
  (B * B) / NB,
  0,
  0,
  1,
]);

/** Row `i` of G times (g0, g1, g2). */
function row(i: i32, g0: f64, g1: f64, g2: f64): f64 {
  const at = G + <usize>i * 24;
  return load<f64>(at) * g0 + load<f64>(at, 8) * g1 + load<f64>(at, 16) * g2;
}
