// The simplest proof that the parts learn together: a network that sees one batch again and again must draw its masks.
import { afterAll, describe, expect, test } from "vitest";
import { testDevice } from "../../../test/helpers/device.ts";
import { formulaUNet } from "../../../test/helpers/formula-checkpoint.ts";
import { formulaTensor } from "../../../test/helpers/formula-weights.ts";
import { requestGpu } from "./adapter.ts";
import { diceScore, labelsOf } from "./dice.ts";
import { createGpuTrainer } from "./train.ts";
import { parameterTable } from "./unet.ts";

const gpu = await testDevice(() => requestGpu({ allowSoftware: true }));
afterAll(() => gpu?.destroy());

describe.skipIf(!gpu)("a small network", () => {
  test("learns one batch of noisy discs to a Dice coefficient above 0.98", async () => {
    const [N, H, W] = [2, 16, 16];
    const discs = [
      { row: 6, column: 9, radius: 4 },
      { row: 10, column: 5, radius: 3 },
    ];
    const labels = Uint8Array.from({ length: N * H * W }, (_, i) => {
      const { row, column, radius } = discs[Math.floor(i / (H * W))]!;
      return Number(Math.hypot((Math.floor(i / W) % H) - row, (i % W) - column) <= radius);
    });
    const noise = formulaTensor(4093, N * H * W, 0.4);
    const slices = Float32Array.from(labels, (label, i) => 0.4 + 0.3 * label + noise[i]!);
    const architecture = { baseWidth: 2, inChannels: 1, classes: 2, activation: "elu" } as const;
    const checkpoint = formulaUNet(architecture, parameterTable(architecture));
    const trainer = createGpuTrainer(gpu!, checkpoint, { height: H, width: W, batch: N, learningRate: 0.01 });
    const losses: number[] = [];
    for (let step = 0; step < 40; step++) losses.push((await trainer.step(slices, labels)).loss);
    const dice = diceScore(labelsOf(await trainer.logits(slices, N), 2, H * W), labels);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 10);
    expect(dice).toBeGreaterThan(0.98);
    trainer.destroy();
  });
});
