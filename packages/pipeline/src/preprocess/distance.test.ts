import fc from "fast-check";
import { expect, it } from "vitest";
import type { Triple } from "../volume.ts";
import { squaredDistance } from "./distance.ts";

/** The definition: every voxel against every voxel inside. */
function byAllPairs(inside: Uint8Array, [nz, ny, nx]: Triple, spacing: Triple): number[] {
  const places = Array.from({ length: nz * ny * nx }, (_, i) => [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx]);
  return places.map((p) =>
    Math.min(
      ...places.flatMap((q, j) => (inside[j] ? [p.reduce((sum, v, a) => sum + (spacing[a]! * (v - q[a]!)) ** 2, 0)] : [])),
      Infinity,
    ),
  );
}

it("is the least squared distance over all voxels inside, for any region, shape and spacing", () => {
  const side = fc.integer({ min: 1, max: 6 });
  const gap = fc.constantFrom(0.5, 0.8, 1, 2.5, 5);
  fc.assert(
    fc.property(fc.tuple(side, side, side), fc.tuple(gap, gap, gap), fc.infiniteStream(fc.boolean()), (shape, spacing, bits) => {
      const inside = Uint8Array.from({ length: shape[0] * shape[1] * shape[2] }, () => Number(bits.next().value));
      const want = byAllPairs(inside, shape, spacing);
      const got = squaredDistance(inside, shape, spacing);
      const worst = want.reduce((most, d, i) => Math.max(most, d === got[i] ? 0 : Math.abs(d - got[i]!)), 0);
      expect(worst).toBeLessThan(1e-9);
    }),
    { numRuns: 200 },
  );
});
