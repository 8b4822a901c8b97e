// Winograd's F(4x4, 3x3) and F(6x6, 3x3) in f64, as the matrices read: the proof of the identity, and the measure of its rounding error in f32.
import type { Conv2dSizes } from "./conv2d.ts";

type Matrix = readonly (readonly number[])[];

/** The matrices of F(m x m, 3x3): B' (m + 2)^2, A' m x (m + 2) and G (m + 2) x 3. */
interface Matrices {
  readonly bt: Matrix;
  readonly at: Matrix;
  readonly g: Matrix;
}

/** The matrices at the given points and infinity, m = points - 1. */
function matricesAt(points: readonly number[]): Matrices {
  const m = points.length - 1;
  /** The coefficients, from the lowest, of the product of (x - q) over some points q. */
  const product = (roots: readonly number[]) => roots.reduce((p, q) => [0, ...p].map((v, k) => v - q * (p[k] ?? 0)), [1]);
  const others = (i: number) => points.filter((_, j) => j !== i);
  return {
    bt: [...points.map((_, i) => [...product(others(i)), 0]), product(points)],
    at: Array.from({ length: m }, (_, power) => [...points.map((p) => p ** power), power === m - 1 ? 1 : 0]),
    g: [
      ...points.map((p, i) => {
        const n = others(i).reduce((value, q) => value * (p - q), 1);
        return [1 / n, p / n, (p * p) / n];
      }),
      [0, 0, 1],
    ],
  };
}

/** By the side of a tile. */
const MATRICES = {
  4: matricesAt([0, 5 / 8, -5 / 8, 3 / 2, -3 / 2]),
  6: matricesAt([0, 1 / 2, -1 / 2, 1, -1, 2, -2]),
} as const;
const { bt: BT, at: AT, g: G } = MATRICES[4];

const absolute = (m: Matrix): Matrix => m.map((row) => row.map(Math.abs));
const absolutes = ({ bt, at, g }: Matrices): Matrices => ({ bt: absolute(bt), at: absolute(at), g: absolute(g) });
const times = (m: Matrix, x: Matrix): number[][] => m.map((row) => x[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * x[k]![j]!, 0)));
const transposed = (m: Matrix): Matrix => m[0]!.map((_, j) => m.map((row) => row[j]!));
/** m x m' */
const around = (m: Matrix, x: Matrix): number[][] => times(times(m, x), transposed(m));

/** The convolution of x (CI,H,W) with weight (CO,CI,3,3), padding 1, no bias; H and W multiples of `side`. With `isMagnitude`, of absolute values throughout: the size that each rounding is relative to. */
export function winograd(
  { CI, CO, H, W }: Conv2dSizes,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  isMagnitude: boolean,
  side: 4 | 6 = 4,
): Float64Array {
  const size = isMagnitude ? Math.abs : (v: number) => v;
  const { bt, at, g } = isMagnitude ? absolutes(MATRICES[side]) : MATRICES[side];
  const n = side + 2;
  const pixel = (ci: number, i: number, j: number) => (i < 0 || j < 0 || i >= H || j >= W ? 0 : size(x[(ci * H + i) * W + j]!));
  const y = new Float64Array(CO * H * W);
  for (let i = 0; i < H; i += side) {
    for (let j = 0; j < W; j += side) {
      const v = Array.from({ length: CI }, (_, ci) =>
        around(
          bt,
          rows(n, n, (r, c) => pixel(ci, i + r - 1, j + c - 1)),
        ),
      );
      for (let co = 0; co < CO; co++) {
        const m = rows(n, n, () => 0);
        for (let ci = 0; ci < CI; ci++) {
          const u = around(
            g,
            rows(3, 3, (r, c) => size(weight[(co * CI + ci) * 9 + r * 3 + c]!)),
          );
          u.forEach((row, r) => row.forEach((value, c) => (m[r]![c]! += value * v[ci]![r]![c]!)));
        }
        around(at, m).forEach((row, r) => row.forEach((value, c) => (y[(co * H + i + r) * W + j + c] = value)));
      }
    }
  }
  return y;
}

/** The gradient of the weight (CO,CI,3,3) from x (CI,H,W) and dy (CO,H,W), by the transposed matrices; H and W multiples of 4. With `isMagnitude` as above. */
export function winogradGradient(
  { CI, CO, H, W }: Conv2dSizes,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  isMagnitude: boolean,
): Float64Array {
  const size = isMagnitude ? Math.abs : (v: number) => v;
  const [bt, at, g] = isMagnitude ? [absolute(BT), absolute(AT), absolute(G)] : [BT, AT, G];
  const pixel = (plane: ArrayLike<number>, c: number, i: number, j: number) =>
    i < 0 || j < 0 || i >= H || j >= W ? 0 : size(plane[(c * H + i) * W + j]!);
  const dweight = new Float64Array(CO * CI * 9);
  for (let co = 0; co < CO; co++) {
    for (let ci = 0; ci < CI; ci++) {
      const sum = rows(6, 6, () => 0);
      for (let i = 0; i < H; i += 4) {
        for (let j = 0; j < W; j += 4) {
          const v = around(
            bt,
            rows(6, 6, (r, c) => pixel(x, ci, i + r - 1, j + c - 1)),
          );
          const m = around(
            transposed(at),
            rows(4, 4, (r, c) => pixel(dy, co, i + r, j + c)),
          );
          m.forEach((row, r) => row.forEach((value, c) => (sum[r]![c]! += value * v[r]![c]!)));
        }
      }
      around(transposed(g), sum).forEach((row, r) => row.forEach((value, c) => (dweight[(co * CI + ci) * 9 + r * 3 + c] = value)));
    }
  }
  return dweight;
}

const rows = (n: number, m: number, value: (i: number, j: number) => number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: m }, (_v, j) => value(i, j)));
