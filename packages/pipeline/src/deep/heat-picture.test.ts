import { loadCore, type Core } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { AXIS_ALIGNED, type Volume } from "../volume.ts";
import { drawHeat } from "./heat-picture.ts";

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

const volume = (value: (z: number, y: number, x: number) => number, [nz, ny, nx] = [9, 10, 20]): Volume => ({
  shape: [nz!, ny!, nx!],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: AXIS_ALIGNED,
  data: Float32Array.from({ length: nz! * ny! * nx! }, (_, i) => value(Math.floor(i / (ny! * nx!)), Math.floor(i / nx!) % ny!, i % nx!)),
});
const grey = volume(() => 0.5);

describe("the picture of a heat", () => {
  it("shows at most five slices side by side, 300 pixels on the longer side, and one where one is kept", () => {
    const heat = volume(() => 0);
    expect(drawHeat(core, grey, heat, [0, 1, 2, 3, 4, 5, 6, 7, 8])).toMatchObject({ width: 5 * 300 + 4 * 6, height: 150 });
    expect(drawHeat(core, grey, heat, [4])).toMatchObject({ width: 300, height: 150 });
  });

  it("is the grey slice where there is no heat, redder where it raises the score and bluer where it lowers it, by its strength", () => {
    const heat = volume((z, _, x) => (z === 3 ? (x < 10 ? 2 : -1) : 0));
    const { rgb, width } = drawHeat(core, grey, heat, [2, 3]);
    const at = (slice: number, x: number) => [...rgb.subarray(3 * (75 * width + slice * 306 + x), 3 * (75 * width + slice * 306 + x) + 3)];
    expect(at(0, 150)).toEqual([128, 128, 128]);
    expect(at(1, 30)).toEqual([183, 106, 45]);
    expect(at(1, 270)).toEqual([86, 123, 144]);
  });
});
