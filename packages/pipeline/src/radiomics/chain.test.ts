import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { crop } from "../preprocess/roi.ts";
import { AXIS_ALIGNED, type Geometry, type Mask, type Triple, type Volume } from "../volume.ts";
import { prepareRegion } from "./chain.ts";
import { DEFAULT_CHAIN, type ChainSettings } from "./settings.ts";

const core = await loadCore();

const grid = (shape: Triple, spacing: Triple): Geometry => ({ shape, spacing, origin: [0, 0, 0], direction: AXIS_ALIGNED });

/** A scan whose intensity is 10 z + 2 y + x / 2 (in voxels), and a mask that is a box of it. */
function scan(shape: Triple, spacing: Triple, from: Triple, to: Triple): { volume: Volume; mask: Mask } {
  const geometry = grid(shape, spacing);
  const data = new Float32Array(shape[0] * shape[1] * shape[2]);
  const inside = new Uint8Array(data.length);
  for (let z = 0, i = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0; x < shape[2]; x++, i++) {
        data[i] = 10 * z + 2 * y + x / 2;
        inside[i] = [z, y, x].every((k, a) => k >= from[a]! && k < to[a]!) ? 1 : 0;
      }
    }
  }
  return { volume: { ...geometry, data }, mask: { ...geometry, data: inside } };
}

const run = (given: { volume: Volume; mask: Mask }, settings: Partial<ChainSettings>) =>
  prepareRegion(core, given.volume, given.mask, { ...DEFAULT_CHAIN, ...settings });
const sum = (mask: Uint8Array) => mask.reduce((n, v) => n + v, 0);

describe("prepareRegion", () => {
  const given = scan([20, 40, 40], [3, 1, 1], [8, 10, 12], [11, 15, 22]);

  it("keeps the image's own voxels where no spacing is asked for, with 7 mm of image around the ROI", () => {
    const region = run(given, { rounding: true })!;
    expect(region.shape).toEqual([3 + 2 * 3, 5 + 2 * 7, 10 + 2 * 7]);
    expect(region.spacing).toEqual([3, 1, 1]);
    expect(sum(region.morphological)).toBe(3 * 5 * 10);
    // Not interpolated, so not rounded: voxel (5, 3, 6) of the scan keeps its half.
    expect(region.intensity[1]).toBe(10 * 5 + 2 * 3 + 5.5 / 2 + 0.25);
  });

  it("ends the margin where the image ends", () => {
    const region = run(scan([3, 12, 12], [3, 1, 1], [0, 0, 9], [3, 4, 12]), {})!;
    expect(region.shape).toEqual([3, 11, 10]);
  });

  it("resamples the volume, or only in the plane of the slices", () => {
    expect(run(given, { spacing: 1.5 })!.spacing).toEqual([1.5, 1.5, 1.5]);
    expect(run(given, { spacing: 2, resampling: "in-plane" })!.spacing).toEqual([3, 2, 2]);
  });

  it("keeps the volume of the ROI when resampling", () => {
    const region = run(given, { spacing: 0.5 })!;
    expect(sum(region.morphological) * 0.125).toBeCloseTo(3 * 3 * 5 * 10, -1.5);
  });

  it("interpolates a linear image exactly, with either interpolation", () => {
    for (const interpolation of ["linear", "cubic"] as const) {
      const { intensity, shape } = run(given, { spacing: 0.5, interpolation })!;
      const at = (z: number, y: number, x: number) => intensity[(z * shape[1] + y) * shape[2] + x]!;
      const [z, y, x] = shape.map((n) => n >> 1) as [number, number, number];
      expect(at(z + 1, y, x) - at(z, y, x)).toBeCloseTo(10 / 6, 3);
      expect(at(z, y + 1, x) - at(z, y, x)).toBeCloseTo(1, 3);
      expect(at(z, y, x + 1) - at(z, y, x)).toBeCloseTo(0.25, 3);
    }
  });

  it("rounds to whole numbers after interpolation", () => {
    expect(run(given, { spacing: 0.7, rounding: true })!.intensity.every(Number.isInteger)).toBe(true);
  });

  it("clips after resampling, so that no overshoot leaves the window", () => {
    const { intensity } = run(given, { spacing: 0.7, window: { level: 130, width: 20 } })!;
    expect(Math.min(...intensity)).toBe(120);
    expect(Math.max(...intensity)).toBe(140);
  });

  it("scales a percentile window to 0..1", () => {
    const { intensity } = run(given, { window: { percentiles: [10, 90] } })!;
    expect(Math.min(...intensity)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...intensity)).toBeLessThanOrEqual(1);
  });

  it("re-segments the intensity mask and leaves the morphological one alone", () => {
    const region = run(given, { resegmentation: { low: 115, high: 1000 } })!;
    expect(sum(region.morphological)).toBe(150);
    expect(sum(region.intensityMask)).toBeLessThan(150);
    expect(region.intensityMask.every((inside, i) => inside === 0 || region.intensity[i]! >= 115)).toBe(true);
  });

  it("gives the same region from a scan that is cropped about its centre", () => {
    const box = { from: [2, 3, 3], to: [18, 37, 37] } as const;
    const cropped = { volume: crop(given.volume, box), mask: crop(given.mask, box) };
    const settings = { spacing: 1.5, interpolation: "linear" } as const;
    expect(run(cropped, settings)).toEqual(run(given, settings));
  });

  it("gives nothing for an ROI that is smaller than the voxels of the new grid", () => {
    expect(run(scan([10, 20, 20], [1, 1, 1], [5, 5, 5], [6, 6, 6]), { spacing: 5 })).toBeNull();
  });

  it("refuses an empty mask", () => {
    expect(() => run(scan([4, 4, 4], [1, 1, 1], [1, 1, 1], [1, 1, 1]), {})).toThrow(expect.objectContaining({ name: "IntakeError" }));
  });
});
