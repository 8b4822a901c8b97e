import { expect, it } from "vitest";
import { randomFor } from "../../random.ts";
import { maximalCorrelation } from "./maximal-correlation.ts";

/** The cells of a matrix, and what its rows and columns add up to. */
function of(p: readonly (readonly number[])[]): Parameters<typeof maximalCorrelation> {
  const cells = p.flatMap((row, i) => row.flatMap((count, j) => (count > 0 ? [{ row: i + 1, column: j + 1, count }] : [])));
  const px = Float64Array.from(p, (row) => row.reduce((sum, v) => sum + v, 0));
  const py = Float64Array.from(p, (_, j) => p.reduce((sum, row) => sum + row[j]!, 0));
  const column = <K extends "row" | "column" | "count">(key: K) => cells.map((cell) => cell[key]);
  return [{ row: column("row"), column: column("column"), count: column("count") }, px, py];
}

/** The second singular value of p(i,j) / sqrt(px(i) py(j)) where only two columns have any: their part without the first is one number. */
function bySums(p: readonly (readonly number[])[]): number {
  const [, px, py] = of(p);
  const trace = p.reduce((sum, row, i) => sum + row.reduce((part, v, j) => (v > 0 ? part + v ** 2 / (px[i]! * py[j]!) : part), 0), 0);
  return Math.sqrt(trace - 1);
}

it("is found also where rows of one size make it the difference (1, -2, 1)", () => {
  const sixth = [0, 0, 0, 1 / 6, 1 / 6];
  const p = [sixth, [0, 0, 0, 1 / 3, 0], sixth, [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]];
  expect(maximalCorrelation(...of(p))).toBeCloseTo(0.5, 12);
});

it("is that of two columns by hand: the squares of the matrix add up to 1 and its square (seed 3, 30 matrices)", () => {
  const random = randomFor(3, "two columns");
  for (let n = 2; n < 32; n++) {
    const counts = Array.from({ length: n }, () => [
      Math.floor(5 * random()),
      1 + Math.floor(5 * random()),
      ...Array.from({ length: n - 2 }, () => 0),
    ]);
    const total = counts.flat().reduce((sum, v) => sum + v, 0);
    const p = counts.map((row) => row.map((v) => v / total));
    expect(maximalCorrelation(...of(p))).toBeCloseTo(bySums(p), 10);
  }
});
