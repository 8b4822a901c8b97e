// One of the bench's workers: a trainer in a core of its own, which sums the gradients of its half of a batch and takes the step of the whole.
import { parentPort, workerData } from "node:worker_threads";
import { createTrainer, loadCore } from "@islet/core-wasm";
import type { LossScales, SimdBuild } from "@islet/core-wasm";
import { parameterTable } from "@islet/gpu-unet";
import { formulaUNet } from "../helpers/formula-checkpoint.ts";
import { formulaLabels, formulaSlices } from "../helpers/formula-weights.ts";

interface Settings {
  readonly baseWidth: number;
  readonly build: SimdBuild;
  readonly side: number;
  readonly slices: number;
  /** Those of the whole batch. */
  readonly scales: LossScales;
}
const { baseWidth, build, side, slices, scales } = workerData as Settings;
const architecture = { baseWidth, inChannels: 1, classes: 2, activation: "elu" } as const;
const trainer = createTrainer(await loadCore(build), {
  weights: formulaUNet(architecture, parameterTable(architecture)).tensors,
  activation: "elu",
  height: side,
  width: side,
  batch: slices,
  learningRate: 1e-5,
});
const [input, labels] = [formulaSlices(slices * side * side), formulaLabels(slices * side * side, 0.3)];
parentPort!.on("message", (gradient: Float32Array<ArrayBuffer> | null) => {
  if (gradient) {
    trainer.update(gradient, 1e-5);
    parentPort!.postMessage("updated");
  } else {
    const sum = trainer.gradientsOf(input, labels, scales);
    parentPort!.postMessage(sum, [sum.gradient.buffer as ArrayBuffer]);
  }
});
parentPort!.postMessage("ready");
