// conv2d-forward on the encoder's ten convolutions of a slice of 256 x 256: milliseconds a slice and GFLOP/s beside the size.
//
//   node bench/conv2d-forward.bench.ts [BASE_WIDTH [BATCH]]      (64 and 4, on this machine's fastest adapter)
import { requestGpu } from "../src/adapter.ts";
import { conv2dForward } from "../src/ops/conv2d.ts";
import { createTensor } from "../src/tensor.ts";
import { encoderActivations, encoderForward, encoderParameters } from "../src/unet.ts";

const [baseWidth = 64, N = 4] = process.argv.slice(2).map(Number);
const ROUNDS = 7;
const SIDE = 256;

const gpu = await requestGpu({ allowSoftware: true });
console.log(`${gpu.info.description}, base width ${baseWidth}, ${N} slices a dispatch`);
const architecture = { baseWidth, inChannels: 1, classes: 2, activation: "elu" } as const;
const shapes = new Map(
  [...encoderParameters(architecture), ...encoderActivations(architecture, N, SIDE, SIDE)].map(({ name, shape }) => [name, shape]),
);

let total = 0;
for (const layer of encoderForward()) {
  if (layer.op !== "conv2d") continue;
  const tensor = <S extends readonly number[]>(name: string) => createTensor(gpu, name, shapes.get(name) as S);
  const [x, weight, bias, y] = [
    tensor<[number, number, number, number]>(layer.x),
    tensor<[number, number, number, number]>(layer.weight),
    tensor<[number]>(layer.bias),
    tensor<[number, number, number, number]>(layer.y),
  ] as const;
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    await gpu.guarded(layer.y, () => {
      const commands = gpu.device.createCommandEncoder();
      const pass = commands.beginComputePass();
      conv2dForward(gpu, pass, x, weight, bias, y);
      pass.end();
      gpu.device.queue.submit([commands.finish()]);
    });
    await gpu.device.queue.onSubmittedWorkDone();
    if (round > 0) times.push((performance.now() - start) / N);
  }
  const best = Math.min(...times);
  total += best;
  const [CO, CI, K] = weight.shape;
  const [, , H, W] = y.shape;
  const flops = 2 * CI * CO * K * K * H * W;
  console.log(`${layer.y}  ${CI} -> ${CO}, ${H} x ${W}: ${best.toFixed(3)} ms a slice, ${(flops / best / 1e6).toFixed(1)} GFLOP/s`);
  for (const { buffer } of [x, weight, bias, y]) buffer.destroy();
}
console.log(`all: ${total.toFixed(2)} ms a slice`);
gpu.destroy();
