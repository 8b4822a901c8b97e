// The segmenter that a command asks for, on all threads of the machine.
import type { Checkpoint } from "@islet/gpu-unet";
import { resolveBackend, type BackendChoice } from "./encode.ts";
import { threadsOfMachine } from "./network-core.ts";
import { createSliceSegmenter, type SliceSegmenter } from "./segmenter.ts";
import { tuningNamed } from "./tuning-named.node.ts";
import type { Tuning } from "./tuning.ts";

/** Where a command wants its network to run. */
export interface WantedBackend {
  readonly backend: BackendChoice;
  /** A record of `islet unet tune`, a file; `auto`; or absent for the standard workgroups. */
  readonly tuning?: string;
}

/**
 * A segmenter for square slices of inputSize pixels a side, with the tuning that its kernels take.
 *
 * @throws ConfigError where the weights have no decoder, or a file is named for a tuning and the network runs on WASM
 * @throws DeviceError where WebGPU is asked for and there is no adapter, or the tuning is another adapter's
 */
export async function openSegmenter(
  checkpoint: Checkpoint,
  inputSize: number,
  wanted: WantedBackend,
): Promise<{ segmenter: SliceSegmenter; tuning: Tuning | null }> {
  const backend = await resolveBackend(wanted.backend);
  const network = { architecture: checkpoint.architecture, inputSize, use: "inference" } as const;
  const tuning = await tuningNamed(wanted.tuning, backend, () => network);
  const size = { height: inputSize, width: inputSize };
  return { segmenter: await createSliceSegmenter(checkpoint, size, backend, undefined, threadsOfMachine(), tuning), tuning };
}
