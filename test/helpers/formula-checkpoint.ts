// The weights of formula-weights.ts under the names of a weights file.
import { formulaEncoder, formulaTensor } from "./formula-weights.ts";

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

/**
 * A whole network's checkpoint on which the values of test/golden/unet-training.json were made: row i of the parameter table comes from
 * stream i, weights with bound sqrt(6 / fanIn), fanIn the products summed into one output value, biases with bound 0.1. Its encoder is
 * that of `formulaCheckpoint`.
 *
 * @param table  names and shapes, as `parameterTable` gives them
 */
export function formulaUNet(
  architecture: { baseWidth: number; inChannels: number; classes: number; activation: "elu" | "relu" },
  table: readonly { readonly name: string; readonly shape: readonly number[] }[],
) {
  const tensors = new Map<string, { shape: number[]; data: Float32Array<ArrayBuffer> }>();
  for (const [stream, { name, shape }] of table.entries()) {
    const [first, second, KH, KW] = shape as [number, number, number, number];
    const fanIn = name.endsWith(".up.weight") ? first : second * KH * KW;
    const bound = shape.length === 1 ? 0.1 : Math.sqrt(6 / fanIn);
    tensors.set(name, {
      shape: [...shape],
      data: formulaTensor(
        stream,
        shape.reduce((product, length) => product * length, 1),
        bound,
      ),
    });
  }
  const metadata: Record<string, string> = { training: "none (a formula, for tests)" };
  return { architecture, metadata, tensors, parts: "unet" as const };
}
