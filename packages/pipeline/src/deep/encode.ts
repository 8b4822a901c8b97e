// The one place that chooses where the network runs.
import { createEncoder, type Core, type EncoderLayer } from "@islet/core-wasm";
import { createGpuEncoder, probeAdapters, requestGpu, requireAdapters, type Checkpoint } from "@islet/gpu-unet";
import { DeviceError } from "../errors.ts";
import { loadNetworkCore } from "./network-core.ts";
import type { Slices } from "./slices.ts";
import { checkTuning, type Tuning } from "./tuning.ts";

/** What a user may ask for: `auto` takes WebGPU on a hardware adapter and WASM otherwise. */
export type BackendChoice = "auto" | "webgpu" | "wasm";

/** The encoder of a U-Net on one backend. */
export interface SliceEncoder {
  readonly backend: "webgpu" | "wasm";
  /** The adapter or the WASM build, for provenance. */
  readonly device: string;
  /** Length of a slice's vector: 16 x base width. */
  readonly channels: number;
  /** One vector a slice: global average of the bottleneck map after its activation, (N, channels). */
  pooled(slices: Slices): Promise<Float32Array>;
  /** The bottleneck map itself, (N, channels, H / 16, W / 16). */
  bottleneck(slices: Slices): Promise<Float32Array>;
  destroy(): void;
}

/**
 * Which backend a choice means on this machine.
 *
 * @throws DeviceError where WebGPU is asked for by name and there is no adapter
 */
export async function resolveBackend(choice: BackendChoice): Promise<"webgpu" | "wasm"> {
  if (choice === "wasm") return choice;
  if (choice === "webgpu") {
    await requireAdapters();
    return choice;
  }
  const adapters = await probeAdapters().catch(() => []);
  return adapters.some((adapter) => !adapter.isSoftware) ? "webgpu" : "wasm";
}

/**
 * An encoder for slices of height x width.
 *
 * @param batch    slices a GPU dispatch takes at once
 * @param threads  threads that share each slice on WASM; with more than one the network has a core of its own
 * @param tuning   the WebGPU kernels' workgroups, measured on this adapter; without it they are the standard ones
 * @throws DeviceError when WebGPU is asked for and there is no adapter, or the tuning is another adapter's
 * @throws ConfigError when there is a tuning and the backend is WASM
 */
export async function createSliceEncoder(
  core: Core,
  checkpoint: Checkpoint,
  size: { readonly height: number; readonly width: number },
  backend: "webgpu" | "wasm",
  batch = 4,
  threads = 1,
  tuning: Tuning | null = null,
): Promise<SliceEncoder> {
  checkTuning(tuning, backend);
  const channels = checkpoint.architecture.baseWidth * 16;
  if (backend === "webgpu") {
    const gpu = await requestGpu({ allowSoftware: true, tuning });
    const encoder = createGpuEncoder(gpu, checkpoint, { ...size, batch });
    return {
      backend,
      device: gpu.info.description,
      channels,
      pooled: async (slices) => (await encoder.encode(slices.data, slices.count)).pooled,
      bottleneck: (slices) => encoder.bottleneck(slices.data, slices.count),
      destroy() {
        encoder.destroy();
        gpu.destroy();
      },
    };
  }
  const { core: own, end } = threads > 1 ? await loadNetworkCore(threads) : { core, end: () => {} };
  const encoder = createEncoder(own, { ...size, activation: checkpoint.architecture.activation, levels: encoderLevels(checkpoint) });
  return {
    backend,
    device: `wasm (${own.build} SIMD)`,
    channels,
    pooled: async (slices) => encoder.encode(slices.data, slices.count).pooled,
    bottleneck: async (slices) => encoder.bottleneck(slices.data, slices.count),
    destroy: end,
  };
}

/** The encoder's ten convolutions in the order in which they run. */
function encoderLevels({ tensors }: Checkpoint): [EncoderLayer, EncoderLayer][] {
  const layer = (name: string): EncoderLayer => {
    const weight = tensors.get(`${name}.weight`);
    const bias = tensors.get(`${name}.bias`);
    if (!weight || !bias) throw new DeviceError(`weights without ${name}: readWeights should have refused them`);
    return { weight: weight.data, bias: bias.data, co: weight.shape[0]!, ci: weight.shape[1]! };
  };
  return [0, 1, 2, 3, 4].map((level) => [layer(`encoder.${level}.conv1`), layer(`encoder.${level}.conv2`)]);
}
