import { expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { regionOf } from "../../../../test/helpers/regions.ts";
import { randomFor, randomNormal, type Random } from "../random.ts";
import type { Triple } from "../volume.ts";
import { minimumBox } from "./boxes.ts";
import { meshHull, type MeshHull } from "./mesh-hull.ts";

const hullOf = (shape: Triple, spacing: Triple, inside: (z: number, y: number, x: number) => boolean): MeshHull =>
  meshHull(regionOf(shape, spacing, inside).morphological, shape, spacing);
const volumeOf = ({ edges }: { edges: readonly number[] }) => edges[0]! * edges[1]! * edges[2]!;

/** A random rotation: three orthonormal rows. */
function rotation(random: Random): number[][] {
  const rows: number[][] = [];
  while (rows.length < 3) {
    const v = [0, 1, 2].map(() => randomNormal(random));
    for (const r of rows) {
      const along = r.reduce((sum, x, i) => sum + x * v[i]!, 0);
      r.forEach((x, i) => (v[i]! -= along * x));
    }
    rows.push(v.map((x) => x / Math.hypot(...v)));
  }
  return rows;
}

const boxVolume = ({ points }: MeshHull, axes: number[][]) =>
  axes.reduce((product, axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < points.length; i += 3) {
      const t = axis[0]! * points[i]! + axis[1]! * points[i + 1]! + axis[2]! * points[i + 2]!;
      [low, high] = [Math.min(low, t), Math.max(high, t)];
    }
    return product * (high - low);
  }, 1);

/** The smallest of many boxes turned at random, and then by ever smaller turns: the slow way. */
function smallestByTrying(hull: MeshHull, random: Random): number {
  let best = { volume: Infinity, axes: rotation(random) };
  for (let i = 0; i < 4000; i++) {
    const reach = 0.5 ** Math.floor(Math.max(0, i - 1500) / 150);
    const turn = rotation(random).map((r) => r.map((x) => x * reach));
    const moved =
      i < 1500 ? rotation(random) : best.axes.map((a) => a.map((x, k) => x + turn.reduce((s, t) => s + t[k]! * a[0]! * 0.1, 0)));
    const axes: number[][] = [];
    for (const v of moved) {
      const w = [...v];
      for (const r of axes) {
        const along = r.reduce((s, x, k) => s + x * w[k]!, 0);
        r.forEach((x, k) => (w[k]! -= along * x));
      }
      axes.push(w.map((x) => x / Math.hypot(...w)));
    }
    const volume = boxVolume(hull, axes);
    if (volume < best.volume) best = { volume, axes };
  }
  return best.volume;
}

it("the smallest box of an upright box is itself", () => {
  const box = minimumBox(hullOf([3, 5, 9], [2, 1, 1], () => true));
  expectClose(
    [...box.edges].sort((a, b) => a - b),
    [5, 6, 9],
    { rtol: 1e-12 },
  );
});

it("a bar that lies askew in a slice has a box that lies askew with it", () => {
  // A bar of 60 x 9 mm at 30 degrees.
  const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  const hull = hullOf([7, 60, 70], [1, 1, 1], (_z, y, x) => {
    const [u, v] = [(x - 34.5) * c + (y - 29.5) * s, (y - 29.5) * c - (x - 34.5) * s];
    return Math.abs(u) <= 30 && Math.abs(v) <= 4.5;
  });
  const edges = [...minimumBox(hull).edges].sort((a, b) => a - b);
  expectClose(edges, [7, 9, 60], { atol: 1.5 });
});

it.each([1, 2, 3, 4])(
  "no box that trying finds is smaller by more than 1 percent, and the axis-aligned one is never smaller (seed %i)",
  (seed) => {
    const random = randomFor(seed, "boxes");
    const axes = rotation(random);
    const half = [5 + 4 * random(), 3 + 3 * random(), 2 + 2 * random()];
    const hull = hullOf([21, 21, 21], [1, 1.2, 0.8], (...k) => {
      const p = k.map((i, a) => (i - 10) * [1, 1.2, 0.8][a]!);
      return axes.reduce((sum, axis, a) => sum + (axis.reduce((t, x, i) => t + x * p[i]!, 0) / half[a]!) ** 2, 0) <= 1;
    });
    const got = volumeOf(minimumBox(hull));
    expect(got).toBeLessThan(1.01 * smallestByTrying(hull, random));
    expect(got).toBeLessThanOrEqual(
      boxVolume(hull, [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]) *
        (1 + 1e-12),
    );
    expect(got).toBeGreaterThanOrEqual(hull.volume);
  },
);
