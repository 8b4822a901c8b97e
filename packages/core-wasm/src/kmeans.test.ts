import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/helpers/close.ts";
import * as reference from "../reference/kmeans.ts";
import { loadCore } from "./core.ts";
import { kMeans } from "./kmeans.ts";

/** Uniform numbers from a linear congruential generator. */
function uniforms(seed: number, count: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

const cloud = (seed: number, n: number, d: number) => Float32Array.from(uniforms(seed, n * d), (u, i) => u + (i / d < n / 3 ? 0.7 : 0));
// Sums in another order: wasm f64 against the reference.
const F64 = { rtol: 1e-12 };

describe.each(["relaxed", "simd"] as const)("%s build", (build) => {
  test.each([
    [1, 9, 1, 2],
    [2, 30, 7, 2],
    [3, 41, 16, 3],
    [4, 20, 33, 5],
  ])(
    "seed %i: each of %i points (d = %i) is with the nearest of %i centres, and each centre is the mean of its points",
    async (seed, n, d, k) => {
      const points = cloud(seed, n, d);
      const result = kMeans(await loadCore(build), points, n, d, k, 10, uniforms(seed + 100, 10 * k));
      expect([...result.assignment]).toEqual(reference.nearest(points, n, d, result.centres, k));
      expectClose(result.centres, reference.centresOf(points, n, d, result.assignment, k), F64);
      expectClose([result.inertia], [reference.inertiaOf(points, n, d, result.assignment, k)], F64);
    },
  );

  test("ten restarts find the best of all partitions into two (seeds 1 to 8, 11 points)", async () => {
    const core = await loadCore(build);
    for (let seed = 1; seed <= 8; seed++) {
      const points = cloud(seed, 11, 3);
      const { inertia } = kMeans(core, points, 11, 3, 2, 10, uniforms(seed + 50, 20));
      expectClose([inertia], [reference.bestInertiaOfTwo(points, 11, 3)], F64);
    }
  });
});

test("both builds give the same bits", async () => {
  const points = cloud(7, 60, 37);
  const run = async (build: "relaxed" | "simd") => kMeans(await loadCore(build), points, 60, 37, 4, 10, uniforms(8, 40));
  expect(await run("relaxed")).toEqual(await run("simd"));
});

test("the first restart wins a tie", async () => {
  // Two restarts that start from the same two points in another order reach the same inertia with the labels exchanged.
  const points = Float32Array.of(0, 10);
  const core = await loadCore();
  expect([...kMeans(core, points, 2, 1, 2, 2, Float64Array.of(0, 0.5, 0.9, 0.5)).assignment]).toEqual([0, 1]);
  expect([...kMeans(core, points, 2, 1, 2, 2, Float64Array.of(0.9, 0.5, 0, 0.5)).assignment]).toEqual([1, 0]);
});

test("identical points make one cluster of inertia 0 and do not hang", async () => {
  const { assignment, inertia } = kMeans(await loadCore(), new Float32Array(12).fill(3), 6, 2, 2, 3, uniforms(1, 6));
  expect(inertia).toBe(0);
  expect([...assignment]).toEqual([0, 0, 0, 0, 0, 0]);
});

test("one point and one cluster give the point", async () => {
  const { centres } = kMeans(await loadCore(), Float32Array.of(1, 2, 3), 1, 3, 1, 1, Float64Array.of(0.5));
  expect([...centres]).toEqual([1, 2, 3]);
});

test("what does not fit is refused with its sentence", async () => {
  const core = await loadCore();
  expect(() => kMeans(core, new Float32Array(5), 2, 3, 1, 1, uniforms(1, 1))).toThrow("2 points of 3 numbers are 6 values, points has 5");
  expect(() => kMeans(core, new Float32Array(6), 2, 3, 3, 1, uniforms(1, 3))).toThrow("3 were asked for with 2 points");
  expect(() => kMeans(core, new Float32Array(6), 2, 3, 2, 5, uniforms(1, 3))).toThrow("5 restarts of 2 clusters need 10 uniforms, 3 came");
  expect(() => kMeans(core, Float32Array.of(1, NaN), 2, 1, 1, 1, uniforms(1, 1))).toThrow("not finite");
});
