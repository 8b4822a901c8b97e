// A network in training on a WebGPU adapter.
import { createGpuTrainer, requestGpu } from "@islet/gpu-unet";
import type { Tuning } from "../tuning.ts";
import type { TrainerMaker } from "./slice-trainer.ts";

/**
 * Trainers on a WebGPU adapter, whose kernels take a tuning's workgroups, or the standard ones. Making one throws a DeviceError where there is no
 * adapter, or the tuning is another's.
 */
export const webGpuTrainer =
  (tuning: Tuning | null): TrainerMaker =>
  async (checkpoint, { size, batch, optimiser, classWeights, loss, state }) => {
    const gpu = await requestGpu({ allowSoftware: true, tuning });
    const trainer = createGpuTrainer(gpu, checkpoint, {
      height: size,
      width: size,
      batch,
      optimiser,
      classWeights,
      loss,
      learningRate: 0,
      ...(state && { state }),
    });
    return {
      backend: "webgpu",
      device: gpu.info.description,
      step: (slices, labels, learningRate) => trainer.step(slices, labels, { learningRate }),
      logits: (slices, count) => trainer.logits(slices, count),
      weights: () => trainer.weights(),
      state: () => trainer.state(),
      destroy() {
        trainer.destroy();
        gpu.destroy();
      },
    };
  };
