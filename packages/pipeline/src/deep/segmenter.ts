// The whole network, decoder and head included, on the backend that runs it.
import { createGpuUNet, requestGpu, type Checkpoint } from "@islet/gpu-unet";
import { ConfigError } from "../errors.ts";
import type { Slices } from "./slices.ts";

/** A U-Net that gives every pixel one number a class. */
export interface SliceSegmenter {
  readonly backend: "webgpu" | "wasm";
  /** The adapter, for provenance. */
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
 * @param batch  slices a GPU dispatch takes at once
 * @throws ConfigError where the weights have no decoder, or on a backend that cannot run one
 * @throws DeviceError when WebGPU is asked for and there is no adapter
 */
export async function createSliceSegmenter(
  checkpoint: Checkpoint,
  size: { readonly height: number; readonly width: number },
  backend: "webgpu" | "wasm",
  batch = 4,
): Promise<SliceSegmenter> {
  if (checkpoint.parts !== "unet") {
    throw new ConfigError(
      "weights",
      "they hold an encoder alone, and logits need the decoder and the head too; use weights of a whole network, or ask for the bottleneck or the pooled features",
    );
  }
  if (backend === "wasm") {
    throw new ConfigError(
      "backend",
      "logits need the decoder, which runs on WebGPU and not on WASM; use --backend webgpu (an adapter that computes on the CPU will do, slowly)",
    );
  }
  const gpu = await requestGpu({ allowSoftware: true });
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
