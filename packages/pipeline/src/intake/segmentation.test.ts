import { describe, expect, it } from "vitest";
import { randomFor } from "../random.ts";
import { boundingBox } from "../preprocess/roi.ts";
import { AXIS_ALIGNED, wholeMask, type Triple } from "../volume.ts";
import type { LabelMap } from "./canonical.ts";
import { maskFromLabels, type MaskOptions } from "./segmentation.ts";

const map = (values: LabelMap["values"]): LabelMap => ({
  shape: [1, 1, values.length],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: AXIS_ALIGNED,
  values,
  start: 0,
  strides: [values.length, values.length, 1],
  axes: [2, 1, 0],
});

/** The mask of a label map as an array over its whole grid. */
const marked = (labels: LabelMap, options: MaskOptions = {}) => wholeMask(maskFromLabels(labels, "m", options).mask).data;

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
      expect(marked(map(labels))).toEqual(Uint8Array.from(labels, (v) => (v === 0 ? 0 : 1)));
      expect(marked(map(labels), { label: 2 })).toEqual(Uint8Array.from(labels, (v) => (v === 2 ? 1 : 0)));
    }
  });

  it("counts NaN and minus zero as background", () => {
    expect(marked(map(Float32Array.of(NaN, -0, 0, -1)))).toEqual(Uint8Array.of(0, 0, 0, 1));
  });

  it("of which a part is viewed is read in its place", () => {
    const whole = Uint8Array.of(9, 0, 0, 0, 0, 0, 1, 0, 9, 9);
    expect(marked(map(whole.subarray(1, 8)))).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 1, 0));
    const aligned = Uint8Array.of(9, 9, 9, 9, 0, 0, 1, 0, 9, 9);
    expect(marked(map(aligned.subarray(4, 8)))).toEqual(Uint8Array.of(0, 0, 1, 0));
  });

  it("lies in the smallest box of the patient's frame, whichever way its file runs (seed 6)", () => {
    const random = randomFor(6);
    const size = [4, 3, 5];
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
      [1, 0, 2],
    ]) {
      for (const flips of [0, 1, 2, 5, 7]) {
        const values = Uint8Array.from({ length: 60 }, () => (random() < 0.05 ? 1 : 0)).fill(1, 22, 23);
        const steps = [1, size[0]!, size[0]! * size[1]!];
        const isTurned = (c: number) => ((flips >> c) & 1) === 1;
        const axes = order as unknown as Triple;
        const strides = axes.map((a, c) => (isTurned(c) ? -steps[a]! : steps[a]!)) as unknown as Triple;
        const shape = axes.map((a) => size[a]!) as unknown as Triple;
        const start = axes.reduce((at, a, c) => at + (isTurned(c) ? (size[a]! - 1) * steps[a]! : 0), 0);
        const labels = { ...map(values), shape, start, strides, axes };
        const { mask } = maskFromLabels(labels, "m", {});
        const expected = new Uint8Array(60);
        for (let i = 0; i < 60; i++) {
          const [z, y, x] = [Math.floor(i / (shape[1] * shape[2])), Math.floor(i / shape[2]) % shape[1], i % shape[2]];
          expected[i] = values[start + z * strides[0] + y * strides[1] + x * strides[2]]!;
        }
        const whole = wholeMask(mask);
        expect(whole.data).toEqual(expected);
        expect({ from: mask.from, to: mask.to }).toEqual(boundingBox(whole));
      }
    }
  });
});
