import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundingBox, roughCuboid } from "./roi.ts";
import { randomFor } from "../random.ts";
import { AXIS_ALIGNED, type Mask } from "../volume.ts";
import { parseRoughRoi } from "../intake/rough-roi.ts";
import { redrawRough, simulateRough } from "./simulate-rough.ts";

/** An ellipsoid of voxels on a grid of 3 x 1 x 0.8 mm. */
function ellipsoid(centre: readonly number[], radii: readonly number[], shape = [12, 40, 50] as const): Mask {
  const data = new Uint8Array(shape[0] * shape[1] * shape[2]);
  for (let z = 0, i = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0; x < shape[2]; x++, i++) {
        const r = [z, y, x].reduce((sum, v, a) => sum + ((v - centre[a]!) / radii[a]!) ** 2, 0);
        data[i] = r <= 1 ? 1 : 0;
      }
    }
  }
  return { shape, spacing: [3, 1, 0.8], origin: [200, -20, -30], direction: AXIS_ALIGNED, data };
}

describe("simulateRough", () => {
  const tumour = ellipsoid([5.2, 18, 24], [3.4, 9, 11]);

  it("without jitter draws the rectangles around the top, the largest and the bottom slice", () => {
    const rough = simulateRough(tumour, randomFor(1, "reader"), 0);
    expect(rough.slices.map(({ role, corners }) => [role, corners[0][2]])).toEqual([
      ["top", 200 + 3 * 8],
      ["largest", 200 + 3 * 5],
      ["bottom", 200 + 3 * 2],
    ]);
    const { from, to } = boundingBox(tumour);
    expect(rough.slices[1]!.corners[0]).toEqual([-30 + 0.8 * (from[2] - 0.5), -20 + from[1] - 0.5, 215]);
    expect(rough.slices[1]!.corners[2]).toEqual([-30 + 0.8 * (to[2] - 0.5), -20 + to[1] - 0.5, 215]);
    expect(roughCuboid(rough, tumour, "rough").box).toEqual(boundingBox(tumour));
  });

  it("is the same for the same seed, and another for another", () => {
    const draw = (seed: number) => simulateRough(tumour, randomFor(seed, "reader"), 2);
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  it("moves the corners by the jitter's standard deviation along x and y, and never off the slice (seed 5)", () => {
    const plain = simulateRough(tumour, randomFor(0), 0);
    const moves: number[] = [];
    for (let reader = 0; reader < 200; reader++) {
      const rough = simulateRough(tumour, randomFor(5, "reader", reader), 1.5);
      rough.slices.forEach(({ corners }, s) =>
        corners.forEach((corner, c) => {
          const [x, y, z] = plain.slices[s]!.corners[c]!;
          moves.push(corner[0] - x, corner[1] - y);
          expect(corner[2]).toBe(z);
        }),
      );
    }
    const deviation = Math.sqrt(moves.reduce((sum, m) => sum + m * m, 0) / moves.length);
    // 4800 draws: the standard error of the deviation is 1%.
    expect(deviation).toBeGreaterThan(1.5 * 0.95);
    expect(deviation).toBeLessThan(1.5 * 1.05);
  });

  it("always gives an annotation that parses, however small the tumour and large the jitter (property, seed 7)", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.double({ min: 0, max: 30, noNaN: true }),
        fc.tuple(
          fc.double({ min: 0.1, max: 5, noNaN: true }),
          fc.double({ min: 0.1, max: 12, noNaN: true }),
          fc.double({ min: 0.1, max: 12, noNaN: true }),
        ),
        (seed, jitter, radii) => {
          const rough = simulateRough(ellipsoid([6, 20, 25], radii), randomFor(seed), jitter);
          expect(parseRoughRoi(JSON.stringify(rough), "rough.json")).toEqual(rough);
        },
      ),
      { seed: 7, numRuns: 60 },
    );
  });

  it("refuses an empty mask", () => {
    expect(() => simulateRough({ ...tumour, data: new Uint8Array(tumour.data.length) }, randomFor(1), 1)).toThrow(/^mask: none of its/);
  });
});

describe("redrawRough", () => {
  const tumour = ellipsoid([5.2, 18, 24], [3.4, 9, 11]);
  const rough = simulateRough(tumour, randomFor(1, "reader"), 0);

  it("without jitter draws the same corners", () => {
    expect(redrawRough(rough, tumour, randomFor(1, "again"), 0).slices).toEqual(rough.slices);
  });

  it("moves corners within their slices by the standard deviation asked for", () => {
    const moves = Array.from({ length: 200 }, (_, k) => redrawRough(rough, tumour, randomFor(k, "again"), 1.5)).flatMap((drawn) =>
      drawn.slices.flatMap(({ corners }, s) =>
        corners.flatMap(([x, y, z], c) => {
          const [x0, y0, z0] = rough.slices[s]!.corners[c]!;
          expect(z).toBe(z0);
          return [x - x0, y - y0];
        }),
      ),
    );
    const sd = Math.sqrt(moves.reduce((sum, v) => sum + v * v, 0) / moves.length);
    // 4800 numbers: the standard error of a standard deviation of 1.5 is 0.015.
    expect(Math.abs(sd - 1.5)).toBeLessThan(0.06);
    expect(Math.abs(moves.reduce((sum, v) => sum + v, 0) / moves.length)).toBeLessThan(0.09);
  });
});
