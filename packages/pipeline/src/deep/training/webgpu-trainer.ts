// A network in training on a WebGPU adapter.
import { createGpuTrainer, requestGpu } from "@islet/gpu-unet";
import type { TrainerMaker } from "./slice-trainer.ts";

/**
 * A trainer on a WebGPU adapter.
 *
 * @throws DeviceError where there is none
 */
export const createWebGpuTrainer: TrainerMaker = async (checkpoint, { size, batch, optimiser, classWeights, loss, state }) => {
  const gpu = await requestGpu({ allowSoftware: true });
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
