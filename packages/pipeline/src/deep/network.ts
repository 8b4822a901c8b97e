// The bare network on an array, to check that weights from elsewhere do here what they did there.
import { loadCore } from "@islet/core-wasm";
import { IntakeError } from "../errors.ts";
import type { NpyArray } from "../intake/npy.ts";
import { createSliceEncoder, resolveBackend, type BackendChoice } from "./encode.ts";
import type { Checkpoint } from "./weights.ts";

/** Which of the encoder's arrays is wanted. */
export type NetworkOutput = "pooled" | "bottleneck";

/** An output with the machine that made it. */
export interface NetworkResult {
  readonly array: NpyArray;
  readonly backend: "webgpu" | "wasm";
  readonly device: string;
}

/**
 * Runs the encoder on slices as they are: no window, no resampling.
 *
 * @param input  (N, C, H, W) with C the network's input channels, H and W multiples of 16
 * @param file   what messages call the input
 * @returns pooled (N, 16 x base width), or the bottleneck map (N, 16 x base width, H / 16, W / 16)
 * @throws IntakeError when the array does not fit the network
 */
export async function runNetwork(
  checkpoint: Checkpoint,
  input: NpyArray,
  file: string,
  output: NetworkOutput,
  choice: BackendChoice,
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
  const encoder = await createSliceEncoder(await loadCore(), checkpoint, { height, width }, backend, Math.min(count, 4));
  try {
    const slices = { count, height, width, data: input.data };
    const array =
      output === "pooled"
        ? { shape: [count, baseWidth * 16], data: await encoder.pooled(slices) }
        : { shape: [count, baseWidth * 16, height / 16, width / 16], data: await encoder.bottleneck(slices) };
    return { array, backend, device: encoder.device };
  } finally {
    encoder.destroy();
  }
}
