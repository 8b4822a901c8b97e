import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { randomFor, randomNormal } from "../random.ts";
import { symmetricEigenvalues } from "./eigenvalues.ts";
import { ellipsoidArea, enclosingEllipsoid } from "./ellipsoid.ts";

describe("symmetricEigenvalues", () => {
  it("has the trace, the squares and the determinant of a matrix (seeds 1 to 20)", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = randomFor(seed, "eigenvalues");
      const [a, b, c, d, e, f] = Array.from({ length: 6 }, () => randomNormal(random)) as [number, number, number, number, number, number];
      const [p, q, r] = symmetricEigenvalues([a, b, c, b, d, e, c, e, f]) as [number, number, number];
      const determinant = a * (d * f - e * e) - b * (b * f - e * c) + c * (b * e - d * c);
      expectClose(
        [p + q + r, p * p + q * q + r * r, p * q * r],
        [a + d + f, a * a + d * d + f * f + 2 * (b * b + c * c + e * e), determinant],
        {
          rtol: 1e-12,
          atol: 1e-13,
        },
      );
      expect(p >= q && q >= r).toBe(true);
    }
  });
});

describe("ellipsoidArea", () => {
  it("is 4 pi r^2 for a ball", () => {
    expectClose([ellipsoidArea([3, 3, 3])], [36 * Math.PI], { rtol: 1e-15 });
  });

  it("is the series as IBSI prints it, summed with Legendre polynomials from their recurrence", () => {
    const [a, b, c] = [5, 4, 2];
    const [alpha, beta] = [Math.sqrt(1 - (b / a) ** 2), Math.sqrt(1 - (c / a) ** 2)];
    const x = (alpha ** 2 + beta ** 2) / (2 * alpha * beta);
    const legendre = [1, x];
    for (let v = 2; v <= 20; v++) legendre.push(((2 * v - 1) * x * legendre[v - 1]! - (v - 1) * legendre[v - 2]!) / v);
    const sum = legendre.reduce((total, p, v) => total + ((alpha * beta) ** v / (1 - 4 * v * v)) * p, 0);
    expectClose([ellipsoidArea([2, 5, 4])], [4 * Math.PI * a * b * sum], { rtol: 1e-12 });
  });
});

describe("enclosingEllipsoid", () => {
  // Volumes are exact to 1e-7 by the rule that ends the ascent, single axes to its square root.
  const AXES = { rtol: 1e-3 };

  it("of a box has semi-axes sqrt(3) times half its edges", () => {
    const corners = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((k) => [k & 1 ? 10 : 0, k & 2 ? 4 : 0, k & 4 ? 6 : 0]);
    expectClose(
      enclosingEllipsoid(Float64Array.from(corners)),
      [5, 3, 2].map((h) => h * Math.sqrt(3)),
      AXES,
    );
  });

  it("of points on an ellipsoid is that ellipsoid", () => {
    const random = randomFor(1, "enclosing");
    const points = Array.from({ length: 2000 }, () => {
      const v = [randomNormal(random), randomNormal(random), randomNormal(random)];
      return v.map((x, a) => 20 + ([9, 5, 3][a]! * x) / Math.hypot(...v));
    });
    const axes = enclosingEllipsoid(Float64Array.from(points.flat()));
    expectClose(axes, [9, 5, 3], { rtol: 0.01 });
  });

  it("does not depend on the points inside it, nor on their order (seed 2)", () => {
    const random = randomFor(2, "enclosing");
    const outer = Array.from({ length: 40 }, () => [0, 1, 2].map((a) => (a + 1) * randomNormal(random)));
    const mean = [0, 1, 2].map((a) => outer.reduce((sum, p) => sum + p[a]!, 0) / 40);
    const inner = outer.map((p) => p.map((x, a) => mean[a]! + (x - mean[a]!) / 2));
    const volume = (points: number[][]) => enclosingEllipsoid(Float64Array.from(points.flat())).reduce((product, a) => product * a, 1);
    expectClose([volume([...outer, ...inner]), volume(outer.toReversed())], [volume(outer), volume(outer)], { rtol: 3e-7 });
  });
});
