import { IGNORED_LABEL } from "@islet/gpu-unet";
import { loadCore, type Core } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { ballScan } from "../../../../../test/helpers/ball.ts";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { boundingBox } from "../../preprocess/roi.ts";
import { resampleRoi } from "../../preprocess/resample.ts";
import { randomFor } from "../../random.ts";
import { processRoi } from "../processed-roi.ts";
import { stretchSlices } from "../slices.ts";
import { drawChange, type Change } from "./augment.ts";
import { fractionInside, labelledSlices, type LabelledCase } from "./labelled-case.ts";

const settings = { window: { level: 20, width: 200 }, spacing: 1, interpolation: "cubic", order: "resample-window" } as const;
const NOTHING: Change = { flip: false, angle: 0, scale: 1, gain: 1, offset: 0 };
const SIZE = 48;

let core: Core;
let one: LabelledCase;
beforeAll(async () => {
  core = await loadCore();
  const { volume, mask } = ballScan(randomFor(4, "ball"));
  const boxed = processRoi(
    core,
    volume,
    (grid) => boundingBox(resampleRoi(core, mask, grid, { from: [0, 0, 0], to: grid.shape })),
    settings,
  );
  one = { patient: "a", phase: "", roi: boxed.roi, inside: fractionInside(core, mask, boxed) };
});

const slice = (z: number, change: Change | null) => labelledSlices(core, [{ case: one, z, change }], SIZE);

describe("a training slice", () => {
  it("is bit for bit the slice that the encoder sees", () => {
    const whole = stretchSlices(core, one.roi, SIZE, SIZE);
    const { slices } = labelledSlices(
      core,
      [3, 0, 5].map((z) => ({ case: one, z, change: null })),
      SIZE,
    );
    [3, 0, 5].forEach((z, i) => {
      expect(slices.subarray(i * SIZE ** 2, (i + 1) * SIZE ** 2)).toEqual(whole.data.subarray(z * SIZE ** 2, (z + 1) * SIZE ** 2));
    });
  });

  it("has labels that cover as much of it as the mask covers of the box", () => {
    const [nz] = one.roi.shape;
    const { labels } = labelledSlices(
      core,
      Array.from({ length: nz }, (_, z) => ({ case: one, z, change: null })),
      SIZE,
    );
    const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    const wanted = one.inside.reduce((sum, part) => sum + part, 0) / one.inside.length;
    expect(Math.abs(share - wanted)).toBeLessThan(0.02);
    expect(new Set(labels)).toEqual(new Set([0, 1]));
  });

  it("is the same through the augmenting sampler when nothing is changed", () => {
    const [plain, sampled] = [slice(4, null), slice(4, NOTHING)];
    // f32 weights against f64 ones.
    expectClose(sampled.slices, plain.slices, { atol: 2e-6 });
    expect(sampled.labels).toEqual(plain.labels);
  });

  it("mirrors left for right, its labels with it", () => {
    const [plain, mirrored] = [slice(4, NOTHING), slice(4, { ...NOTHING, flip: true })];
    for (let v = 0; v < SIZE; v++) {
      const row = (data: Float32Array | Uint8Array) => [...data.subarray(v * SIZE, (v + 1) * SIZE)];
      expectClose(row(mirrored.slices), row(plain.slices).toReversed(), { atol: 1e-6 });
      expect(row(mirrored.labels)).toEqual(row(plain.labels).toReversed());
    }
  });

  it("turned by 90 degrees in mm puts the value of (-x, y) at (y, x), and ignores what lies outside", () => {
    // A slice of 3 x 5 mm whose value is 0.5 + 0.1 x, x in mm from the centre: turned, it is 0.5 + 0.1 y of the target, where the source lies inside.
    const [ny, nx] = [3, 5];
    const data = Float32Array.from({ length: ny * nx }, (_, i) => 0.5 + 0.1 * ((i % nx) - 2));
    const small: LabelledCase = { ...one, roi: { ...one.roi, shape: [1, ny, nx], data }, inside: new Float32Array(ny * nx).fill(1) };
    const { slices, labels } = labelledSlices(core, [{ case: small, z: 0, change: { ...NOTHING, angle: Math.PI / 2 } }], 16);
    for (let v = 0; v < 16; v++) {
      for (let u = 0; u < 16; u++) {
        const [dy, dx] = [((v + 0.5) * ny) / 16 - ny / 2, ((u + 0.5) * nx) / 16 - nx / 2];
        // source y = -dx, source x = dy
        const isInside = Math.abs(dx) <= ny / 2;
        expect(labels[v * 16 + u]).toBe(isInside ? 1 : IGNORED_LABEL);
        expect(Math.abs(slices[v * 16 + u]! - (0.5 + 0.1 * dy))).toBeLessThan(1e-6);
      }
    }
  });

  it("enlarged shows less of the box: every label of a larger ball's middle is tumour", () => {
    const middle = Math.floor(one.roi.shape[0] / 2);
    const count = ({ labels }: { labels: Uint8Array }) => labels.filter((label) => label === 1).length;
    const [plain, large, small] = [1, 1.15, 1 / 1.15].map((scale) => count(slice(middle, { ...NOTHING, scale })));
    expect(large! / plain!).toBeGreaterThan(1.1);
    expect(small! / plain!).toBeLessThan(0.9);
  });

  it("changes contrast and brightness about the window's middle and stays in 0..1", () => {
    const [plain, changed] = [slice(4, NOTHING), slice(4, { ...NOTHING, gain: 1.1, offset: 0.05 })];
    expectClose(
      changed.slices,
      plain.slices.map((v) => Math.min(1, Math.max(0, 0.5 + 1.1 * (v - 0.5) + 0.05))),
      { atol: 1e-6 },
    );
  });
});

describe("a drawn change", () => {
  it("leaves out what is not asked for without changing the rest", () => {
    const all = drawChange(randomFor(1, "x"), ["flip", "rotate", "scale", "intensity"]);
    expect(drawChange(randomFor(1, "x"), [])).toEqual(NOTHING);
    expect(drawChange(randomFor(1, "x"), ["scale"])).toEqual({ ...NOTHING, scale: all.scale });
  });

  it("stays within its limits over 1000 draws, and reaches near them", () => {
    const random = randomFor(2, "x");
    const draws = Array.from({ length: 1000 }, () => drawChange(random, ["flip", "rotate", "scale", "intensity"]));
    const most = (value: (c: Change) => number) => Math.max(...draws.map((c) => Math.abs(value(c))));
    expect(most((c) => c.angle)).toBeLessThanOrEqual((15 * Math.PI) / 180);
    expect(most((c) => c.angle)).toBeGreaterThan((14.9 * Math.PI) / 180);
    expect(most((c) => Math.log(c.scale))).toBeLessThanOrEqual(Math.log(1.15) + 1e-12);
    expect(most((c) => c.gain - 1)).toBeLessThanOrEqual(0.1 + 1e-12);
    expect(most((c) => c.offset)).toBeLessThanOrEqual(0.1);
    const flips = draws.filter((c) => c.flip).length;
    // Binomial(1000, 1/2): 5 standard deviations.
    expect(Math.abs(flips - 500)).toBeLessThan(80);
  });
});
