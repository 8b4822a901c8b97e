import { describe, expect, it } from "vitest";
import { resegment } from "./resegment.ts";

const run = (values: readonly number[], settings: Parameters<typeof resegment>[2]) => [
  ...resegment(
    Float32Array.from(values),
    Uint8Array.from(values, () => 1),
    settings,
  ),
];

describe("resegment", () => {
  it("keeps both ends of the range", () => {
    expect(run([-501, -500, 0, 400, 401], { resegmentation: { low: -500, high: 400 }, outlierSigma: null })).toEqual([0, 1, 1, 1, 0]);
  });

  it("removes outliers by the mean and the standard deviation over N", () => {
    // mean 10, sd 30: 1 sigma keeps -20 .. 40
    expect(run([0, 0, 0, 0, 0, 0, 0, 0, 0, 100], { resegmentation: null, outlierSigma: 1 })).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
  });

  it("takes the mean of what the range has left", () => {
    expect(run([1, 2, 3, 30, 10000], { resegmentation: { low: 0, high: 100 }, outlierSigma: 1 })).toEqual([1, 1, 1, 0, 0]);
  });

  it("keeps a flat region, also where its mean is rounded", () => {
    expect(run([0.1, 0.1, 0.1], { resegmentation: null, outlierSigma: 3 })).toEqual([1, 1, 1]);
  });

  it("never adds a voxel to the mask and leaves the mask it was given alone", () => {
    const mask = Uint8Array.of(0, 1, 1);
    expect([...resegment(Float32Array.of(5, 5, 50), mask, { resegmentation: { low: 0, high: 10 }, outlierSigma: null })]).toEqual([
      0, 1, 0,
    ]);
    expect([...mask]).toEqual([0, 1, 1]);
  });
});
