// The bare network on an array, to check that weights from elsewhere do here what they did there.
import { loadCore } from "@islet/core-wasm";
import { IntakeError } from "../errors.ts";
import type { NpyArray } from "../intake/npy.ts";
import { createSliceEncoder, resolveBackend, type BackendChoice } from "./encode.ts";
import { threadsOfMachine } from "./network-core.ts";
import { createSliceSegmenter } from "./segmenter.ts";
import type { Tuning } from "./tuning.ts";
import type { Checkpoint } from "./weights.ts";

/** Which of the network's arrays is wanted: the first two need the encoder alone. */
export type NetworkOutput = "pooled" | "bottleneck" | "logits";

/** An output with the machine that made it. */
export interface NetworkResult {
  readonly array: NpyArray;
  readonly backend: "webgpu" | "wasm";
  readonly device: string;
  /** The record whose blocks the kernels took; null for the standard ones. */
  readonly tuning: Tuning | null;
}

/**
 * Runs the network on slices as they are: no window, no resampling.
 *
 * @param input  (N, C, H, W) with C the network's input channels, H and W multiples of 16
 * @param file   what messages call the input
 * @returns pooled (N, 16 x base width), the bottleneck map (N, 16 x base width, H / 16, W / 16), or logits (N, classes, H, W)
 * @throws IntakeError when the array does not fit the network
 * @throws ConfigError when logits are asked for and the weights have no decoder
 */
export async function runNetwork(
  checkpoint: Checkpoint,
  input: NpyArray,
  file: string,
  output: NetworkOutput,
  choice: BackendChoice,
  tuning: Tuning | null = null,
): Promise<NetworkResult> {
  const { inChannels, baseWidth } = checkpoint.architecture;
  const [count, channels, height, width] = input.shape;
  if (input.shape.length !== 4 || channels !== inChannels || height! % 16 || width! % 16 || !count || !height || !width) {
    throw new IntakeError(
      file,
      `has shape ${input.shape.join(" x ")}; the network takes (N, ${inChannels}, H, W) with H and W multiples of 16`,
    );
  }
  const backend = await resolveBackend(choice);
  const [slices, batch] = [{ count, height, width, data: input.data }, Math.min(count, 4)];
  if (output === "logits") {
    const segmenter = await createSliceSegmenter(checkpoint, { height, width }, backend, batch, threadsOfMachine(), tuning);
    try {
      const array = { shape: [count, segmenter.classes, height, width], data: await segmenter.logits(slices) };
      return { array, backend, device: segmenter.device, tuning };
    } finally {
      segmenter.destroy();
    }
  }
  const encoder = await createSliceEncoder(await loadCore(), checkpoint, { height, width }, backend, batch, threadsOfMachine(), tuning);
  try {
    const array =
      output === "pooled"
        ? { shape: [count, baseWidth * 16], data: await encoder.pooled(slices) }
        : { shape: [count, baseWidth * 16, height / 16, width / 16], data: await encoder.bottleneck(slices) };
    return { array, backend, device: encoder.device, tuning };
  } finally {
    encoder.destroy();
  }
}
