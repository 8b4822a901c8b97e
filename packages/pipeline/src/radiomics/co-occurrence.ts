// A normalised co-occurrence matrix and the sums that its features share.
import type { TextureMatrix } from "@islet/core-wasm";
import { entropyOfCounts } from "./entropy.ts";

/** Probabilities of pairs of grey levels (i, j), 1..Ng, that are neighbours. */
export interface CoOccurrence {
  readonly ng: number;
  /** i, j and p(i,j) of each non-empty cell; the p add up to 1. */
  readonly i: Int32Array;
  readonly j: Int32Array;
  readonly p: Float64Array;
  /** Row sums px(i) and column sums py(j), at index i and j; the same for a symmetric matrix. */
  readonly px: Float64Array;
  readonly py: Float64Array;
  /** Diagonal sums p(|i - j| = k), at index k = 0..Ng-1. */
  readonly difference: Float64Array;
  /** Cross-diagonal sums p(i + j = k), at index k = 2..2 Ng. */
  readonly sum: Float64Array;
  /** HXY, HX and HY: entropies of the matrix, of its row sums and of its column sums, bits. */
  readonly entropies: { readonly xy: number; readonly x: number; readonly y: number };
}

/** @returns null where the matrix has no entry: no voxel has a neighbour in its direction */
export function coOccurrence({ row: i, column: j, count }: TextureMatrix, ng: number): CoOccurrence | null {
  let total = 0;
  for (const n of count) total += n;
  if (total === 0) return null;
  const p = new Float64Array(count.length);
  const px = new Float64Array(ng + 1);
  const py = new Float64Array(ng + 1);
  const difference = new Float64Array(ng);
  const sum = new Float64Array(2 * ng + 1);
  for (let k = 0; k < p.length; k++) {
    const [a, b, n] = [i[k]!, j[k]!, count[k]!];
    p[k] = n / total;
    px[a]! += n;
    py[b]! += n;
    difference[Math.abs(a - b)]! += n;
    sum[a + b]! += n;
  }
  const entropies = { xy: entropyOfCounts(count, total), x: entropyOfCounts(px, total), y: entropyOfCounts(py, total) };
  for (const sums of [px, py, difference, sum]) for (let k = 0; k < sums.length; k++) sums[k]! /= total;
  return { ng, i, j, p, px, py, difference, sum, entropies };
}

/** sum over k of  share[k] * value(k), without the empty ones. */
export function expectation(share: Float64Array, value: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < share.length; k++) if (share[k] !== 0) sum += share[k]! * value(k);
  return sum;
}

/** Mean of a distribution over its index: sum k share[k]. */
export function meanIndex(share: Float64Array): number {
  return expectation(share, (k) => k);
}

/** sum (k - mean)^n share[k]: a central moment of a distribution over its index; n = 2, 3 or 4. */
export function centralMoment(share: Float64Array, n: 2 | 3 | 4): number {
  const mean = meanIndex(share);
  return expectation(share, (k) => {
    const square = (k - mean) * (k - mean);
    return n === 2 ? square : n === 3 ? square * (k - mean) : square * square;
  });
}
