import { describe, expect, it } from "vitest";
import { discretise, greyLevelsOf } from "./discretise.ts";
import type { Region } from "./region.ts";

const levels = (values: readonly number[], ...rest: [Parameters<typeof greyLevelsOf>[1], (number | null)?]) => [
  ...greyLevelsOf(Float32Array.from(values), rest[0], rest[1] ?? null),
];

/** One row of voxels. */
const region = (intensity: readonly number[], morphological: readonly number[], intensityMask = morphological): Region => ({
  shape: [1, 1, intensity.length],
  spacing: [1, 1, 1],
  intensity: Float32Array.from(intensity),
  morphological: Uint8Array.from(morphological),
  intensityMask: Uint8Array.from(intensityMask),
});

describe("greyLevelsOf", () => {
  it("starts bins of a fixed size at the lowest intensity of the ROI", () => {
    expect(levels([-3, 21.9, 22, 47], { kind: "fixedBinSize", size: 25 })).toEqual([1, 1, 2, 3]);
  });

  it("starts bins of a fixed size at the lower bound of re-segmentation where there is one", () => {
    expect(levels([-499, -476, -475, 0, 400], { kind: "fixedBinSize", size: 25 }, -500)).toEqual([1, 1, 2, 21, 37]);
  });

  it("takes the lowest intensity where re-segmentation has no lower bound", () => {
    expect(levels([0, 25], { kind: "fixedBinSize", size: 25 }, -Infinity)).toEqual([1, 2]);
  });

  it("spreads a fixed number of bins over the range, the highest intensity in the last", () => {
    expect(levels([0, 24.9, 25, 99, 100], { kind: "fixedBinNumber", number: 4 })).toEqual([1, 1, 2, 4, 4]);
  });

  it("gives a flat region level 1", () => {
    expect(levels([7, 7, 7], { kind: "fixedBinNumber", number: 32 })).toEqual([1, 1, 1]);
    expect(levels([7, 7, 7], { kind: "fixedBinSize", size: 25 })).toEqual([1, 1, 1]);
  });

  it("takes intensities as levels where there is nothing to discretise", () => {
    expect(levels([1, 6, 3], { kind: "none" })).toEqual([1, 6, 3]);
  });

  it.each([
    [[0, 1e6], { kind: "fixedBinSize", size: 1 }, /1000001 grey levels, expected at most 4096/],
    [[0, 1], { kind: "fixedBinSize", size: 0 }, /must be positive/],
    [[0, 1], { kind: "fixedBinNumber", number: 2.5 }, /whole number from 1; it is 2.5/],
    [[0, 1], { kind: "none" }, /whole numbers from 1; the lowest is 0/],
  ] as const)("refuses %o with %o", (values, discretisation, sentence) => {
    expect(() => levels(values, discretisation)).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(sentence) }),
    );
  });
});

describe("discretise", () => {
  it("crops to the morphological mask and leaves 0 outside the intensity mask", () => {
    const result = discretise(
      region([9, 1, 2, 900, 3, 9], [0, 1, 1, 1, 1, 0], [0, 1, 1, 0, 1, 0]),
      { kind: "fixedBinSize", size: 1 },
      null,
    )!;
    expect(result.shape).toEqual([1, 1, 4]);
    expect([...result.levels]).toEqual([1, 2, 0, 3]);
    expect([...result.morphological]).toEqual([1, 1, 1, 1]);
    expect(result.ng).toBe(3);
  });

  it("gives nothing where re-segmentation left nothing", () => {
    expect(discretise(region([1, 2], [1, 1], [0, 0]), { kind: "fixedBinSize", size: 1 }, null)).toBeNull();
  });
});
