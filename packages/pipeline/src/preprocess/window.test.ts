import { describe, expect, it } from "vitest";
import { AXIS_ALIGNED, type Volume } from "../volume.ts";
import { clip, rangeOfPercentiles, rangeOfWindow, scaleToUnit } from "./window.ts";

const volume = (values: number[]): Volume => ({
  shape: [1, 1, values.length],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: AXIS_ALIGNED,
  data: Float32Array.from(values),
});

describe("window", () => {
  it("is level plus and minus half the width: the paper's arterial window is -25 to 285 HU", () => {
    expect(rangeOfWindow({ level: 130, width: 310 })).toEqual({ low: -25, high: 285 });
    expect(rangeOfWindow({ level: 120, width: 320 })).toEqual({ low: -40, high: 280 });
  });

  it("clips in HU and scales to 0..1", () => {
    const range = rangeOfWindow({ level: 50, width: 400 });
    expect([...clip(volume([-1000, -150, 50, 251]), range).data]).toEqual([-150, -150, 50, 250]);
    expect([...scaleToUnit(volume([-1000, -150, 50, 250, 3000]), range).data]).toEqual([0, 0, 0.5, 1, 1]);
  });

  it("takes percentiles as NumPy does: percentile([4, 1, 3, 2], [10, 50, 90]) is 1.3, 2.5, 3.7", () => {
    const { low, high } = rangeOfPercentiles(volume([4, 1, 3, 2]), [10, 90]);
    expect(low).toBeCloseTo(1.3, 12);
    expect(high).toBeCloseTo(3.7, 12);
    expect(rangeOfPercentiles(volume([4, 1, 3, 2]), [50, 100])).toEqual({ low: 2.5, high: 4 });
  });

  it("refuses a flat image and an empty window", () => {
    expect(() => rangeOfPercentiles(volume([5, 5, 5]), [1, 99])).toThrow(/are both 5; the image is \(nearly\) flat/);
    expect(() => rangeOfWindow({ level: 0, width: 0 })).toThrow(/width must be a positive number/);
  });
});
