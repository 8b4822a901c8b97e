import { describe, expect, it } from "vitest";
import { randomFor, randomNormal } from "../random.ts";
import { firthLogistic } from "./firth.ts";

/** The penalised log likelihood by its definition, for one column and an intercept. */
function penalised(x: readonly number[], y: readonly number[], a: number, b: number): number {
  let [log, i00, i01, i11] = [0, 0, 0, 0];
  for (const [i, value] of x.entries()) {
    const p = 1 / (1 + Math.exp(-(a + b * value)));
    const w = p * (1 - p);
    log += y[i] === 1 ? Math.log(p) : Math.log(1 - p);
    [i00, i01, i11] = [i00 + w, i01 + w * value, i11 + w * value ** 2];
  }
  return log + 0.5 * Math.log(i00 * i11 - i01 ** 2);
}

/** Its maximum by a grid that closes in. */
function searched(x: readonly number[], y: readonly number[]): [a: number, b: number] {
  let [a, b, width] = [0, 0, 8];
  for (; width > 1e-9; width *= 0.7) {
    const points = [-1, -0.5, 0, 0.5, 1].flatMap((u) => [-1, -0.5, 0, 0.5, 1].map((v) => [a + u * width, b + v * width] as const));
    [a, b] = points.reduce((best, point) => (penalised(x, y, ...point) > penalised(x, y, ...best) ? point : best), [a, b] as const);
  }
  return [a, b];
}

describe("logistic regression with Firth's penalty", () => {
  it.each([1, 2, 3])("finds the maximum that a slow search finds (seed %i)", (seed) => {
    const random = randomFor(seed, "firth");
    const x = Array.from({ length: 30 }, () => randomNormal(random));
    const y = x.map((value) => Number(random() < 1 / (1 + Math.exp(1 - value))));
    const fit = firthLogistic([x], y)!;
    const [a, b] = searched(x, y);
    expect(fit.intercept).toBeCloseTo(a, 5);
    expect(fit.coefficients[0]).toBeCloseTo(b, 5);
  });

  it("of a two-by-two table has the log odds ratio with a half added to every count", () => {
    const cells = [
      [1, 1, 6],
      [1, 0, 2],
      [0, 1, 3],
      [0, 0, 9],
    ] as const;
    const rows = cells.flatMap(([x, y, count]) => Array.from({ length: count }, () => [x, y] as const));
    const fit = firthLogistic(
      [rows.map(([x]) => x)],
      rows.map(([, y]) => y),
    )!;
    expect(fit.coefficients[0]).toBeCloseTo(Math.log((6.5 * 9.5) / (2.5 * 3.5)), 8);
    expect(fit.intercept).toBeCloseTo(Math.log(3.5 / 9.5), 8);
  });

  it("stays finite where a column separates the outcomes", () => {
    const fit = firthLogistic([[1, 2, 3, 4, 5, 6]], [0, 0, 0, 1, 1, 1])!;
    expect(fit.coefficients[0]).toBeGreaterThan(0.5);
    expect(fit.coefficients[0]).toBeLessThan(10);
  });

  it("has no answer for a column that repeats another or is constant", () => {
    expect(
      firthLogistic(
        [
          [1, 2, 3, 4],
          [2, 4, 6, 8],
        ],
        [0, 1, 0, 1],
      ),
    ).toBeNull();
    expect(firthLogistic([[1, 1, 1, 1]], [0, 1, 0, 1])).toBeNull();
  });
});
