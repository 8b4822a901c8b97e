// The network's weights as the pipeline knows them: read, or drawn from a seed, and always named for what they are.
import { initialiseWeights, readCheckpoint, writeCheckpoint, type Checkpoint, type UNetArchitecture } from "@islet/gpu-unet";
import { ConfigError } from "../errors.ts";
import { cacheKey, sha256 } from "../host/cache.ts";
import type { Json } from "../host/json.ts";
import { randomFor } from "../random.ts";

export type { Checkpoint } from "@islet/gpu-unet";

/** Reads a safetensors file. Throws an IntakeError that names the file where it is not a U-Net of ours. */
export function readWeights(bytes: Uint8Array, file: string): Checkpoint {
  return readCheckpoint(bytes, file);
}

/** The bytes of a safetensors file. */
export function writeWeights(checkpoint: Checkpoint): Uint8Array {
  return writeCheckpoint(checkpoint);
}

/**
 * A network that has seen no image: He-normal weights from a seed.
 *
 * Its features are random projections of the image; they are honest only under that name, so the metadata
 * carries `training: none (seeded initialisation, seed S)` and every output shows it.
 *
 * @param baseWidth  channels of the first level, a whole number >= 1; the bottleneck has 16 times as many
 */
export function seededWeights(baseWidth: number, seed: number, options: Partial<Omit<UNetArchitecture, "baseWidth">> = {}): Checkpoint {
  if (!Number.isInteger(baseWidth) || baseWidth < 1 || baseWidth > 256) {
    throw new ConfigError("base width", `expected a whole number from 1 to 256; got ${baseWidth}`);
  }
  const architecture: UNetArchitecture = { baseWidth, inChannels: 1, classes: 2, activation: "elu", ...options };
  const tensors = initialiseWeights(architecture, randomFor(seed, "unet", baseWidth));
  return { architecture, metadata: { training: `none (seeded initialisation, seed ${seed})`, seed: String(seed) }, tensors, parts: "unet" };
}

/** Weights as a worker is told of them: a file's bytes, or the seed to draw them from. */
export type WeightsSource =
  | { readonly file: string; readonly bytes: Uint8Array }
  | { readonly init: "seeded"; readonly baseWidth: number; readonly seed: number };

/** The network of a source. */
export function loadWeights(source: WeightsSource): Checkpoint {
  return "init" in source ? seededWeights(source.baseWidth, source.seed) : readWeights(source.bytes, source.file);
}

/** What the weights are, in words: for tables, logs and reports. */
export function describeWeights({ architecture, metadata }: Checkpoint): string {
  const training = metadata["training"] ?? "training not recorded in the file";
  return `U-Net, base width ${architecture.baseWidth}, ${architecture.activation}; training: ${training}`;
}

/** How many numbers the weights hold, and each tensor's shape. */
export function parameterSummary({ tensors }: Checkpoint): { parameters: number; tensors: Record<string, number[]> } {
  const shapes: Record<string, number[]> = {};
  let parameters = 0;
  for (const [name, { shape, data }] of tensors) {
    shapes[name] = [...shape];
    parameters += data.length;
  }
  return { parameters, tensors: shapes };
}

/** Identifies a network: the SHA-256 of its file, or of what it is drawn from. */
export async function weightsHash(weights: WeightsSource): Promise<string> {
  return "init" in weights ? cacheKey(weights as unknown as Json) : sha256(weights.bytes);
}
