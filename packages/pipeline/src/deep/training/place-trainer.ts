// A checkpoint and settings as the CPU's trainer takes them.
import { createTrainer, type Core, type Trainer } from "@islet/core-wasm";
import type { Checkpoint } from "@islet/gpu-unet";
import type { SliceTrainerSettings } from "./slice-trainer.ts";

/** Places a network in a core's memory to be trained; it stays there as long as the core lives. */
export function placeTrainer(
  core: Core,
  { architecture, tensors }: Pick<Checkpoint, "architecture" | "tensors">,
  { size, batch, optimiser, classWeights, state }: SliceTrainerSettings,
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
    ...(state && { state }),
  });
}
