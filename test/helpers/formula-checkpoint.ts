// The weights of formula-weights.ts under the names of a weights file.
import { formulaEncoder } from "./formula-weights.ts";

/** An encoder-only checkpoint on which the values of test/golden/unet-encoder.json were made. */
export function formulaCheckpoint(baseWidth: number, inChannels: number, activation: "elu" | "relu") {
  const tensors = new Map<string, { shape: number[]; data: Float32Array<ArrayBuffer> }>();
  for (const [level, layers] of formulaEncoder(baseWidth, inChannels).entries()) {
    for (const [i, { weight, bias, ci, co }] of layers.entries()) {
      tensors.set(`encoder.${level}.conv${i + 1}.weight`, { shape: [co, ci, 3, 3], data: weight });
      tensors.set(`encoder.${level}.conv${i + 1}.bias`, { shape: [co], data: bias });
    }
  }
  const metadata: Record<string, string> = { training: "none (a formula, for tests)" };
  return { architecture: { baseWidth, inChannels, classes: 2, activation }, metadata, tensors, parts: "encoder" as const };
}
