import { expect, it } from "vitest";
import { randomFor } from "../../random.ts";
import { inverseOf } from "./singular-inverse.ts";

/** Columns of a rotation by three angles, each as long as its spacing. */
function turned([a, b, c]: readonly number[], spacing: readonly number[]): number[][] {
  const [ca, sa, cb, sb, cc, sc] = [Math.cos(a!), Math.sin(a!), Math.cos(b!), Math.sin(b!), Math.cos(c!), Math.sin(c!)];
  const columns = [
    [cb * cc, sa * sb * cc + ca * sc, sa * sc - ca * sb * cc],
    [-cb * sc, ca * cc - sa * sb * sc, ca * sb * sc + sa * cc],
    [sb, -sa * cb, ca * cb],
  ];
  return columns.map((column, k) => column.map((v) => v * spacing[k]!));
}

it("times the matrix is the identity to 1e-14 (seed 5, 50 grids turned at random)", () => {
  const random = randomFor(5, "turned");
  const between = (low: number, high: number) => low + (high - low) * random();
  for (let grid = 0; grid < 50; grid++) {
    const columns = turned(
      [1, 2, 3].map(() => between(-3, 3)),
      [1, 2, 3].map(() => between(0.3, 6)),
    );
    const inverse = inverseOf(columns);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const product = inverse[i]!.reduce((sum, v, k) => sum + v * columns[j]![k]!, 0);
        expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(1e-14);
      }
    }
  }
});

it("of axes that are the patient's, in any order and either way, has one over each spacing and nothing else", () => {
  const inverse = inverseOf([
    [0, -0.7, 0],
    [0, 0, 3.1],
    [-1.3, 0, 0],
  ]);
  expect(inverse.map((row) => row.map((v) => v + 0))).toEqual([
    [0, -1 / 0.7, 0],
    [0, 0, 1 / 3.1],
    [-1 / 1.3, 0, 0],
  ]);
});
