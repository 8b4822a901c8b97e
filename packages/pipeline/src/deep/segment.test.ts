import { loadCore, type Core } from "@islet/core-wasm";
import { diceScore } from "@islet/gpu-unet";
import { beforeAll, describe, expect, it } from "vitest";
import { ballScan } from "../../../../test/helpers/ball.ts";
import { expectClose } from "../../../../test/helpers/close.ts";
import { roughCuboid } from "../preprocess/roi.ts";
import { simulateRough } from "../preprocess/simulate-rough.ts";
import { randomFor } from "../random.ts";
import type { Geometry } from "../volume.ts";
import { foregroundProbability } from "./foreground.ts";
import { segmentTumour } from "./segment.ts";

const preprocess = { window: { level: 20, width: 200 }, spacing: 1, interpolation: "linear", order: "resample-window" } as const;
const settings = { preprocess, inputSize: 64, flips: false };
let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

/** A network that knows the answer: tumour is what is brighter than 20 HU, which is 0.5 in the window. */
const knowing = {
  classes: 2,
  logits: async ({ data }: { data: Float32Array }) => {
    const size = 64 * 64;
    const logits = new Float32Array(data.length * 2);
    for (let i = 0; i < data.length; i++) logits[Math.floor(i / size) * 2 * size + size + (i % size)] = 200 * (data[i]! - 0.5);
    return logits;
  },
};

describe("a segmented tumour", () => {
  it("lies on the image's voxels where the truth lies, far better than its box", async () => {
    const { volume, mask } = ballScan(randomFor(3, "ball"));
    const rough = simulateRough(mask, randomFor(1, "rough"), 2);
    const boxOn = (grid: Geometry) => roughCuboid(rough, grid, "rough").box;
    const { mask: found, boxMask, slices, voxels } = await segmentTumour(core, knowing, volume, boxOn, settings);
    expect(found.shape).toEqual(volume.shape);
    expect(diceScore(found.data, mask.data)).toBeGreaterThan(0.97);
    expect(diceScore(boxMask.data, mask.data)).toBeLessThan(0.75);
    expect(found.data.every((value, i) => value <= boxMask.data[i]!)).toBe(true);
    expect(voxels.kept + voxels.filled).toBe(found.data.reduce((sum, value) => sum + value, 0));
    expect(slices).toBeGreaterThan(10);
  });

  it.each([1, 2, 3, 4, 5])(
    "keeps the top and the bottom slice of the annotation, wherever they fall between the 1 mm grid's (seed %i)",
    async (seed) => {
      const { volume, mask } = ballScan(randomFor(seed, "ball"), [11, 30, 34]);
      const thick = { ...volume, spacing: [3.3, 1, 1] as const, origin: [seed / 7, 0, 0] as const };
      const thickMask = { ...mask, spacing: thick.spacing, origin: thick.origin };
      const rough = simulateRough(thickMask, randomFor(1, "rough"), 0);
      const { boxMask } = await segmentTumour(core, knowing, thick, (grid) => roughCuboid(rough, grid, "rough").box, settings);
      const slicesOf = (data: Uint8Array) =>
        Array.from({ length: 11 }, (_, z) => Number(data.subarray(z * 1020, (z + 1) * 1020).includes(1)));
      expect(slicesOf(boxMask.data)).toEqual(slicesOf(thickMask.data));
    },
  );

  it("has no second piece and no hole", async () => {
    const { volume, mask } = ballScan(randomFor(3, "ball"));
    const [, ny, nx] = volume.shape;
    const data = volume.data.slice();
    const at = (z: number, y: number, x: number) => (z * ny + y) * nx + x;
    const middle = at(6, 15, 17);
    for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) data[middle + dy * nx + dx] = -80; // a hole
    for (const dx of [0, 1]) for (const dy of [0, 1]) data[at(6, 6 + dy, 8 + dx)] = 100; // a piece apart
    const whole = (grid: Geometry) => ({ from: [0, 0, 0], to: grid.shape }) as const;
    const { mask: found, voxels } = await segmentTumour(core, knowing, { ...volume, data }, whole, settings);
    expect(found.data[middle]).toBe(1);
    expect(found.data[at(6, 6, 8)]).toBe(0);
    expect(voxels.filled).toBeGreaterThan(0);
    expect(voxels.marked).toBeGreaterThan(voxels.kept);
    expect(diceScore(found.data, mask.data)).toBeGreaterThan(0.97);
  });

  it("is empty where the network finds nothing", async () => {
    const { volume } = ballScan(randomFor(3, "ball"));
    const blind = {
      classes: 2,
      logits: async ({ data }: { data: Float32Array }) =>
        new Float32Array(data.length * 2).map((_, i) => Number(Math.floor(i / 4096) % 2 === 0)),
    };
    const { mask, voxels } = await segmentTumour(core, blind, volume, (grid) => ({ from: [0, 0, 0], to: grid.shape }), settings);
    expect(mask.data.includes(1)).toBe(false);
    expect(voxels).toEqual({ marked: 0, kept: 0, filled: 0 });
  });
});

describe("the probability of tumour", () => {
  const random = randomFor(1, "logits");
  const slices = { count: 3, height: 4, width: 5, data: Float32Array.from({ length: 60 }, random) };

  it("is the softmax over the classes, all but background together", async () => {
    const logits = Float32Array.from({ length: 3 * 3 * 20 }, () => 4 * random() - 2);
    const network = { classes: 3, logits: async () => logits };
    const p = await foregroundProbability(network, slices, false);
    const want = Float32Array.from({ length: 60 }, (_, i) => {
      const [a, b, c] = [0, 1, 2].map((k) => Math.exp(logits[Math.floor(i / 20) * 60 + k * 20 + (i % 20)]!));
      return (b! + c!) / (a! + b! + c!);
    });
    expectClose(p, want, { atol: 1e-6 });
    const sure = await foregroundProbability(
      { classes: 2, logits: async ({ data }) => new Float32Array(data.length * 2).map((_, i) => (Math.floor(i / 20) % 2 ? 900 : -900)) },
      slices,
      false,
    );
    expect([...new Set(sure)]).toEqual([1]);
  });

  it("with mirror images is the same for a network that does not mind them, and the mean of four for one that does", async () => {
    const minding = (mind: number) => ({
      classes: 2,
      // what each pixel's column and row say, as much as the network minds
      logits: async ({ count, data }: { count: number; data: Float32Array }) =>
        new Float32Array(count * 40).map((_, i) =>
          Math.floor(i / 20) % 2 ? data[Math.floor(i / 40) * 20 + (i % 20)]! + mind * (i % 5) + mind * Math.floor((i % 20) / 5) : 0,
        ),
    });
    const plain = await foregroundProbability(minding(0), slices, false);
    expectClose(await foregroundProbability(minding(0), slices, true), plain, { atol: 1e-6 });
    const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
    const want = Float32Array.from(slices.data, (value, i) => {
      const [y, x] = [Math.floor((i % 20) / 5), i % 5];
      const sums = [y + x, y + 4 - x, 3 - y + x, 3 - y + 4 - x];
      return sums.reduce((sum, s) => sum + sigmoid(value + 0.3 * s) / 4, 0);
    });
    expectClose(await foregroundProbability(minding(0.3), slices, true), want, { atol: 1e-6 });
  });
});
