import { describe, expect, it } from "vitest";
import { randomFor, randomNormal } from "../random.ts";
import { principalComponents } from "./embedding.ts";

const cloud = (n: number, width: number, seed: number) => {
  const random = randomFor(seed, "embedding");
  return Array.from({ length: n }, () => {
    const [a, b] = [3 * randomNormal(random), randomNormal(random)];
    return Array.from({ length: width }, (_, j) => (j % 2 ? a : b) * (1 + (j % 3)) + 0.3 * randomNormal(random));
  });
};
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("principal components", () => {
  it("are centred, orthogonal, and carry the shares of the variance that they claim", () => {
    const { points, shares } = principalComponents(cloud(40, 12, 1))!;
    const [x, y] = [points.map(([value]) => value), points.map(([, value]) => value)];
    expect(sum(x)).toBeCloseTo(0, 8);
    expect(sum(y)).toBeCloseTo(0, 8);
    expect(sum(x.map((value, i) => value * y[i]!))).toBeCloseTo(0, 5);
    // 12 standardised columns have 12 x 40 squares in all.
    expect(sum(x.map((value) => value ** 2)) / 480).toBeCloseTo(shares[0], 8);
    expect(sum(y.map((value) => value ** 2)) / 480).toBeCloseTo(shares[1], 8);
    expect(shares[0]).toBeGreaterThan(shares[1]);
    expect(shares[0] + shares[1]).toBeLessThanOrEqual(1 + 1e-12);
  });

  it("keep all distances of points that lie in a plane", () => {
    const plane = cloud(20, 2, 2);
    const { points, shares } = principalComponents(plane)!;
    expect(shares[0] + shares[1]).toBeCloseTo(1, 8);
    const scale = [0, 1].map((j) => {
      const column = plane.map((row) => row[j]!);
      const mean = sum(column) / 20;
      return Math.sqrt(sum(column.map((value) => (value - mean) ** 2)) / 20);
    });
    const before = Math.hypot((plane[3]![0]! - plane[7]![0]!) / scale[0]!, (plane[3]![1]! - plane[7]![1]!) / scale[1]!);
    expect(Math.hypot(points[3]![0] - points[7]![0], points[3]![1] - points[7]![1])).toBeCloseTo(before, 6);
  });

  it("do not turn over when the columns change their sign or order", () => {
    const rows = cloud(15, 6, 3);
    const other = rows.map((row) => row.map((value) => -value).toReversed());
    const [a, b] = [principalComponents(rows)!, principalComponents(other)!];
    for (const [i, point] of a.points.entries()) expect(b.points[i]![0]).toBeCloseTo(point[0], 6);
  });

  it("need two directions", () => {
    expect(
      principalComponents([
        [1, 2],
        [2, 4],
        [3, 6],
      ]),
    ).toBeNull();
    expect(
      principalComponents([
        [1, 1],
        [1, 1],
        [1, 1],
      ]),
    ).toBeNull();
    expect(principalComponents([[1, 2]])).toBeNull();
  });
});
