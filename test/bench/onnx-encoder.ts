// The encoder as an ONNX file, for the peers of the bench: Conv, Elu or Relu, MaxPool, GlobalAveragePool and float32 initializers.
// Field numbers are those of onnx.proto (ONNX 1.14, IR version 8, operator set 17).
import type { EncoderSpec } from "@islet/core-wasm";

/** Bytes of a protobuf message, in pieces. */
type Message = readonly Uint8Array[];

const VARINT = 0;
const BYTES = 2;
const FLOAT = 1;

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}

const number = (field: number, value: number): Message => [varint(field * 8 + VARINT), varint(value)];
const text = (field: number, value: string): Message => message(field, [new TextEncoder().encode(value)]);
function message(field: number, content: Message): Message {
  return [varint(field * 8 + BYTES), varint(content.reduce((sum, part) => sum + part.length, 0)), ...content];
}

function concat(parts: Message): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** NodeProto, in GraphProto.node; attributes are lists of integers. */
function node(op: string, inputs: readonly string[], output: string, attributes: Record<string, readonly number[]> = {}): Message {
  const INTS = 7;
  return message(1, [
    ...inputs.flatMap((name) => text(1, name)),
    ...text(2, output),
    ...text(4, op),
    ...Object.entries(attributes).flatMap(([name, values]) =>
      message(5, [...text(1, name), ...values.flatMap((value) => number(8, value)), ...number(20, INTS)]),
    ),
  ]);
}

/** TensorProto, in GraphProto.initializer. */
function initializer(name: string, dims: readonly number[], data: Float32Array): Message {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message(5, [...dims.flatMap((d) => number(1, d)), ...number(2, FLOAT), ...text(8, name), ...message(9, [raw])]);
}

/** ValueInfoProto of a float32 array, in GraphProto.input (11) or output (12); a string is a free dimension. */
function valueInfo(field: number, name: string, dims: readonly (number | string)[]): Message {
  const shape = dims.flatMap((d) => message(1, typeof d === "number" ? number(1, d) : text(2, d)));
  return message(field, [...text(1, name), ...message(2, message(1, [...number(1, FLOAT), ...message(2, shape)]))]);
}

/** An ONNX model from "slices" (N,CI,H,W) to "pooled" (N,C,1,1) with the specification's weights. */
export function onnxEncoder({ levels, activation, height, width }: EncoderSpec): Uint8Array<ArrayBuffer> {
  const graph: Uint8Array[] = [];
  let x = "slices";
  const push = (op: string, inputs: readonly string[], output: string, attributes?: Record<string, readonly number[]>) => {
    graph.push(...node(op, [x, ...inputs], output, attributes));
    x = output;
  };
  levels.forEach((layers, level) => {
    layers.forEach(({ weight, bias, ci, co }, i) => {
      const name = `encoder.${level}.conv${i + 1}`;
      graph.push(...initializer(`${name}.weight`, [co, ci, 3, 3], weight), ...initializer(`${name}.bias`, [co], bias));
      push("Conv", [`${name}.weight`, `${name}.bias`], `${name}.linear`, { pads: [1, 1, 1, 1], kernel_shape: [3, 3] });
      push(activation === "elu" ? "Elu" : "Relu", [], name);
    });
    if (level < levels.length - 1) push("MaxPool", [], `encoder.${level}.pooled`, { kernel_shape: [2, 2], strides: [2, 2] });
  });
  push("GlobalAveragePool", [], "pooled");
  const channels = levels.at(-1)![1].co;
  graph.push(
    ...text(2, "encoder"),
    ...valueInfo(11, "slices", ["N", levels[0]![0].ci, height, width]),
    ...valueInfo(12, "pooled", ["N", channels, 1, 1]),
  );
  return concat([...number(1, 8), ...message(7, graph), ...message(8, number(2, 17))]);
}
