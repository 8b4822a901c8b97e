// A network whose 3x3 convolutions go by Winograd's method: what it gives, and when it does.
import { afterAll, describe, expect, test, vi } from "vitest";
import { relativeL2 } from "../../../test/helpers/close.ts";
import { testDevice } from "../../../test/helpers/device.ts";
import { formulaUNet } from "../../../test/helpers/formula-checkpoint.ts";
import { formulaLabels, formulaSlices } from "../../../test/helpers/formula-weights.ts";
import { golden } from "../../../test/helpers/golden.ts";
import type { GoldenTraining } from "../../../test/helpers/golden-training.ts";
import { requestGpu } from "./adapter.ts";
import { candidates, exceeds } from "./blocks.ts";
import { createGpuEncoder } from "./encoder.ts";
import { createGpuTrainer } from "./train.ts";
import { readTuning } from "./read-tuning.ts";
import { adapterIdentity } from "./tuning.ts";
import type { Tuning } from "./tuning.ts";
import { tuningJobs } from "./tuning-jobs.ts";
import { parameterTable } from "./unet.ts";

/** As train.test.ts, three times each: on these cases Winograd's method in float32 has two to three times the error of the direct sum. */
const [GRADIENT, LOSS] = [3e-5, 3e-6];
/** PyTorch's own float32 bottleneck is up to 5e-7 away from its float64 one (encoder.test.ts); the direct sum's error and three times it. */
const FEATURES = 4 * 5e-7;

const gpu = await testDevice(() => requestGpu({ allowSoftware: true }));
afterAll(() => gpu?.destroy());

const [want] = golden<{ cases: GoldenTraining[] }>("unet-training").cases;
const { baseWidth, inChannels, activation, shape, labelShare, classWeights, learningRate } = want!;
const [batch, , height, width] = shape;
const architecture = { baseWidth, inChannels, classes: 2, activation };

/** A record by which every 3x3 convolution goes by Winograd's method, forward and backward to its input. */
function everywhere(): Tuning {
  const instead = { "conv2d-forward": "winograd-product", "conv2d-backward-input": "winograd-backward-input" } as const;
  const choices = tuningJobs({ architecture, height, width, use: "training" }).flatMap(({ kernel, shape }) =>
    (kernel === "conv2d-forward" || kernel === "conv2d-backward-input") && shape.K === 3
      ? [{ kernel: instead[kernel], shape, block: candidates[instead[kernel]][0]!, ms: 1, standardMs: 2 }]
      : [],
  );
  return { format: "islet-tuning/1", adapter: adapterIdentity(gpu!.info), clock: "wall", choices };
}

describe.skipIf(!gpu)("by Winograd's method", () => {
  const checkpoint = formulaUNet(architecture, parameterTable(architecture));
  const slices = formulaSlices(batch * height * width);

  test("a network has PyTorch's loss and gradients, and after each step the transforms of the new weights", async () => {
    gpu!.use(readTuning(JSON.stringify(everywhere())));
    const run = vi.spyOn(gpu!, "run");
    const labels = formulaLabels(batch * height * width, labelShare);
    const trainer = createGpuTrainer(gpu!, checkpoint, { height, width, batch, classWeights, learningRate });
    gpu!.use(null);
    for (const [step, loss] of want!.losses.slice(0, 4).entries()) {
      const got = (await trainer.step(slices, labels)).loss;
      expect(Math.abs(got - loss) / loss, `loss before step ${step + 1}: ${got}, want ${loss}`).toBeLessThan(LOSS);
      if (step > 0) continue;
      const gradients = await trainer.gradients();
      for (const [name, gradient] of Object.entries(want!.gradients ?? {})) {
        expect(relativeL2(gradients.get(name)!.data, gradient), name).toBeLessThan(GRADIENT);
      }
    }
    const direct = run.mock.calls.flatMap(([, kernel, { K }]) => (/^conv2d-(forward|backward-input)$/.test(kernel) ? [K] : []));
    run.mockRestore();
    // Of all convolutions and gradients of maps only the head's, whose side is 1, are direct.
    expect(direct).toEqual([1, 1]);
    trainer.destroy();
  });

  test("an encoder gives the direct sum's features to float32's last digits, not to the last bit, whatever the batch", async () => {
    const features = async (tuning: Tuning | null, slicesAPass: number) => {
      gpu!.use(tuning);
      const encoder = createGpuEncoder(gpu!, checkpoint, { height, width, batch: slicesAPass });
      gpu!.use(null);
      const { pooled } = await encoder.encode(slices, batch);
      encoder.destroy();
      return pooled;
    };
    const [direct, fast, inParts] = [await features(null, 3), await features(everywhere(), 3), await features(everywhere(), 2)];
    expect(relativeL2(fast, direct)).toBeLessThan(FEATURES);
    expect(fast).not.toEqual(direct);
    expect(inParts).toEqual(fast);
  });
});

test("a layer's transformed weights fit a binding, or the method is no candidate: 1024 to 1024 channels need 144 MiB", () => {
  const limits = {
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupSizeX: 256,
    maxComputeWorkgroupSizeY: 256,
    maxComputeWorkgroupStorageSize: 16384,
    maxStorageBufferBindingSize: 2 ** 27,
  };
  const device = { limits, features: new Set<string>() };
  const [block] = candidates["winograd-product"];
  const shape = { CI: 512, CO: 1024, H: 16, W: 16, K: 3 };
  expect(exceeds("winograd-product", block!, shape, device)).toBeNull();
  expect(exceeds("winograd-product", block!, { ...shape, CI: 1024 }, device)).toBe(
    "maxStorageBufferBindingSize of 150994944, and this device has 134217728",
  );
  for (const each of candidates["winograd-product"]) {
    expect(exceeds("winograd-product", each, shape, device)).toBe("LANES_S" in each ? "subgroups, and this device has none" : null);
    const withSubgroups = { limits, features: new Set(["subgroups"]), adapterInfo: { subgroupMaxSize: 64 } };
    expect(exceeds("winograd-backward-input", each, shape, withSubgroups)).toBeNull();
  }
  const wide = { limits, features: new Set(["subgroups"]), adapterInfo: { subgroupMaxSize: 128 } };
  expect(exceeds("winograd-product", { LANES_S: 64 }, shape, wide)).toBe(
    "subgroup of 64 or a part of it, and this device's have up to 128",
  );
});

test.each([
  ["winograd-product is for kernels of side 3, not 1", { LANES_T: 8, LANES_C: 8, DEPTH: 8 }, 1],
  ["winograd-product takes 1, 2, 4, 8 or 16 for LANES_T, not 32", { LANES_T: 32, LANES_C: 8, DEPTH: 8 }, 3],
])("a record is refused: %s", (sentence, block, K) => {
  const adapter = { vendor: "", architecture: "", device: "", description: "x" };
  const choices = [{ kernel: "winograd-product", shape: { CI: 8, CO: 8, H: 8, W: 8, K }, block, ms: 1, standardMs: 1 }];
  expect(() => readTuning(JSON.stringify({ format: "islet-tuning/1", adapter, clock: "wall", choices }))).toThrow(sentence);
});
