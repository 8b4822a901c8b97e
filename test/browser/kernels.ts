// One computation for each compute package, the same lines in Node and in the page; inputs by formula, so nothing has to travel.
import { loadCore, resample } from "@islet/core-wasm";
import { createGpuEncoder, createGpuTrainer, parameterTable, requestGpu } from "@islet/gpu-unet";
import { formulaCheckpoint, formulaUNet } from "../helpers/formula-checkpoint.ts";
import { formulaLabels, formulaSlices } from "../helpers/formula-weights.ts";

/** Cubic resampling of a 6 x 7 x 9 volume onto a 4 x 9 x 11 grid, and the build that did it. */
export async function resampleOnWasm(): Promise<{ build: string; values: number[] }> {
  const core = await loadCore();
  const axes = [
    { length: 4, start: 0.25, step: 1.5 },
    { length: 9, start: -0.125, step: 0.75 },
    { length: 11, start: 0.5, step: 0.7 },
  ] as const;
  return { build: core.build, values: [...resample(core, formulaSlices(6 * 7 * 9), [6, 7, 9], axes, "cubic")] };
}

/** `encodeOnThreads` (threads.ts) in a worker of the page. */
export function encodeOnThreadsOfWorker(): Promise<{ build: string; pooled: number[] }> {
  const worker = new Worker(new URL("./crew-worker.ts", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<{ build: string; pooled: number[] }>) => resolve(data));
    worker.addEventListener("error", ({ message }) => reject(new Error(message)));
  });
}

/** The encoder of base width 2 on two slices of 32 x 48: ten convolutions, pooling, ELU, global average. */
export async function encodeOnWebGpu(): Promise<{ isSoftware: boolean; pooled: number[] }> {
  const gpu = await requestGpu({ allowSoftware: true });
  const encoder = createGpuEncoder(gpu, formulaCheckpoint(2, 1, "elu"), { height: 32, width: 48, batch: 2 });
  const { pooled } = await encoder.encode(formulaSlices(2 * 32 * 48), 2);
  encoder.destroy();
  gpu.destroy();
  return { isSoftware: gpu.info.isSoftware, pooled: [...pooled] };
}

/** Three steps of Adam of the whole network, the first case of test/golden/unet-training.json: losses, and the gradients of the first. */
export async function trainOnWebGpu(): Promise<{ losses: number[]; gradients: Record<string, number[]> }> {
  const gpu = await requestGpu({ allowSoftware: true });
  const architecture = { baseWidth: 1, inChannels: 1, classes: 2, activation: "elu" } as const;
  const [batch, height, width] = [3, 32, 16];
  const checkpoint = formulaUNet(architecture, parameterTable(architecture));
  const trainer = createGpuTrainer(gpu, checkpoint, { height, width, batch, learningRate: 1e-3 });
  const [slices, labels] = [formulaSlices(batch * height * width), formulaLabels(batch * height * width, 0.3)];
  const losses = [(await trainer.step(slices, labels)).loss];
  const gradients = Object.fromEntries([...(await trainer.gradients())].map(([name, { data }]) => [name, [...data]]));
  for (let step = 1; step < 3; step++) losses.push((await trainer.step(slices, labels)).loss);
  trainer.destroy();
  gpu.destroy();
  return { losses, gradients };
}
