import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { flipped, padded, regionOf, turned } from "../../../../test/helpers/regions.ts";
import { randomFor } from "../random.ts";
import type { Triple } from "../volume.ts";
import { countCubes, loopsOf, midpoint, sumSurface, trianglesOf } from "./mesh.ts";

const meshOf = ({ shape, spacing, morphological }: { shape: Triple; spacing: Triple; morphological: Uint8Array }) =>
  sumSurface(countCubes(morphological, shape), spacing);
const ball = (radius: number, spacing: Triple = [1, 1, 1]) => {
  const half = spacing.map((s) => Math.ceil(radius / s) + 1);
  const shape = half.map((h) => 2 * h + 1) as unknown as Triple;
  return regionOf(shape, spacing, (...k) => Math.hypot(...k.map((i, a) => (i - half[a]!) * spacing[a]!)) <= radius);
};
const scattered = (seed: number, shape: Triple, spacing: Triple, share = 0.5) => {
  const random = randomFor(seed, "mesh");
  return regionOf(shape, spacing, () => random() < share);
};

/** The surface as a list of triangles in place, cube by cube: what `sumSurface` sums without making it. */
function storedMesh({ shape, spacing, morphological }: { shape: Triple; spacing: Triple; morphological: Uint8Array }) {
  const [nz, ny, nx] = shape;
  const inside = (z: number, y: number, x: number) =>
    z >= 0 && y >= 0 && x >= 0 && z < nz && y < ny && x < nx && morphological[(z * ny + y) * nx + x] !== 0;
  const triangles: Triple[][] = [];
  for (let z = -1; z < nz; z++) {
    for (let y = -1; y < ny; y++) {
      for (let x = -1; x < nx; x++) {
        let configuration = 0;
        for (let k = 0; k < 8; k++) if (inside(z + (k >> 2), y + ((k >> 1) & 1), x + (k & 1))) configuration |= 1 << k;
        for (const t of trianglesOf(configuration, spacing))
          triangles.push(t.map((p) => p.map((v, a) => (v + [z, y, x][a]!) * spacing[a]!) as unknown as Triple));
      }
    }
  }
  return triangles;
}

describe("a cube's configuration", () => {
  it("crosses each edge between inside and outside once, in loops of at least three", () => {
    for (let configuration = 0; configuration < 256; configuration++) {
      const loops = loopsOf(configuration);
      const crossed = [1, 2, 4].flatMap((bit) =>
        [0, 1, 2, 3, 4, 5, 6, 7].filter((k) => (k & bit) === 0 && ((configuration >> k) & 1) !== ((configuration >> (k | bit)) & 1)),
      ).length;
      expect(loops.flat()).toHaveLength(crossed);
      expect(new Set(loops.flat()).size).toBe(crossed);
      for (const loop of loops) expect(loop.length).toBeGreaterThanOrEqual(3);
    }
  });

  it("has its crossing points in the middle of the twelve edges", () => {
    const points = Array.from({ length: 12 }, (_, e) => midpoint(e).join());
    expect(new Set(points).size).toBe(12);
    for (let e = 0; e < 12; e++) expect(midpoint(e).filter((v) => v === 0.5)).toHaveLength(1);
  });
});

describe("the mesh", () => {
  it("of one voxel is an octahedron: volume 1/6, area sqrt(3)", () => {
    const { volume, area } = meshOf(regionOf([1, 1, 1], [1, 1, 1], () => true));
    expectClose([volume, area], [1 / 6, Math.sqrt(3)], { rtol: 1e-14 });
  });

  it.each([1, 2, 3])("is closed, and its sums are those over all its triangles (seed %i, spacing 3 x 1.5 x 0.8)", (seed) => {
    const region = scattered(seed, [4, 5, 6], [3, 1.5, 0.8]);
    const triangles = storedMesh(region);
    const edges = new Map<string, number>();
    let [area, volume] = [0, 0];
    for (const [a, b, c] of triangles as [Triple, Triple, Triple][]) {
      for (const [p, q] of [
        [a, b],
        [b, c],
        [c, a],
      ]) {
        edges.set(`${p}|${q}`, (edges.get(`${p}|${q}`) ?? 0) + 1);
        edges.set(`${q}|${p}`, (edges.get(`${q}|${p}`) ?? 0) - 1);
      }
      const [u, v] = [b.map((x, i) => x - a[i]!), c.map((x, i) => x - a[i]!)];
      const n = [0, 1, 2].map((i) => u[(i + 2) % 3]! * v[(i + 1) % 3]! - u[(i + 1) % 3]! * v[(i + 2) % 3]!);
      area += Math.hypot(...n) / 2;
      volume += n.reduce((sum, x, i) => sum + x * a[i]!, 0) / 6;
    }
    expect([...edges.values()].filter((n) => n !== 0)).toEqual([]);
    const got = meshOf(region);
    expectClose([got.area, got.volume], [area, volume], { rtol: 1e-12 });
  });

  it("does not change when the region is flipped, turned or in a larger box (seeds 4 to 6)", () => {
    for (const seed of [4, 5, 6]) {
      const region = scattered(seed, [4, 6, 5], [2.5, 0.7, 1.3]);
      const { area, volume } = meshOf(region);
      const moved = [0, 1, 2].flatMap((axis) => [flipped(region, axis as 0), turned(region, axis as 0)]);
      for (const other of [...moved, padded(region, [1, 2, 3], [3, 0, 1])]) {
        const got = meshOf(other);
        expectClose([got.area, got.volume], [area, volume], { rtol: 1e-12 });
      }
    }
  });

  it.each([
    [10, [1, 1, 1]],
    [20, [1, 1, 1]],
    [20, [2, 1, 0.8]],
  ] as const)(
    "of a ball of radius %d mm (spacing %j) has the volume of analysis and of its voxels within 1 percent, and an area within 15 percent",
    (radius, spacing) => {
      const region = ball(radius, spacing);
      const { volume, area } = meshOf(region);
      const voxels = region.morphological.reduce((n, v) => n + v, 0) * spacing[0] * spacing[1] * spacing[2];
      expectClose([volume, voxels], [(4 / 3) * Math.PI * radius ** 3, (4 / 3) * Math.PI * radius ** 3], { rtol: 0.01 });
      // A binary mask has steps that the mesh only bevels; the excess does not go away with finer voxels.
      expectClose([area], [4 * Math.PI * radius ** 2], { rtol: 0.15 });
    },
  );
});
