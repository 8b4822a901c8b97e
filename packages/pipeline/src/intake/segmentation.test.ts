import { describe, expect, it } from "vitest";
import { randomFor } from "../random.ts";
import { AXIS_ALIGNED } from "../volume.ts";
import type { LabelMap } from "./canonical.ts";
import { maskFromLabels } from "./segmentation.ts";

const map = (data: LabelMap["data"]): LabelMap => ({
  shape: [1, 1, data.length],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: AXIS_ALIGNED,
  data,
});

describe("a label map", () => {
  it.each(
    [Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array].map((Labels) => ({
      name: Labels.name,
      Labels,
    })),
  )("as $name is marked voxel by voxel, whatever its length (seed 5)", ({ Labels }) => {
    const random = randomFor(5);
    for (let length = 1; length < 40; length++) {
      const labels = new Labels(length);
      for (let i = 0; i < length; i++) labels[i] = random() < 0.8 ? 0 : 1 + Math.floor(3 * random());
      labels[Math.floor(length * random())] = 2;
      expect(maskFromLabels(map(labels), "m", {}).mask.data).toEqual(Uint8Array.from(labels, (v) => (v === 0 ? 0 : 1)));
      expect(maskFromLabels(map(labels), "m", { label: 2 }).mask.data).toEqual(Uint8Array.from(labels, (v) => (v === 2 ? 1 : 0)));
    }
  });

  it("counts NaN and minus zero as background", () => {
    expect(maskFromLabels(map(Float32Array.of(NaN, -0, 0, -1)), "m", {}).mask.data).toEqual(Uint8Array.of(0, 0, 0, 1));
  });

  it("of which a part is viewed is read in its place", () => {
    const whole = Uint8Array.of(9, 0, 0, 0, 0, 0, 1, 0, 9, 9);
    expect(maskFromLabels(map(whole.subarray(1, 8)), "m", {}).mask.data).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 1, 0));
    const aligned = Uint8Array.of(9, 9, 9, 9, 0, 0, 1, 0, 9, 9);
    expect(maskFromLabels(map(aligned.subarray(4, 8)), "m", {}).mask.data).toEqual(Uint8Array.of(0, 0, 1, 0));
  });
});
