import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/helpers/close.ts";
import * as reference from "../reference/sphere-means.ts";
import { loadCore } from "./core.ts";
import { sphereMeans } from "./sphere-means.ts";

/** Uniform numbers from a linear congruential generator. */
function uniforms(seed: number, count: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

describe.each(["relaxed", "simd"] as const)("%s build", (build) => {
  test.each([
    [1, [6, 7, 9], [2, 2, 2], 6.2],
    [2, [3, 15, 14], [5, 0.9, 1.1], 6.2],
    [3, [9, 4, 8], [1, 3, 2.5], 6.2],
    [4, [3, 3, 40], [7, 7, 1], 6.2],
    [5, [5, 6, 30], [1, 1, 1], 2],
    [6, [4, 4, 4], [1, 1, 1], 0.5],
    [7, [1, 1, 1], [1, 1, 1], 3],
  ] as const)(
    "seed %i: every mean is that over all voxels within reach (shape %j, spacing %j, radius %f)",
    async (seed, shape, spacing, radius) => {
      const core = await loadCore(build);
      const size = shape[0] * shape[1] * shape[2];
      // Whole numbers, so that sums in any order are the same.
      const intensity = Float32Array.from(uniforms(seed, size), (u) => Math.floor(4000 * u) - 1000);
      const mask = Uint8Array.from(uniforms(seed + 50, size), (u, i) => (u < 0.4 || i === 0 ? 1 : 0));
      const top = core.arena.top;
      expectClose(
        sphereMeans(core, intensity, mask, shape, spacing, radius),
        reference.sphereMeans(intensity, mask, shape, spacing, radius),
        {},
      );
      expect(core.arena.top).toBe(top);
    },
  );
});

test("rows near the image's border and inner ones do not share their chords, whichever rows are empty", async () => {
  const core = await loadCore();
  const shape = [3, 12, 6] as const;
  const intensity = Float32Array.from(uniforms(9, 216), (u) => Math.floor(100 * u));
  for (const rows of [
    [0, 5],
    [1, 2, 6],
    [3, 11],
    [0, 2, 3, 8, 9],
  ]) {
    const mask = new Uint8Array(216);
    for (let z = 0; z < 3; z++) for (const y of rows) mask.fill(1, (z * 12 + y) * 6, (z * 12 + y) * 6 + 6);
    expectClose(sphereMeans(core, intensity, mask, shape, [1, 1, 1], 2), reference.sphereMeans(intensity, mask, shape, [1, 1, 1], 2), {});
  }
});

test("a row of 50 voxels with one or two of them inside, wherever they are", async () => {
  const core = await loadCore();
  const shape = [1, 1, 50] as const;
  const intensity = Float32Array.from(uniforms(10, 50), (u) => Math.floor(100 * u));
  for (let x = 0; x < 50; x++) {
    const mask = new Uint8Array(50);
    mask[x] = 1;
    mask[(7 * x) % 50] = 1;
    expectClose(sphereMeans(core, intensity, mask, shape, [1, 1, 1], 3), reference.sphereMeans(intensity, mask, shape, [1, 1, 1], 3), {});
  }
});

test("an empty mask has no means, and arrays that do not fit are refused", async () => {
  const core = await loadCore();
  expect(sphereMeans(core, new Float32Array(8), new Uint8Array(8), [2, 2, 2], [1, 1, 1], 3)).toHaveLength(0);
  expect(() => sphereMeans(core, new Float32Array(8), new Uint8Array(7), [2, 2, 2], [1, 1, 1], 3)).toThrow("holds 8 voxels");
});
