// Training on the device against PyTorch, and what a trainer promises of itself.
import { afterAll, describe, expect, test } from "vitest";
import { relativeL2 } from "../../../test/helpers/close.ts";
import { testDevice } from "../../../test/helpers/device.ts";
import { formulaUNet } from "../../../test/helpers/formula-checkpoint.ts";
import { formulaLabels, formulaSlices } from "../../../test/helpers/formula-weights.ts";
import { golden } from "../../../test/helpers/golden.ts";
import { diceLabels, type GoldenDiceTraining, type GoldenTraining } from "../../../test/helpers/golden-training.ts";
import { requestGpu } from "./adapter.ts";
import { createGpuUNet } from "./gpu-unet.ts";
import { createGpuTrainer } from "./train.ts";
import type { TrainerSettings } from "./train.ts";
import { IGNORED_LABEL } from "./training-loss.ts";
import { parameterTable } from "./unet.ts";

/**
 * Relative L2 of f32 against f64 through 23 layers, forward and back: PyTorch's own float32 run is up to 6.4e-7 (logits) and 1.8e-6
 * (the worst gradient) away from its float64 run on these cases, its losses 1.7e-7; sums in another order may be a few times further.
 */
const LOGITS = 3e-6;
const GRADIENT = 1e-5;
const LOSS = 1e-6;

const gpu = await testDevice(() => requestGpu({ allowSoftware: true }));
afterAll(() => gpu?.destroy());

const checkpointOf = (baseWidth: number, inChannels = 1, activation: "elu" | "relu" = "elu") => {
  const architecture = { baseWidth, inChannels, classes: 2, activation };
  return formulaUNet(architecture, parameterTable(architecture));
};

describe.skipIf(!gpu)("a whole network on WebGPU", () => {
  test.each(golden<{ cases: GoldenTraining[] }>("unet-training").cases)(
    "has PyTorch's logits, loss, gradients and ten steps: $activation, $optimiser, (N,CI,H,W) = $shape, class weights $classWeights",
    async ({ baseWidth, inChannels, activation, shape: [N, CI, height, width], labelShare, classWeights, ...want }) => {
      const checkpoint = checkpointOf(baseWidth, inChannels, activation);
      const slices = formulaSlices(N * CI * height * width);
      const labels = formulaLabels(N * height * width, labelShare);
      const network = createGpuUNet(gpu!, checkpoint, { height, width, batch: 2 });
      expect(relativeL2(await network.logits(slices, N), want.logits), "logits").toBeLessThan(LOGITS);
      network.destroy();

      const { optimiser, learningRate, weightDecay } = want;
      const trainer = createGpuTrainer(gpu!, checkpoint, { height, width, batch: N, classWeights, optimiser, learningRate, weightDecay });
      for (const [step, loss] of want.losses.entries()) {
        const got = (await trainer.step(slices, labels)).loss;
        expect(Math.abs(got - loss) / loss, `loss before step ${step + 1}: ${got}, want ${loss}`).toBeLessThan(LOSS);
        if (step > 0) continue;
        const gradients = await trainer.gradients();
        for (const [name, gradient] of Object.entries(want.gradients ?? {})) {
          expect(relativeL2(gradients.get(name)!.data, gradient), name).toBeLessThan(GRADIENT);
        }
      }
      trainer.destroy();
    },
  );
});

describe.skipIf(!gpu)("training by soft Dice on WebGPU", () => {
  test.each(golden<{ cases: GoldenDiceTraining[] }>("unet-dice").cases)(
    "has PyTorch's losses and gradients: $loss.kind, smooth $loss.smooth",
    async ({ shape: [N, CI, height, width], labelShare, classWeights, learningRate, loss, ...want }) => {
      const slices = formulaSlices(N * CI * height * width);
      const labels = diceLabels(formulaLabels(N * height * width, labelShare), height * width);
      const settings = { height, width, batch: N, classWeights, learningRate, loss };
      const trainer = createGpuTrainer(gpu!, checkpointOf(1), settings);
      for (const [step, value] of want.losses.entries()) {
        const got = (await trainer.step(slices, labels)).loss;
        expect(Math.abs(got - value) / value, `loss before step ${step + 1}: ${got}, want ${value}`).toBeLessThan(LOSS);
        if (step > 0) continue;
        const gradients = await trainer.gradients();
        for (const [name, gradient] of Object.entries(want.gradients ?? {})) {
          expect(relativeL2(gradients.get(name)!.data, gradient), name).toBeLessThan(GRADIENT);
        }
      }
      trainer.destroy();
    },
  );
});

describe.skipIf(!gpu)("a trainer", () => {
  // The first golden case's size, so that the pipelines are there already.
  const size = { height: 32, width: 16 };
  const [batch, pixels] = [3, 512];
  const slices = formulaSlices(batch * pixels);
  const labels = formulaLabels(batch * pixels, 0.4);
  const trainer = (settings: Partial<TrainerSettings> = {}) =>
    createGpuTrainer(gpu!, checkpointOf(1), { ...size, batch, learningRate: 1e-3, ...settings });

  test("accumulates the gradients of several passes, equally large, to those of one", async () => {
    const [whole, split] = [trainer(), trainer({ slicesAPass: 2 })];
    expect([whole.slicesAPass, split.slicesAPass]).toEqual([3, 2]);
    const [a, b] = [await whole.step(slices, labels), await split.step(slices, labels)];
    expect(Math.abs(a.loss - b.loss)).toBeLessThan(LOSS);
    const [want, got] = [await whole.gradients(), await split.gradients()];
    for (const [name, { data }] of want) expect(relativeL2(got.get(name)!.data, data), name).toBeLessThan(GRADIENT);
    const even = trainer({ batch: 4, slicesAPass: 3 });
    expect(even.slicesAPass).toBe(2);
    for (const each of [whole, split, even]) each.destroy();
  });

  test("takes a batch that is not full as if it were made for it, and leaves ignored pixels out", async () => {
    const [exact, partial, ignoring] = [trainer({ batch: 2 }), trainer(), trainer()];
    const [fewer, fewerLabels] = [slices.subarray(pixels), labels.subarray(pixels)];
    await exact.step(fewer, fewerLabels);
    // A full step before, so that old slices lie where the two do not reach; at rate 0 it changes no weight.
    await partial.step(slices, labels, { learningRate: 0 });
    await partial.step(fewer, fewerLabels);
    await ignoring.step(slices, labels.slice().fill(IGNORED_LABEL, 0, pixels));
    const want = await exact.gradients();
    for (const each of [partial, ignoring]) {
      const got = await each.gradients();
      for (const [name, { data }] of want) expect(relativeL2(got.get(name)!.data, data), name).toBeLessThan(GRADIENT);
    }
    for (const each of [exact, partial, ignoring]) each.destroy();
  });

  test("by both losses has the sum of their values and gradients, whatever a pass holds", async () => {
    const smooth = 0.5;
    const of = async (kind: "cross-entropy" | "dice" | "cross-entropy+dice", settings: Partial<TrainerSettings> = {}) => {
      const one = trainer({ loss: { kind, smooth }, classWeights: [1, 3], ...settings });
      const { loss } = await one.step(slices, labels);
      const gradients = await one.gradients();
      one.destroy();
      return { loss, gradients };
    };
    const [entropy, dice, both, split] = [
      await of("cross-entropy"),
      await of("dice"),
      await of("cross-entropy+dice"),
      await of("cross-entropy+dice", { slicesAPass: 1 }),
    ];
    for (const each of [both, split]) {
      expect(Math.abs(each.loss - entropy.loss - dice.loss)).toBeLessThan(LOSS);
      for (const [name, { data }] of each.gradients) {
        const sum = entropy.gradients.get(name)!.data.map((d, i) => d + dice.gradients.get(name)!.data[i]!);
        expect(relativeL2(data, sum), name).toBeLessThan(GRADIENT);
      }
    }
  });

  test("goes on from its state and weights to the same bits as one that was not interrupted", async () => {
    const through = trainer({ optimiser: "adamw" });
    for (let step = 0; step < 4; step++) await through.step(slices, labels, { learningRate: 1e-3 / (step + 1) });
    const first = trainer({ optimiser: "adamw" });
    for (let step = 0; step < 2; step++) await first.step(slices, labels, { learningRate: 1e-3 / (step + 1) });
    const [tensors, state] = [await first.weights(), await first.state()];
    expect(state.steps).toBe(2);
    const second = createGpuTrainer(
      gpu!,
      { ...checkpointOf(1), tensors },
      { ...size, batch, learningRate: 1e-3, optimiser: "adamw", state },
    );
    for (let step = 2; step < 4; step++) await second.step(slices, labels, { learningRate: 1e-3 / (step + 1) });
    expect(await second.weights()).toEqual(await through.weights());
    expect(await second.logits(slices, batch)).toEqual(await through.logits(slices, batch));
    for (const each of [through, first, second]) each.destroy();
  });

  test.each(["cross-entropy", "dice", "cross-entropy+dice"] as const)(
    "by %s makes one command encoder a step, and no buffer, bind group or pipeline",
    async (kind) => {
      const busy = trainer({ slicesAPass: 2, loss: { kind, smooth: 1 } });
      await busy.step(slices, labels);
      const made: string[] = [];
      const device = gpu!.device as unknown as Record<string, unknown>;
      const names = ["createBuffer", "createBindGroup", "createComputePipeline", "createShaderModule", "createCommandEncoder"];
      for (const name of names) {
        const original = device[name] as (...args: unknown[]) => unknown;
        device[name] = (...args: unknown[]) => {
          made.push(name);
          return original.apply(device, args);
        };
      }
      await busy.step(slices, labels);
      for (const name of names) delete device[name];
      expect(made).toEqual(["createCommandEncoder"]);
      busy.destroy();
    },
  );

  test("refuses what it cannot train on, saying why", async () => {
    const one = trainer();
    const step = (count: number, of: Uint8Array) => one.step(slices.subarray(0, count), of);
    await expect(step(100, labels)).rejects.toThrow("training: a step takes 1 to 3 slices of 1 x 32 x 16, 100 values came");
    await expect(step(1024, labels)).rejects.toThrow("training: 2 slices of 32 x 16 have 1024 labels, 1536 came");
    await expect(step(512, new Uint8Array(512).fill(7))).rejects.toThrow(
      "training: label 7 is none of the 2 classes; labels are 0 to 1, or 255 for pixels to leave out",
    );
    await expect(step(512, new Uint8Array(512).fill(IGNORED_LABEL))).rejects.toThrow(
      "training: no pixel of this step has a label with weight",
    );
    await expect(one.logits(slices, 1)).rejects.toMatchObject({
      name: "ShapeError",
      message: "unet: 1 slices of 1 x 32 x 16 hold 512 values, 1536 came",
    });
    expect(() => trainer({ loss: { kind: "dice", smooth: 0 } })).toThrow("training: soft Dice takes a smooth above 0, not 0; 1 is usual");
    expect(() => trainer({ classWeights: [1] })).toThrow("training: the network has 2 classes, classWeights are 1");
    expect(() => createGpuTrainer(gpu!, { ...checkpointOf(1), parts: "encoder" }, { ...size, batch: 1, learningRate: 1 })).toThrow(
      "unet: these weights hold an encoder alone, and the whole network has a decoder and a head",
    );
    one.destroy();
  });
});
