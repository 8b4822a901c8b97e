// The whole U-Net on slices of 256 x 256, one thread: a forward pass and a training step, milliseconds a slice. `node bench/training.bench.ts`
import { formulaUNet } from "../../../test/helpers/formula-checkpoint.ts";
import { formulaLabels, formulaSlices } from "../../../test/helpers/formula-weights.ts";
import { createTrainer, createUNet, loadCore } from "../dist/index.js";
import { parameterTable } from "../src/unet-parameters.ts";

const SIDE = 256;
const ROUNDS = 7;
/** Slices of a training step. */
const BATCH = 4;

const weightsOf = (baseWidth: number) => {
  const widths = { baseWidth, inChannels: 1, classes: 2 };
  return formulaUNet({ ...widths, activation: "elu" }, parameterTable(widths)).tensors;
};

/** Prints the best of several runs, in milliseconds of this thread's time, which a busy machine does not change. */
function print(what: string, slices: number, body: () => void): void {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.threadCpuUsage();
    body();
    const { user, system } = process.threadCpuUsage(start);
    return (user + system) / 1000 / slices;
  });
  console.log(`${what}: ${Math.min(...times).toFixed(1)} ms a slice (first run ${times[0]!.toFixed(1)} ms)`);
}

for (const build of ["relaxed", "simd"] as const) {
  for (const baseWidth of [16, 64]) {
    const spec = { weights: weightsOf(baseWidth), activation: "elu", height: SIDE, width: SIDE } as const;
    const unet = createUNet(await loadCore(build), spec);
    for (const slices of [1, 3]) {
      const input = formulaSlices(slices * SIDE * SIDE);
      print(`unet forward ${build} base ${baseWidth}, ${slices} slices a call`, slices, () => unet.logits(input, slices));
    }
    if (baseWidth > 16) continue;
    const trainer = createTrainer(await loadCore(build), { ...spec, batch: BATCH, learningRate: 1e-5 });
    for (const slices of [1, BATCH]) {
      const [input, labels] = [formulaSlices(slices * SIDE * SIDE), formulaLabels(slices * SIDE * SIDE, 0.3)];
      print(`training step ${build} base ${baseWidth}, batch ${slices}`, slices, () => trainer.step(input, labels));
    }
  }
}
