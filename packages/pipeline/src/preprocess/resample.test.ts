import { loadCore } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { randomFor } from "../random.ts";
import { AXIS_ALIGNED, positionOf, type Triple, type Volume } from "../volume.ts";
import { alignedGrid, resampleRoi, resampleVolume } from "./resample.ts";

let core: Awaited<ReturnType<typeof loadCore>>;
beforeAll(async () => {
  core = await loadCore();
});

function volumeOf(shape: Triple, spacing: Triple, value: (z: number, y: number, x: number) => number): Volume {
  const data = new Float32Array(shape[0] * shape[1] * shape[2]);
  for (let z = 0, i = 0; z < shape[0]; z++)
    for (let y = 0; y < shape[1]; y++) for (let x = 0; x < shape[2]; x++) data[i++] = value(z, y, x);
  return { shape, spacing, origin: [10, -20, 30], direction: AXIS_ALIGNED, data };
}
const whole = (shape: Triple) => ({ from: [0, 0, 0] as const, to: shape });

describe("resampling by region", () => {
  it("covers the image and shares its centre", () => {
    const image = volumeOf([20, 31, 17], [3.27, 0.977, 0.8], () => 0);
    const grid = alignedGrid(image, [1, 1, 1]);
    expect(grid.shape).toEqual([66, 31, 14]);
    const middle = (g: typeof grid) => positionOf(g, [(g.shape[0] - 1) / 2, (g.shape[1] - 1) / 2, (g.shape[2] - 1) / 2]);
    expectClose(middle(grid), middle(image), { atol: 1e-9 });
  });

  it("keeps its shape where the spacing divides exactly, in spite of rounding", () => {
    expect(
      alignedGrid(
        volumeOf([10, 10, 10], [0.1, 0.3, 0.7], () => 0),
        [0.1, 0.1, 0.1],
      ).shape,
    ).toEqual([10, 30, 70]);
  });

  it("gives back a linear ramp in its place in the patient, whatever the region", () => {
    const image = volumeOf([24, 30, 36], [2.5, 0.8, 0.8], (z, y, x) => 3 * z - 2 * y + x);
    const grid = alignedGrid(image, [1, 1, 1]);
    const region = { from: [20, 8, 9] as const, to: [26, 13, 15] as const };
    for (const interpolation of ["linear", "cubic"] as const) {
      const out = resampleVolume(core, image, grid, region, interpolation);
      expectClose(out.origin, positionOf(grid, region.from), { atol: 1e-9 });
      const want: number[] = [];
      for (let z = 0; z < 6; z++) {
        for (let y = 0; y < 5; y++) {
          for (let x = 0; x < 6; x++) {
            const p = positionOf(out, [z, y, x]);
            want.push((3 * (p[0] - 10)) / 2.5 - (2 * (p[1] + 20)) / 0.8 + (p[2] - 30) / 0.8);
          }
        }
      }
      // The mirror at the image's faces bends the ramp's spline there by 0.268 a voxel: 8 voxels in, 3e-5 of the slope.
      expectClose(out.data, want, { atol: interpolation === "linear" ? 1e-4 : 2e-3 });
    }
  });

  it("is the same voxels for a region as for the whole image, though it reads a part only", () => {
    const random = randomFor(4, "resample");
    const image = volumeOf([70, 80, 90], [1.5, 0.7, 0.7], () => Math.round(400 * random()));
    const grid = alignedGrid(image, [1, 1, 1]);
    const region = { from: [40, 20, 25] as const, to: [52, 30, 33] as const };
    const all = resampleVolume(core, image, grid, whole(grid.shape), "cubic");
    const part = resampleVolume(core, image, grid, region, "cubic");
    const want: number[] = [];
    for (let z = 40; z < 52; z++)
      for (let y = 20; y < 30; y++) for (let x = 25; x < 33; x++) want.push(all.data[(z * grid.shape[1] + y) * grid.shape[2] + x]!);
    // float32 storage between the three passes: 3 roundings of spline coefficients that reach 3 times the largest value.
    expectClose(part.data, want, { atol: 3 * 2 ** -24 * 3 * 400 });
  });

  it("resamples a mask by its half-way surface", () => {
    const mask = {
      ...volumeOf([4, 4, 10], [1, 1, 2], () => 0),
      data: Uint8Array.from({ length: 160 }, (_, i) => (i % 10 >= 3 && i % 10 < 7 ? 1 : 0)),
    };
    const grid = alignedGrid(mask, [1, 1, 1]);
    const out = resampleRoi(core, mask, grid, whole(grid.shape));
    // Inside from 5 mm to 13 mm; centres of the 1 mm grid lie at -0.5, 0.5, ... mm.
    expect([...out.data.subarray(0, 20)].map((v, i) => (v ? i : -1)).filter((i) => i >= 0)).toEqual([6, 7, 8, 9, 10, 11, 12, 13]);
  });
});
