import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { regionOf } from "../../../../test/helpers/regions.ts";
import { randomFor, randomInt } from "../random.ts";
import { convexHull } from "./hull.ts";
import { meshHull } from "./mesh-hull.ts";

type Point = readonly [number, number, number];
const pointsOf = (p: ArrayLike<number>): Point[] =>
  Array.from({ length: p.length / 3 }, (_, i) => [p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!]);
const minus = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const cross = (a: Point, b: Point): Point => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const dot = (a: Point, b: Point): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Points with whole coordinates: scattered in a cube, or on a sphere. */
function cloud(seed: number, n: number, size: number, isOnSphere: boolean): Float64Array {
  const random = randomFor(seed, "hull");
  return Float64Array.from(
    Array.from({ length: n }, () => {
      if (!isOnSphere) return [randomInt(random, size), randomInt(random, size), randomInt(random, size)];
      const [c, phi] = [2 * random() - 1, 2 * Math.PI * random()];
      const s = Math.sqrt(1 - c * c);
      return [c, s * Math.cos(phi), s * Math.sin(phi)].map((v) => Math.round(size * v));
    }).flat(),
  );
}

describe("convexHull", () => {
  it.each([
    [1, 4, 9, false],
    [2, 60, 3, false],
    [3, 500, 4, false],
    [4, 400, 100, false],
    [5, 800, 40, true],
    [6, 3000, 12, true],
  ])(
    "has every point in or below every face, and each face across each edge (seed %i, %i points of size %i)",
    (seed, n, size, isOnSphere) => {
      const cloudPoints = cloud(seed, n, size, isOnSphere);
      const { points, faces, neighbours } = convexHull(cloudPoints);
      const [all, corners] = [pointsOf(cloudPoints), pointsOf(points)];
      const known = new Set(all.map(String));
      expect(corners.every((p) => known.has(String(p)))).toBe(true);
      let volume = 0;
      for (let f = 0; f < faces.length; f += 3) {
        const [a, b, c] = [corners[faces[f]!]!, corners[faces[f + 1]!]!, corners[faces[f + 2]!]!];
        const normal = cross(minus(b, a), minus(c, a));
        expect(dot(normal, normal)).toBeGreaterThan(0);
        expect(Math.max(...all.map((p) => dot(normal, minus(p, a))))).toBe(0);
        volume += dot(a, normal) / 6;
        for (let e = 0; e < 3; e++) {
          const g = 3 * neighbours[f + e]!;
          const back = [0, 1, 2].find((k) => faces[g + k] === faces[f + ((e + 1) % 3)] && faces[g + ((k + 1) % 3)] === faces[f + e]);
          expect(back === undefined ? -1 : neighbours[g + back]).toBe(f / 3);
        }
      }
      expect(volume).toBeGreaterThan(0);
      // Euler: corners - edges + faces = 2.
      expect(corners.length - faces.length / 2 + faces.length / 3).toBe(2);
    },
  );

  it("refuses points in one plane, which have no hull with a volume", () => {
    expect(() => convexHull(Float64Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0))).toThrow("the 4 points lie in one plane");
    expect(() => convexHull(Float64Array.of(3, 3, 3))).toThrow("the 1 points lie in one plane");
  });
});

describe("meshHull", () => {
  it("is the hull of every point of the mesh (seeds 7 to 10)", () => {
    for (const seed of [7, 8, 9, 10]) {
      const random = randomFor(seed, "mesh hull");
      const region = regionOf([4, 6, 5], [3, 1, 0.5], () => random() < 0.3);
      const [nz, ny, nx] = region.shape;
      const mesh: number[] = [];
      for (let z = 0; z < nz; z++) {
        for (let y = 0; y < ny; y++) {
          for (let x = 0; x < nx; x++) {
            if (region.morphological[(z * ny + y) * nx + x] === 0) continue;
            for (const a of [0, 1, 2])
              for (const half of [-1, 1]) mesh.push(...[2 * z, 2 * y, 2 * x].map((v, b) => (a === b ? v + half : v)));
          }
        }
      }
      const all = convexHull(Float64Array.from(mesh));
      const got = meshHull(region.morphological, region.shape, region.spacing);
      const inMm = pointsOf(all.points).map((p) => p.map((v, a) => (v * region.spacing[a]!) / 2) as unknown as Point);
      // Not every corner must agree: a point within a facet or an edge may serve as one.
      let volume = 0;
      for (let f = 0; f < all.faces.length; f += 3) {
        const [a, b, c] = [0, 1, 2].map((e) => inMm[all.faces[f + e]!]!) as [Point, Point, Point];
        volume += dot(a, cross(b, c)) / 6;
      }
      expectClose([got.volume], [volume], { rtol: 1e-12 });
      expect(got.diameter).toBe(Math.max(...inMm.flatMap((p) => inMm.map((q) => Math.sqrt(dot(minus(p, q), minus(p, q)))))));
    }
  });

  it("of a box of voxels is the box less its bevelled edges", () => {
    const { volume, diameter } = meshHull(new Uint8Array(60).fill(1), [3, 4, 5], [1, 1, 1]);
    // A box and an octahedron of half a voxel, added by Minkowski: volume, faces, a quarter of a rhombus along each edge, the octahedron.
    const [a, b, c] = [2, 3, 4];
    expectClose([volume], [a * b * c + (a * b + b * c + c * a) + (a + b + c) / 2 + 1 / 6], { rtol: 1e-14 });
    expectClose([diameter], [Math.hypot(a, b, c + 1)], { rtol: 1e-14 });
  });
});
