import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/helpers/close.ts";
import * as reference from "../reference/spatial-autocorrelation.ts";
import { loadCore } from "./core.ts";
import {
  addAutocorrelation,
  AUTOCORRELATION_SHARES,
  autocorrelationShare,
  spatialAutocorrelation,
  type SpatialAutocorrelation,
} from "./spatial-autocorrelation.ts";

/** Uniform numbers from a linear congruential generator. */
function uniforms(seed: number, count: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

type Triple = readonly [number, number, number];
const sizeOf = ([nz, ny, nx]: Triple) => nz * ny * nx;
const masked = (seed: number, shape: Triple, share: number) => ({
  intensity: Float32Array.from(uniforms(seed, sizeOf(shape)), (u, i) => Math.floor(400 * u) - 100 + 3 * (i % shape[2])),
  mask: Uint8Array.from(uniforms(seed + 1000, sizeOf(shape)), (u) => (u < share ? 1 : 0)),
});
const both = ({ moranI, gearyC }: SpatialAutocorrelation) => [moranI, gearyC];
// f64 throughout; Moran's I is a small difference of large sums.
const EXACT = { rtol: 1e-10, atol: 1e-12 };

describe.each(["relaxed", "simd"] as const)("%s build", (build) => {
  test.each([
    [1, [4, 4, 5], [2, 2, 2], 0.9],
    [2, [1, 1, 30], [3, 1, 1], 0.6],
    [3, [1, 9, 7], [5, 0.7, 0.8], 0.7],
    [4, [17, 1, 3], [1, 2, 3], 1],
    [5, [9, 12, 11], [3, 1, 0.5], 0.4],
    [6, [8, 8, 16], [1, 1, 1], 1],
    [7, [13, 3, 2], [0.4, 6, 1], 0.5],
    [8, [2, 2, 2], [1, 1, 1], 0.8],
  ] as const)(
    "seed %i: both methods are the sums over all pairs (shape %j, spacing %j, %f inside)",
    async (seed, shape, spacing, share) => {
      const core = await loadCore(build);
      const { intensity, mask } = masked(seed, shape, share);
      const want = both(reference.spatialAutocorrelation(intensity, mask, shape, spacing));
      for (const method of ["spectrum", "pairs"] as const) {
        expectClose(both(spatialAutocorrelation(core, intensity, mask, shape, spacing, method)), want, EXACT);
      }
    },
  );
});

test("rows of 2 to 60 voxels, whose transforms take every radix first, between and last: the spectrum is the sum over all pairs", async () => {
  const core = await loadCore();
  for (let length = 2; length <= 60; length++) {
    const shape = [2, length % 3 === 0 ? length - 1 : 2, length] as const;
    const { intensity, mask } = masked(length, shape, 0.7);
    const run = (method: "spectrum" | "pairs") => both(spatialAutocorrelation(core, intensity, mask, shape, [2, 1, 0.7], method));
    expectClose(run("spectrum"), run("pairs"), EXACT);
  }
});

test.each(["spectrum", "pairs"] as const)(
  "shares of the %s computed in any order on different cores add up to the same bits",
  async (method) => {
    const shape = [9, 14, 22] as const;
    const { intensity, mask } = masked(12, shape, 0.6);
    const cores = [await loadCore(), await loadCore()];
    const order = Array.from({ length: AUTOCORRELATION_SHARES }, (_, share) => share).toReversed();
    const shares = order.map((share) => autocorrelationShare(cores[share % 2]!, intensity, mask, shape, [3, 1, 1], share, method));
    expect(addAutocorrelation(shares.toReversed())).toEqual(spatialAutocorrelation(cores[0]!, intensity, mask, shape, [3, 1, 1], method));
    for (const { weights } of shares) expect(weights).not.toBe(0);
  },
);

test.each([
  [10, [30, 1, 1]],
  [11, [8, 8, 23]],
  [12, [29, 26, 13]],
  [13, [6, 36, 10]],
] as const)("seed %i: what was in memory before changes no bit (shape %j)", async (seed, shape) => {
  const { intensity, mask } = masked(seed, shape, 0.8);
  const after = async (left: number) => {
    const core = await loadCore();
    core.arena.scope(() =>
      core.arena
        .empty(Float64Array, 2 ** 20)
        .view()
        .fill(left),
    );
    return spatialAutocorrelation(core, intensity, mask, shape, [2, 2, 2], "spectrum");
  };
  const clean = await after(0);
  expect(await after(NaN)).toEqual(clean);
  expect(await after(1e200)).toEqual(clean);
});

test("a box of 40 x 41 x 39 voxels: the spectrum is the sum over 10^4 voxels' pairs, and both builds give the same bits", async () => {
  const shape = [40, 41, 39] as const;
  const { intensity, mask } = masked(9, shape, 0.15);
  const run = async (build: "relaxed" | "simd", method: "spectrum" | "pairs") =>
    spatialAutocorrelation(await loadCore(build), intensity, mask, shape, [2, 1, 1.5], method);
  const spectrum = await run("simd", "spectrum");
  expectClose(both(spectrum), both(await run("simd", "pairs")), EXACT);
  expect(await run("relaxed", "spectrum")).toEqual(spectrum);
});

test.each([
  [21, [14, 15, 16]],
  [22, [5, 9, 23]],
] as const)("seed %i: a box has the same values whichever way it lies (shape %j)", async (seed, shape) => {
  const core = await loadCore();
  const { intensity, mask } = masked(seed, shape, 0.7);
  const spacing = [3, 1, 0.5] as const;
  const want = spatialAutocorrelation(core, intensity, mask, shape, spacing, "spectrum");
  for (const [a, b, c] of [
    [0, 2, 1],
    [1, 0, 2],
    [2, 1, 0],
    [1, 2, 0],
  ] as const) {
    const size: Triple = [shape[a], shape[b], shape[c]];
    const strides = [shape[1] * shape[2], shape[2], 1] as const;
    const turned = Array.from({ length: sizeOf(size) }, (_, i) => {
      const [z, y, x] = [Math.floor(i / (size[1] * size[2])), Math.floor(i / size[2]) % size[1], i % size[2]] as const;
      return z * strides[a] + y * strides[b] + x * strides[c];
    });
    const [lying, its] = [Float32Array.from(turned, (i) => intensity[i]!), Uint8Array.from(turned, (i) => mask[i]!)];
    const mm: Triple = [spacing[a], spacing[b], spacing[c]];
    expectClose(both(spatialAutocorrelation(core, lying, its, size, mm, "spectrum")), both(want), EXACT);
  }
});

test("a box too deep for sums over lags: its spectrum is the sum over pairs too", async () => {
  const core = await loadCore();
  const shape = [97, 98, 100] as const;
  const { intensity, mask } = masked(31, shape, 0.002);
  const run = (method: "spectrum" | "pairs") => both(spatialAutocorrelation(core, intensity, mask, shape, [1, 1.5, 1], method));
  expectClose(run("spectrum"), run("pairs"), EXACT);
});

test("a slope is alike near by, a checkerboard is not", async () => {
  const core = await loadCore();
  const shape = [6, 6, 6] as const;
  const mask = new Uint8Array(216).fill(1);
  const of = (f: (z: number, y: number, x: number) => number) =>
    spatialAutocorrelation(
      core,
      Float32Array.from(mask, (_, i) => f(Math.floor(i / 36), Math.floor(i / 6) % 6, i % 6)),
      mask,
      shape,
      [1, 1, 1],
    );
  const slope = of((_z, _y, x) => x);
  const board = of((z, y, x) => (z + y + x) % 2);
  expect(slope.moranI).toBeGreaterThan(0.1);
  expect(slope.gearyC).toBeLessThan(0.9);
  expect(board.moranI).toBeLessThan(-0.01);
  expect(board.gearyC).toBeGreaterThan(1);
});

test("neither depends on the unit of the intensities", async () => {
  const core = await loadCore();
  const { intensity, mask } = masked(10, [5, 6, 7], 0.6);
  const run = (data: Float32Array) => both(spatialAutocorrelation(core, data, mask, [5, 6, 7], [1, 1, 1]));
  expectClose(run(intensity.map((v) => 4 * v - 4096)), run(intensity), EXACT);
});

test("one voxel, no voxel and a flat region have neither", async () => {
  const core = await loadCore();
  const nothing = { moranI: NaN, gearyC: NaN };
  expect(spatialAutocorrelation(core, Float32Array.of(1, 2), Uint8Array.of(0, 1), [1, 1, 2], [1, 1, 1])).toEqual(nothing);
  expect(spatialAutocorrelation(core, Float32Array.of(1, 2), Uint8Array.of(0, 0), [1, 1, 2], [1, 1, 1])).toEqual(nothing);
  expect(spatialAutocorrelation(core, Float32Array.of(0.1, 0.1, 0.1), Uint8Array.of(1, 1, 1), [1, 1, 3], [1, 1, 1])).toEqual(nothing);
});

test("scratch memory is given back, also for arrays that do not fit", async () => {
  const core = await loadCore();
  const before = core.arena.top;
  const { intensity, mask } = masked(11, [3, 4, 5], 0.5);
  spatialAutocorrelation(core, intensity, mask, [3, 4, 5], [1, 1, 1]);
  expect(() => spatialAutocorrelation(core, intensity, mask, [3, 4, 6], [1, 1, 1])).toThrow(
    "holds 72 voxels, intensity has 60 and mask 60",
  );
  expect(core.arena.top).toBe(before);
});
