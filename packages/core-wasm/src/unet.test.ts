import { describe, expect, test } from "vitest";
import { relativeL2 } from "../../../test/helpers/close.ts";
import { formulaUNet } from "../../../test/helpers/formula-checkpoint.ts";
import { formulaSlices } from "../../../test/helpers/formula-weights.ts";
import { unet } from "../reference/unet.ts";
import { loadCore } from "./core.ts";
import { createUNet } from "./unet.ts";
import { parameterTable } from "./unet-parameters.ts";

const weightsOf = (baseWidth: number, inChannels: number, classes = 2) => {
  const widths = { baseWidth, inChannels, classes };
  return formulaUNet({ ...widths, activation: "elu" }, parameterTable(widths)).tensors;
};

/** As in train.test.ts: f32 and Winograd's method through 23 layers. */
const LOGITS = 3e-6;

describe.each(["relaxed", "simd"] as const)("the whole network, %s build", (build) => {
  test.each([
    { baseWidth: 3, CI: 2, classes: 3, activation: "relu", H: 16, W: 48 },
    { baseWidth: 16, CI: 1, classes: 2, activation: "elu", H: 32, W: 16 },
    { baseWidth: 2, CI: 1, classes: 2, activation: "elu", H: 64, W: 80 },
  ] as const)(
    "agrees with the reference: base width $baseWidth, $CI input channels, $classes classes, $activation, $H x $W",
    async ({ baseWidth, CI, classes, activation, H, W }) => {
      const weights = weightsOf(baseWidth, CI, classes);
      const network = createUNet(await loadCore(build), { weights, activation, height: H, width: W });
      const slices = formulaSlices(2 * CI * H * W);
      const got = network.logits(slices, 2);
      for (const n of [0, 1]) {
        const want = unet(weights, activation, slices.subarray(n * CI * H * W, (n + 1) * CI * H * W), H, W);
        expect(relativeL2(got.subarray(n * want.length, (n + 1) * want.length), want)).toBeLessThan(LOGITS);
      }
    },
  );
});

test("a slice has the same bits whatever slices came before it, and the arena is left as it was", async () => {
  const core = await loadCore();
  const network = createUNet(core, { weights: weightsOf(2, 1), activation: "elu", height: 32, width: 32 });
  const { top } = core.arena;
  const slices = formulaSlices(3 * 1024);
  const together = network.logits(slices, 3);
  const alone = [0, 1, 2].flatMap((n) => [...network.logits(slices.subarray(n * 1024, (n + 1) * 1024), 1)]);
  expect([...together]).toEqual(alone);
  expect(core.arena.top).toBe(top);
  expect(network.logits(new Float32Array(0), 0).length).toBe(0);
});

test("a NaN in a slice reaches its logits instead of vanishing", async () => {
  const network = createUNet(await loadCore(), { weights: weightsOf(1, 1), activation: "elu", height: 16, width: 16 });
  const slice = formulaSlices(256);
  slice[37] = NaN;
  expect(network.logits(slice, 1).some(Number.isNaN)).toBe(true);
});
