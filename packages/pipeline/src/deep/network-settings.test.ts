import { describe, expect, it } from "vitest";
import { otherThanTrained, type NetworkSettings } from "./network-settings.ts";

const ct: NetworkSettings = {
  preprocess: { window: { level: 50, width: 400 }, spacing: 1, interpolation: "cubic", order: "resample-window" },
  inputSize: 256,
};

describe("otherThanTrained", () => {
  it("says nothing of slices like those of the training, nor of a network without a record", () => {
    expect(otherThanTrained(ct, ct)).toEqual([]);
    expect(otherThanTrained(undefined, ct)).toEqual([]);
  });

  it("says that MR, whose intensities are scaled by percentiles, is not what a CT network was trained on", () => {
    const mr = { ...ct, preprocess: { ...ct.preprocess, window: { percentiles: [1, 99] as const } } };
    expect(otherThanTrained(ct, mr)).toEqual([
      "the network was trained on slices windowed to level 50, width 400 HU, and these are scaled between percentiles 1 and 99 of each image",
    ]);
  });

  it("names another window, another size and another spacing, each in its sentence", () => {
    const other = { preprocess: { ...ct.preprocess, window: { level: 130, width: 310 }, spacing: 2 }, inputSize: 128 };
    expect(otherThanTrained(ct, other)).toHaveLength(3);
    expect(otherThanTrained(ct, other).join()).toMatch(/level 130.*256 pixels.*128.*1 mm.*2 mm/);
  });
});
