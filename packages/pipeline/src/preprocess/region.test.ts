// What a network may be shown of a scan.
import { loadCore } from "@islet/core-wasm";
import { expect, it } from "vitest";
import { AXIS_ALIGNED } from "../volume.ts";
import { preprocessRegion, rangeFor } from "./region.ts";

const grid = { shape: [4, 6, 6], spacing: [2, 1, 1], origin: [0, 0, 0], direction: AXIS_ALIGNED } as const;
const settings = { window: { level: 50, width: 400 }, spacing: 1, interpolation: "cubic", order: "resample-window" } as const;

it.each([NaN, Infinity])("a box with a voxel of %s is refused with the way out, not shown to a network", async (odd) => {
  const core = await loadCore();
  const data = Float32Array.from({ length: 144 }, (_, i) => i);
  const box = () =>
    preprocessRegion(core, { ...grid, data }, { from: [1, 1, 1], to: [5, 5, 5] }, rangeFor({ ...grid, data }, settings.window), settings);
  expect(box().data.every(Number.isFinite)).toBe(true);
  data[60] = odd;
  expect(box).toThrow(
    /^the scan: holds NaN or an infinity in the box or near it, expected a number .* mend those voxels, or export the image again$/,
  );
});
