// What a worker of a training does: its branch of every batch, and every update, so that all workers hold the same weights.
import { loadCore, type GradientSum, type LossScales, type Trainer } from "@islet/core-wasm";
import type { Checkpoint, TrainerState, Weights } from "@islet/gpu-unet";
import { placeTrainer } from "./wasm-trainer.ts";
import type { SliceTrainerSettings } from "./slice-trainer.ts";

/** The interface that the trainer speaks to. */
export interface TrainingWorker {
  /** Places the network; called once. */
  prepare(network: Pick<Checkpoint, "architecture" | "tensors">, settings: SliceTrainerSettings): Promise<{ readonly build: string }>;
  scalesOf(labels: Uint8Array): LossScales;
  gradientsOf(slices: Float32Array, labels: Uint8Array, scales: LossScales): GradientSum;
  update(gradient: Float32Array, learningRate: number): void;
  logits(slices: Float32Array, count: number): Float32Array;
  weights(): Weights;
  state(): TrainerState;
}

/** A worker's own side; `give` hands a result's buffers over instead of copying them. */
export function createTrainingWorker(give: <T>(value: T, buffers: ArrayBuffer[]) => T): TrainingWorker {
  let trainer: Trainer | null = null;
  const ready = () => {
    if (!trainer) throw new Error("a training worker was given work before prepare()");
    return trainer;
  };
  return {
    async prepare(network, settings) {
      const core = await loadCore();
      trainer = placeTrainer(core, network, settings);
      return { build: core.build };
    },
    scalesOf: (labels) => ready().scalesOf(labels),
    gradientsOf(slices, labels, scales) {
      const sum = ready().gradientsOf(slices, labels, scales);
      return give(sum, [sum.gradient.buffer as ArrayBuffer]);
    },
    update: (gradient, learningRate) => ready().update(gradient, learningRate),
    logits(slices, count) {
      const logits = ready().logits(slices, count);
      return give(logits, [logits.buffer as ArrayBuffer]);
    },
    weights: () => ready().weights(),
    state: () => ready().state(),
  };
}
