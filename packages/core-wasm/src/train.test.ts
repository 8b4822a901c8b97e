import { beforeAll, describe, expect, test } from "vitest";
import { relativeL2 } from "../../../test/helpers/close.ts";
import { formulaUNet } from "../../../test/helpers/formula-checkpoint.ts";
import { formulaLabels, formulaSlices, formulaTensor } from "../../../test/helpers/formula-weights.ts";
import { golden } from "../../../test/helpers/golden.ts";
import { diceLabels, type GoldenDiceTraining, type GoldenTraining } from "../../../test/helpers/golden-training.ts";
import { addShares, batchShares } from "./batch-shares.ts";
import { loadCore } from "./core.ts";
import type { Core } from "./core.ts";
import { createTrainer, IGNORED_LABEL } from "./train.ts";
import type { TrainerSpec } from "./train.ts";
import { createUNet } from "./unet.ts";
import { parameterTable } from "./unet-parameters.ts";

/**
 * Relative L2 of f32 against f64 through 23 layers, forward and back: PyTorch's own float32 run is up to 6.4e-7 (logits) and 1.8e-6
 * (the worst gradient) away from its float64 run on these cases, its losses 1.7e-7; Winograd's method has two to three times the error.
 */
const LOGITS = 3e-6;
const GRADIENT = 1e-5;
/** Soft Dice pulls foreground and background apart, so that more cancels in the sums: PyTorch's float32 run is 2.9e-6 away from its float64 run there. */
const DICE_GRADIENT = 1.6e-5;
const LOSS = 1e-6;
/**
 * The losses after a step: Adam's first steps have the sign of the gradient and a size of their own, so that rounding decides where a gradient is
 * nearly 0. Noise of 1e-6 on PyTorch's float64 gradients moves the losses of the second case by up to 8e-6 after a step and 6e-5 after ten.
 */
const LATER_LOSS = 1e-5;

const weightsOf = (baseWidth: number, inChannels = 1) => {
  const widths = { baseWidth, inChannels, classes: 2 };
  return formulaUNet({ ...widths, activation: "elu" }, parameterTable(widths)).tensors;
};

describe.each(["relaxed", "simd"] as const)("a whole network in WebAssembly, %s build", (build) => {
  test.each(golden<{ cases: GoldenTraining[] }>("unet-training").cases)(
    "has PyTorch's logits, loss, gradients and ten steps: $activation, $optimiser, (N,CI,H,W) = $shape, class weights $classWeights",
    async ({ baseWidth, inChannels, activation, shape: [N, CI, height, width], labelShare, classWeights, ...want }) => {
      const core = await loadCore(build);
      const weights = weightsOf(baseWidth, inChannels);
      const slices = formulaSlices(N * CI * height * width);
      const labels = formulaLabels(N * height * width, labelShare);
      const network = createUNet(core, { weights, activation, height, width });
      expect(relativeL2(network.logits(slices, N), want.logits), "logits").toBeLessThan(LOGITS);

      const { optimiser, learningRate, weightDecay } = want;
      const spec = { weights, activation, height, width, batch: N, classWeights, optimiser, learningRate, weightDecay };
      const trainer = createTrainer(core, spec);
      for (const [step, loss] of want.losses.entries()) {
        const got = trainer.step(slices, labels).loss;
        const tolerance = step === 0 ? LOSS : LATER_LOSS;
        expect(Math.abs(got - loss) / loss, `loss before step ${step + 1}: ${got}, want ${loss}`).toBeLessThan(tolerance);
        if (step > 0) continue;
        const gradients = trainer.gradients();
        for (const [name, gradient] of Object.entries(want.gradients ?? {})) {
          expect(relativeL2(gradients.get(name)!.data, gradient), name).toBeLessThan(GRADIENT);
        }
      }
    },
  );
});

describe.each(["relaxed", "simd"] as const)("training by soft Dice in WebAssembly, %s build", (build) => {
  test.each(golden<{ cases: GoldenDiceTraining[] }>("unet-dice").cases)(
    "has PyTorch's losses and gradients: $loss.kind, smooth $loss.smooth",
    async ({ shape: [N, CI, height, width], labelShare, classWeights, learningRate, loss, ...want }) => {
      const slices = formulaSlices(N * CI * height * width);
      const labels = diceLabels(formulaLabels(N * height * width, labelShare), height * width);
      const spec = { weights: weightsOf(1), activation: "elu", height, width, batch: N, classWeights, learningRate, loss } as const;
      const trainer = createTrainer(await loadCore(build), spec);
      for (const [step, value] of want.losses.entries()) {
        const got = trainer.step(slices, labels).loss;
        const tolerance = step === 0 ? LOSS : LATER_LOSS;
        expect(Math.abs(got - value) / value, `loss before step ${step + 1}: ${got}, want ${value}`).toBeLessThan(tolerance);
        if (step > 0) continue;
        const gradients = trainer.gradients();
        for (const [name, gradient] of Object.entries(want.gradients ?? {})) {
          expect(relativeL2(gradients.get(name)!.data, gradient), name).toBeLessThan(DICE_GRADIENT);
        }
      }
    },
  );
});

describe("a trainer", () => {
  const [height, width, pixels] = [32, 16, 512];
  const batch = 5;
  const slices = formulaSlices(batch * pixels);
  const labels = formulaLabels(batch * pixels, 0.4);
  let core: Core;
  beforeAll(async () => {
    core = await loadCore();
  });
  const trainer = (settings: Partial<TrainerSpec> = {}) =>
    createTrainer(core, { weights: weightsOf(2), activation: "elu", height, width, batch, learningRate: 1e-3, ...settings });

  test.each([
    [1, "cross-entropy"],
    [2, "cross-entropy"],
    [3, "cross-entropy+dice"],
    [4, "dice"],
  ] as const)("gives the same bits when %i workers share the batch: %s", (workers, kind) => {
    const settings = { loss: { kind, smooth: 1 } } as const;
    const alone = trainer(settings);
    const shared = Array.from({ length: workers }, () => trainer(settings));
    for (let step = 0; step < 3; step++) {
      const { loss } = alone.step(slices, labels);
      const scales = alone.scalesOf(labels);
      const shares = batchShares(batch, workers).map(([from, to], i) =>
        from === to
          ? null
          : shared[i % workers]!.gradientsOf(
              slices.subarray(from * pixels, to * pixels),
              labels.subarray(from * pixels, to * pixels),
              scales,
            ),
      );
      const sum = addShares(shares);
      expect(sum.loss).toBe(loss);
      for (const each of shared) each.update(sum.gradient, 1e-3);
    }
    for (const each of shared) expect(each.weights()).toEqual(alone.weights());
  });

  test("gives the same bits every time", () => {
    const [a, b] = [trainer(), trainer()];
    for (const each of [a, b]) for (let step = 0; step < 3; step++) each.step(slices, labels);
    expect(a.weights()).toEqual(b.weights());
    expect(a.logits(slices, batch)).toEqual(b.logits(slices, batch));
  });

  test("goes on from its state and weights to the same bits as one that was not interrupted", () => {
    const through = trainer({ optimiser: "adamw" });
    const rate = (step: number) => ({ learningRate: 1e-3 / (step + 1) });
    for (let step = 0; step < 4; step++) through.step(slices, labels, rate(step));
    const first = trainer({ optimiser: "adamw" });
    for (let step = 0; step < 2; step++) first.step(slices, labels, rate(step));
    expect(first.state().steps).toBe(2);
    const second = trainer({ optimiser: "adamw", weights: first.weights(), state: first.state() });
    for (let step = 2; step < 4; step++) second.step(slices, labels, rate(step));
    expect(second.weights()).toEqual(through.weights());
    expect(second.state()).toEqual(through.state());
  });

  test("the gradient is that of the loss: a small step against it lowers the loss as much as it promises", () => {
    const weights = weightsOf(2);
    const one = trainer({ weights });
    const { loss } = one.step(slices, labels, { learningRate: 0 });
    const gradients = one.gradients();
    const square = [...gradients.values()].reduce((sum, { data }) => sum + data.reduce((s, v) => s + v * v, 0), 0);
    const h = 1e-4;
    const moved = (sign: number) =>
      new Map(
        [...weights].map(([name, { shape, data }]) => [
          name,
          { shape, data: data.map((v, i) => v + sign * h * gradients.get(name)!.data[i]!) },
        ]),
      );
    const lossOf = (sign: number) => trainer({ weights: moved(sign) }).step(slices, labels).loss;
    expect(lossOf(0)).toBe(loss);
    // Central differences: an error of h^2, and of f32's rounding of the loss over h |g|^2.
    expect((lossOf(1) - lossOf(-1)) / (2 * h) / square).toBeCloseTo(1, 2);
  });

  test("leaves ignored pixels out, and a batch that is not full is as if made for it", () => {
    const [few, ignoring] = [trainer(), trainer()];
    few.step(slices, labels, { learningRate: 0 });
    few.step(slices.subarray(pixels), labels.subarray(pixels));
    ignoring.step(slices, labels.slice().fill(IGNORED_LABEL, 0, pixels));
    for (const [name, { data }] of few.gradients()) {
      expect(relativeL2(ignoring.gradients().get(name)!.data, data), name).toBeLessThan(GRADIENT);
    }
  });

  test("has the logits of the network with its weights", () => {
    const one = trainer();
    one.step(slices, labels);
    const network = createUNet(core, { weights: one.weights(), activation: "elu", height, width });
    expect(one.logits(slices, batch)).toEqual(network.logits(slices, batch));
  });

  test("leaves the arena where it found it", () => {
    const one = trainer();
    const { top } = core.arena;
    one.step(slices, labels);
    one.logits(slices, batch);
    expect(core.arena.top).toBe(top);
  });

  test("learns one batch of noisy discs to a Dice coefficient above 0.98", () => {
    const discs = [
      { row: 6, column: 9, radius: 4 },
      { row: 10, column: 5, radius: 3 },
    ];
    const truth = Uint8Array.from({ length: 512 }, (_, i) => {
      const { row, column, radius } = discs[Math.floor(i / 256)]!;
      return Number(Math.hypot((Math.floor(i / 16) % 16) - row, (i % 16) - column) <= radius);
    });
    const noise = formulaTensor(4093, 512, 0.4);
    const images = Float32Array.from(truth, (label, i) => 0.4 + 0.3 * label + noise[i]!);
    const one = trainer({ height: 16, width: 16, learningRate: 0.01 });
    const losses = Array.from({ length: 40 }, () => one.step(images, truth).loss);
    const logits = one.logits(images, 2);
    const drawn = truth.map((_, i) => {
      const at = Math.floor(i / 256) * 512 + (i % 256);
      return Number(logits[at + 256]! > logits[at]!);
    });
    const both = drawn.reduce((sum, label, i) => sum + label * truth[i]!, 0);
    const dice = (2 * both) / (drawn.reduce((a, b) => a + b) + truth.reduce((a, b) => a + b));
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 10);
    expect(dice).toBeGreaterThan(0.98);
  });

  test("refuses what it cannot train on, saying why", () => {
    const one = trainer();
    const step = (count: number, of: Uint8Array) => () => one.step(slices.subarray(0, count), of);
    expect(step(100, labels)).toThrow("training: a step takes 1 to 5 slices of 1 x 32 x 16, 100 values came");
    expect(step(1024, labels)).toThrow("training: 2 slices of 32 x 16 have 1024 labels, 2560 came");
    expect(step(512, new Uint8Array(512).fill(7))).toThrow(
      "training: label 7 is none of the 2 classes; labels are 0 to 1, or 255 for pixels to leave out",
    );
    expect(step(512, new Uint8Array(512).fill(IGNORED_LABEL))).toThrow("training: no pixel of this step has a label with weight");
    expect(() => one.logits(slices, 1)).toThrow("unet: 1 slices of 1 x 32 x 16 hold 512 values, 2560 came");
    expect(() => one.update(new Float32Array(3), 1)).toThrow("parameters, the gradient 3 values");
    expect(() => trainer({ loss: { kind: "dice", smooth: 0 } })).toThrow("training: soft Dice takes a smooth above 0, not 0");
    expect(() => trainer({ classWeights: [1] })).toThrow("training: the network has 2 classes, classWeights are 1");
    expect(() => trainer({ height: 40 })).toThrow(/unet: a slice of 40 x 16 cannot be halved four times/);
    const weights = weightsOf(2);
    weights.delete("decoder.2.up.bias");
    expect(() => trainer({ weights })).toThrow("unet: decoder.2.up.bias is missing");
    weights.set("decoder.2.up.bias", { shape: [4], data: new Float32Array(4) });
    expect(() => trainer({ weights })).toThrow("unet: decoder.2.up.bias should have shape [8] (8 values), it has [4]");
    expect(() => trainer({ height: 8192, width: 8192 })).toThrow(/slices of 8192 x 8192 at base width 2 would take .* GiB of wasm memory/);
  });
});

test("a batch is shared by halves, the first the larger", () => {
  expect(batchShares(5, 1)).toEqual([[0, 5]]);
  expect(batchShares(5, 2)).toEqual([
    [0, 3],
    [3, 5],
  ]);
  expect(batchShares(5, 3)).toEqual([
    [0, 2],
    [2, 3],
    [3, 4],
    [4, 5],
  ]);
  expect(batchShares(1, 2)).toEqual([
    [0, 1],
    [1, 1],
  ]);
});
