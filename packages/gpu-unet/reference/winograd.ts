// Winograd's F(4x4, 3x3) in f64, as the matrices of docs/winograd.md read: the proof of the identity, and the size of its rounding errors.
import type { Conv2dSizes } from "./conv2d.ts";

type Matrix = readonly (readonly number[])[];

const points = [0, 0.625, -0.625, 1.5, -1.5];
/** Coefficients, lowest first, of the product of (x - q) over the points but those left out. */
const product = (...without: number[]) =>
  points.filter((q) => !without.includes(q)).reduce<number[]>((c, q) => [...c, 0].map((_, k) => (c[k - 1] ?? 0) - q * (c[k] ?? 0)), [1]);
const at = (coefficients: readonly number[], x: number) => coefficients.reduce((sum, c, k) => sum + c * x ** k, 0);

/** A' (4 x 6): evaluates a polynomial of degree 3 with its highest coefficient apart, transposed. */
const AT: Matrix = [0, 1, 2, 3].map((power) => [...points.map((p) => p ** power), power === 3 ? 1 : 0]);
/** G (6 x 3): the three taps as a polynomial at each point, over the product of (p - q); its highest coefficient for infinity. */
const G: Matrix = [...points.map((p) => [0, 1, 2].map((power) => p ** power / at(product(p), p))), [0, 0, 1]];
/** B' (6 x 6): coefficients of the product over the other points, and of the product over all. */
const BT: Matrix = [...points.map((p) => [...product(p), 0]), product()];

const times = (m: Matrix, x: Matrix): number[][] => m.map((row) => x[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * x[k]![j]!, 0)));
const transposed = (m: Matrix): number[][] => m[0]!.map((_, j) => m.map((row) => row[j]!));
const around = (m: Matrix, x: Matrix): number[][] => times(times(m, x), transposed(m));
const grid = (rows: number, columns: number, value: (r: number, c: number) => number): number[][] =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (__, c) => value(r, c)));

/**
 * The 3x3 convolution of x (N,CI,H,W) with weight (CO,CI,3,3), without bias, by the transforms.
 *
 * @param of  "values"; or "magnitudes": of absolute values throughout, the size that the rounding errors of each pixel are relative to
 */
export function winograd(
  { N, CI, CO, H, W }: Conv2dSizes,
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  of: "values" | "magnitudes",
): Float64Array {
  const size = of === "magnitudes" ? Math.abs : (v: number) => v;
  const sized = (m: Matrix): Matrix => m.map((row) => row.map(size));
  const [at, bt, g] = [sized(AT), sized(BT), sized(G)];
  const filters = Array.from({ length: CO * CI }, (_, f) =>
    around(
      g,
      grid(3, 3, (r, c) => size(weight[f * 9 + r * 3 + c]!)),
    ),
  );
  const y = new Float64Array(N * CO * H * W);
  for (let n = 0; n < N; n++) {
    const pixel = (ci: number, i: number, j: number) =>
      i < 0 || j < 0 || i >= H || j >= W ? 0 : size(x[((n * CI + ci) * H + i) * W + j]!);
    for (let i = 0; i < H; i += 4) {
      for (let j = 0; j < W; j += 4) {
        const tiles = Array.from({ length: CI }, (_, ci) =>
          around(
            bt,
            grid(6, 6, (r, c) => pixel(ci, i + r - 1, j + c - 1)),
          ),
        );
        for (let co = 0; co < CO; co++) {
          const m = grid(6, 6, (r, c) => tiles.reduce((sum, tile, ci) => sum + tile[r]![c]! * filters[co * CI + ci]![r]![c]!, 0));
          around(at, m).forEach((row, r) =>
            row.forEach((value, c) => {
              if (i + r < H && j + c < W) y[((n * CO + co) * H + i + r) * W + j + c] = value;
            }),
          );
        }
      }
    }
  }
  return y;
}

/**
 * Roundings on the way from x and the weights to a pixel, at most: 5 in each pass of G (one of them a constant's), 4 in each of B', a product, CI additions,
 * 4 in each pass of A', and the bias. An operation's error is relative to the magnitude of its result, so a pixel is off by at most
 * this number times 2^-24 times its magnitude (and the bias's).
 *
 * @see Barabasz, Anderson, Soodhalter & Gregg 2020, theorem 2, for the bound; with the sum's order as it is here
 */
export function winogradRoundings(CI: number): number {
  return 2 * 5 + 2 * 4 + 1 + CI + 2 * 4 + 1;
}
