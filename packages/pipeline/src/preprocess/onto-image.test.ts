import { loadCore, type Core } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { positionOf, AXIS_ALIGNED, type Geometry, type Triple, type Volume } from "../volume.ts";
import { ontoImage } from "./onto-image.ts";
import { alignedGrid, resampleVolume } from "./resample.ts";
import { crop } from "./roi.ts";

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

const tilt = Math.PI / 12;
const oblique: Geometry["direction"] = [
  [Math.cos(tilt), -Math.sin(tilt), 0],
  [Math.sin(tilt), Math.cos(tilt), 0],
  [0, 0, 1],
];
const grid = (direction: Geometry["direction"], shape: Triple = [7, 12, 10], spacing: Triple = [3, 0.8, 0.7]): Geometry => ({
  shape,
  spacing,
  origin: [-40, 12, 5],
  direction,
});
/** A volume that is linear in the position, so that linear interpolation gives it back exactly. */
const ramp = (geometry: Geometry): Volume => {
  const [nz, ny, nx] = geometry.shape;
  const data = new Float32Array(nz * ny * nx);
  let i = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        const [pz, py, px] = positionOf(geometry, [z, y, x]);
        data[i++] = 3 * pz - 2 * py + px;
      }
    }
  }
  return { ...geometry, data };
};

describe("a box put back onto its image", () => {
  it.each([
    ["axis-aligned", AXIS_ALIGNED],
    ["oblique", oblique],
  ])("has the value of each place in the patient, and 0 outside: %s", (_, direction) => {
    const image = grid(direction);
    const isotropic = alignedGrid(image, [1, 1, 1]);
    const region = { from: [5, 2, 1], to: [15, 8, 6] } as const;
    const back = ontoImage(core, crop(ramp(isotropic), region), image);
    const want = ramp(image);
    const [nz, ny, nx] = image.shape;
    let [inside, edge, error, outside] = [0, 0, 0, 0];
    for (let z = 0, i = 0; z < nz; z++) {
      for (let y = 0; y < ny; y++) {
        for (let x = 0; x < nx; x++, i++) {
          // Where the image's voxel lies on the isotropic grid: both grids share their centre.
          const at = [z, y, x].map(
            (k, a) => (k - (image.shape[a]! - 1) / 2) * (image.spacing[a]! / isotropic.spacing[a]!) + (isotropic.shape[a]! - 1) / 2,
          );
          const isIn = (slack: number) => at.every((k, a) => k >= region.from[a]! - slack && k <= region.to[a]! - 1 + slack);
          if (isIn(0)) {
            inside++;
            error = Math.max(error, Math.abs(back.data[i]! - want.data[i]!));
          } else if (isIn(0.499)) edge++;
          else if (!isIn(0.501)) outside = Math.max(outside, Math.abs(back.data[i]!));
        }
      }
    }
    expect(error).toBeLessThan(1e-4);
    expect(outside).toBe(0);
    expect(inside).toBeGreaterThan(50);
    expect(edge).toBeGreaterThan(10);
  });

  it("is the box itself on its own grid", () => {
    const image = grid(AXIS_ALIGNED, [4, 5, 6], [1, 1, 1]);
    const box = ramp(image);
    expect(ontoImage(core, box, image).data).toEqual(box.data);
  });

  it("undoes the way there for what is smooth, and is all 0 for a box beside the image", () => {
    const image = ramp(grid(AXIS_ALIGNED, [7, 12, 10], [2, 2, 2]));
    const isotropic = alignedGrid(image, [1, 1, 1]);
    const box = resampleVolume(core, image, isotropic, { from: [0, 0, 0], to: isotropic.shape }, "linear");
    const back = ontoImage(core, box, image);
    const centre = (3 * 12 + 6) * 10 + 5;
    expect(back.data[centre]).toBeCloseTo(image.data[centre]!, 4);
    expect(ontoImage(core, { ...box, origin: [900, 0, 0] }, image).data.every((v) => v === 0)).toBe(true);
  });
});
