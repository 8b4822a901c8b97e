// The whole network, decoder and head included, on the backend that runs it.
import { createUNet } from "@islet/core-wasm";
import { createGpuUNet, requestGpu, type Checkpoint } from "@islet/gpu-unet";
import { ConfigError } from "../errors.ts";
import { loadNetworkCore } from "./network-core.ts";
import type { Slices } from "./slices.ts";
import { checkTuning, type Tuning } from "./tuning.ts";

/** A U-Net that gives every pixel one number a class. */
export interface SliceSegmenter {
  readonly backend: "webgpu" | "wasm";
  /** The adapter or the WASM build, for provenance. */
  readonly device: string;
  /** Numbers a pixel: background and the labels. */
  readonly classes: number;
  /** The head's numbers before any softmax, (N, classes, H, W). */
  logits(slices: Slices): Promise<Float32Array>;
  destroy(): void;
}

/**
 * A segmenter for slices of height x width.
 *
 * @param batch    slices a GPU dispatch takes at once
 * @param threads  threads that share each slice on WASM
 * @param tuning   as for `createSliceEncoder`
 * @throws ConfigError where the weights have no decoder
 * @throws DeviceError when WebGPU is asked for and there is no adapter
 */
export async function createSliceSegmenter(
  checkpoint: Checkpoint,
  size: { readonly height: number; readonly width: number },
  backend: "webgpu" | "wasm",
  batch = 4,
  threads = 1,
  tuning: Tuning | null = null,
): Promise<SliceSegmenter> {
  checkTuning(tuning, backend);
  if (checkpoint.parts !== "unet") {
    throw new ConfigError(
      "weights",
      "they hold an encoder alone, and logits need the decoder and the head too; use weights of a whole network, or ask for the bottleneck or the pooled features",
    );
  }
  if (backend === "wasm") {
    const { core, end } = await loadNetworkCore(threads);
    const network = createUNet(core, { ...size, weights: checkpoint.tensors, activation: checkpoint.architecture.activation });
    return {
      backend,
      device: `wasm (${core.build} SIMD)`,
      classes: network.classes,
      logits: async (slices) => network.logits(slices.data, slices.count),
      destroy: end,
    };
  }
  const gpu = await requestGpu({ allowSoftware: true, tuning });
  const network = createGpuUNet(gpu, checkpoint, { ...size, batch });
  return {
    backend,
    device: gpu.info.description,
    classes: checkpoint.architecture.classes,
    logits: (slices) => network.logits(slices.data, slices.count),
    destroy() {
      network.destroy();
      gpu.destroy();
    },
  };
}
