// A training step of the whole network on slices of 256 x 256: milliseconds a step and a slice, and GFLOP/s of its convolutions.
//
//   node bench/training-step.bench.ts [BASE_WIDTH [BATCH [SIDE]]]      (64, 8 and 256, on this machine's fastest adapter)
//
// A convolution of M multiply-adds forward takes 3 M in a step: forward, gradient of its input, gradient of its weight.
import { requestGpu } from "../src/adapter.ts";
import { initialiseWeights } from "../src/initialise.ts";
import { createGpuTrainer } from "../src/train.ts";
import { elements } from "../src/tensor.ts";
import { parameterTable, unetActivations, unetForward } from "../src/unet.ts";

const [baseWidth = 64, batch = 8, side = 256] = process.argv.slice(2).map(Number);
const ROUNDS = 7;

const gpu = await requestGpu({ allowSoftware: true });
const architecture = { baseWidth, inChannels: 1, classes: 2, activation: "elu" } as const;
let seed = 1;
const uniform = () => (seed = (seed * 48271) % 2147483647) / 2147483647; // Park & Miller 1988: any numbers will do here
const checkpoint = { architecture, metadata: {}, tensors: initialiseWeights(architecture, uniform), parts: "unet" as const };
const trainer = createGpuTrainer(gpu, checkpoint, { height: side, width: side, batch, learningRate: 1e-5 });
console.log(`${gpu.info.description}, base width ${baseWidth}, ${batch} slices of ${side} x ${side} a step, ${trainer.slicesAPass} a pass`);

const maps = new Map(unetActivations(architecture, 1, side, side).map(({ name, shape }) => [name, shape]));
const weights = new Map(parameterTable(architecture).map(({ name, shape }) => [name, shape]));
const products = unetForward().reduce((sum, layer) => {
  if (!("weight" in layer)) return sum;
  // Each weight meets each pixel of the smaller of the two maps once.
  const map = maps.get(layer.op === "conv2d" ? layer.y : layer.x)!;
  return sum + elements(weights.get(layer.weight)!) * map[2]! * map[3]!;
}, 0);

const slices = Float32Array.from({ length: batch * side * side }, uniform);
const labels = Uint8Array.from(slices, (v) => Number(v > 0.7));
const time = async (work: () => Promise<unknown>) => {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    await work();
    if (round > 0) times.push(performance.now() - start);
  }
  return Math.min(...times);
};
const report = (what: string, ms: number, passes: number) =>
  console.log(
    `${what}: ${ms.toFixed(2)} ms, ${(ms / batch).toFixed(2)} ms a slice, ${((2 * passes * products * batch) / ms / 1e6).toFixed(1)} GFLOP/s`,
  );
report("training step", await time(() => trainer.step(slices, labels)), 3);
report("forward, logits read back", await time(() => trainer.logits(slices, batch)), 1);
trainer.destroy();
gpu.destroy();
