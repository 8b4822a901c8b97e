import { describe, expect, it } from "vitest";
import { ballScan } from "../../../../test/helpers/ball.ts";
import { boundingBox } from "../preprocess/roi.ts";
import { randomFor } from "../random.ts";
import { drawSlices, NETWORK_COLOUR, threeSlices, TRUTH_COLOUR } from "./overlay.ts";

const { volume, mask } = ballScan(randomFor(2, "ball"));
const range = { low: -60, high: 100 };
const isColour = (rgb: Uint8Array, pixel: number, colour: readonly number[]) => colour.every((value, c) => rgb[3 * pixel + c] === value);

describe("slices with outlines", () => {
  it("lie side by side, in the patient's proportions, grey where nothing is drawn", () => {
    const region = boundingBox(mask);
    const { width, height, rgb } = drawSlices(volume, region, [4, 6], range, []);
    const one = (width - 6) / 2;
    // 12 mm around the ball reach beyond the scan: what is shown is the scan's 30 x 34 mm.
    expect(one).toBe(360);
    expect(height).toBe(Math.round((360 * 30) / 34));
    const isGrey = Array.from({ length: width * height }, (_, p) => rgb[3 * p] === rgb[3 * p + 1] && rgb[3 * p] === rgb[3 * p + 2]);
    expect(isGrey).not.toContain(false);
    const middle = Math.floor(height / 2) * width;
    expect(rgb[3 * (middle + 180)]!).toBeGreaterThan(150); // 60 HU of -60..100
    expect(rgb[3 * (middle + 2)]!).toBeLessThan(110); // -20 HU
    expect(rgb[3 * (middle + 362)]!).toBe(0); // the gap
  });

  it("have each mask's line just inside its edge, and the later mask's on top", () => {
    const outlines = [
      { mask, colour: TRUTH_COLOUR, thickness: 3 },
      { mask, colour: NETWORK_COLOUR, thickness: 1 },
    ];
    const { width, rgb } = drawSlices(volume, boundingBox(mask), [6], range, outlines);
    const row = Math.floor(rgb.length / 3 / width / 2);
    const colours = Array.from({ length: width }, (_, u) => {
      if (isColour(rgb, row * width + u, TRUTH_COLOUR)) return "truth";
      return isColour(rgb, row * width + u, NETWORK_COLOUR) ? "network" : "";
    });
    expect(colours.filter(Boolean)).toEqual(["network", "truth", "truth", "truth", "truth", "network"]);
  });

  it("are a quarter, half and three quarters of the way through a mask", () => {
    const data = new Uint8Array(12 * 4).fill(1, 2 * 4, 11 * 4);
    expect(threeSlices({ ...mask, shape: [12, 2, 2], data })).toEqual([4, 6, 8]);
    expect(threeSlices({ ...mask, shape: [1, 2, 2], data: new Uint8Array(4).fill(1) })).toEqual([0, 0, 0]);
  });
});
