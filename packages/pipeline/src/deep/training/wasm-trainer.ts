// A network in training in WASM memory.
import { createTrainer, loadCore, type Core, type Trainer } from "@islet/core-wasm";
import type { Checkpoint } from "@islet/gpu-unet";
import type { SliceTrainerSettings, TrainerMaker } from "./slice-trainer.ts";

/** Places a network in a core's memory to be trained; it stays there as long as the core lives. */
export function placeTrainer(
  core: Core,
  { architecture, tensors }: Pick<Checkpoint, "architecture" | "tensors">,
  { size, batch, optimiser, classWeights, loss, state }: SliceTrainerSettings,
): Trainer {
  return createTrainer(core, {
    weights: tensors,
    activation: architecture.activation,
    height: size,
    width: size,
    batch,
    learningRate: 0,
    optimiser,
    classWeights,
    loss,
    ...(state && { state }),
  });
}

/** A trainer in this thread's own WASM memory, which blocks it during each step; the same bits as on any number of threads. */
export const createWasmTrainer: TrainerMaker = async (checkpoint, settings) => {
  const core = await loadCore();
  const trainer = placeTrainer(core, checkpoint, settings);
  return {
    backend: "wasm",
    device: `wasm (${core.build} SIMD)`,
    step: async (slices, labels, learningRate) => trainer.step(slices, labels, { learningRate }),
    logits: async (slices, count) => trainer.logits(slices, count),
    weights: async () => trainer.weights(),
    state: async () => trainer.state(),
    destroy: () => {},
  };
};
