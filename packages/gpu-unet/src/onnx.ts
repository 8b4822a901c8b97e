// A network as an ONNX file: the layers of unet.ts, one node each, and the weights as float32 initializers.
//
// Field numbers are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). IR version 8 and operator set 17 are read by
// every ONNX Runtime since 1.12; Conv, ConvTranspose, MaxPool, GlobalAveragePool, Concat, Flatten, Elu and Relu have meant the same in
// every set since.
import type { Checkpoint } from "./checkpoint.ts";
import { ShapeError } from "./errors.ts";
import { bytesField, joined, messageField, textField, wholeField } from "./protobuf.ts";
import type { Fields } from "./protobuf.ts";
import type { StoredTensor } from "./safetensors.ts";
import { BOTTLENECK, encoderForward, LOGITS, STRIDE, unetForward, widthOf } from "./unet.ts";
import type { EncoderLayer, UNetLayer } from "./unet.ts";

/** The arrays that an ONNX model can give, as `unet forward --output` names them. */
export type OnnxOutput = "pooled" | "bottleneck" | "logits";

/** What is exported. */
export interface OnnxOptions {
  /** Pooled vectors and the bottleneck need the encoder alone; logits need a whole network. At least one. */
  readonly outputs: readonly OnnxOutput[];
  /** Pixels of a slice, multiples of 16; free where they are not given. The number of slices is always free. */
  readonly size?: { readonly height: number; readonly width: number };
}

/** A protobuf message has at most this many bytes. */
const LARGEST_MODEL = 2 ** 31 - 1;
const IR_VERSION = 8;
const OPERATOR_SET = 17;
/** TensorProto.DataType */
const FLOAT = 1;
/** AttributeProto.AttributeType */
const INT = 2;
const INTS = 7;

/** Names of the maps inside the model, by the names of its outputs. */
const MAPS: Readonly<Record<OnnxOutput, string>> = { pooled: "pooled", bottleneck: BOTTLENECK, logits: LOGITS };

/**
 * An ONNX model of a network or of its encoder.
 *
 * Input `slices`, f32 (N, inChannels, H, W); outputs `pooled` (N, C), `bottleneck` (N, C, H/16, W/16), C = 16 x base width, and `logits`
 * (N, classes, H, W), before any softmax. The weights keep their names; the checkpoint's architecture and metadata are in the model's
 * `metadata_props`.
 *
 * @throws ShapeError where no output is asked for, logits are asked of an encoder, the size is no multiple of 16, or the file would exceed 2 GiB
 */
export function writeOnnx(checkpoint: Checkpoint, { outputs, size }: OnnxOptions): Uint8Array<ArrayBuffer> {
  const { architecture, metadata, tensors } = checkpoint;
  check(checkpoint, { outputs, ...(size && { size }) });
  const isWhole = outputs.includes("logits");
  const layers = layersFor(outputs);
  const renamed = new Map<string, string>([["input", "slices"], ...outputs.map((output) => [MAPS[output], output] as const)]);
  const nodes = nodesOf(layers, architecture.activation, (name) => renamed.get(name) ?? name);
  const used = layers.flatMap((layer) => ("weight" in layer ? [layer.weight, layer.bias] : []));

  const channels = widthOf(architecture, 4);
  const [H, W] = size ? [size.height, size.width] : ["height", "width"];
  const [h, w] = size ? [size.height / STRIDE, size.width / STRIDE] : ["height / 16", "width / 16"];
  const shapes: Record<OnnxOutput, Dimensions> = {
    pooled: ["N", channels],
    bottleneck: ["N", channels, h, w],
    logits: ["N", architecture.classes, H, W],
  };
  const graph = [
    ...nodes.flat(),
    ...textField(2, isWhole ? "U-Net" : "U-Net encoder"),
    ...used.flatMap((name) => initializer(name, tensors.get(name)!)),
    ...valueInfo(11, "slices", ["N", architecture.inChannels, H, W]),
    ...outputs.flatMap((output) => valueInfo(12, output, shapes[output])),
  ];
  const properties = { ...metadata, ...Object.fromEntries(Object.entries(architecture).map(([key, value]) => [key, String(value)])) };
  return joined([
    ...wholeField(1, IR_VERSION),
    ...textField(2, "Islet"),
    ...messageField(7, graph),
    ...messageField(8, wholeField(2, OPERATOR_SET)),
    ...Object.entries(properties).flatMap(([key, value]) => messageField(14, [...textField(1, key), ...textField(2, value)])),
  ]);
}

type Layer = EncoderLayer | UNetLayer;
type Dimensions = readonly (number | string)[];

/** The layers that the outputs need, in the order of the forward pass. */
function layersFor(outputs: readonly OnnxOutput[]): Layer[] {
  const encoder: Layer[] = encoderForward();
  const pooling = encoder.filter(({ op }) => op === "globalAveragePool");
  const others = outputs.includes("logits") ? unetForward() : encoder.filter(({ op }) => op !== "globalAveragePool");
  return outputs.includes("pooled") ? [...others, ...pooling] : others;
}

/** One NodeProto or two a layer. A map that an activation changes in place gets a name of its own before it. */
function nodesOf(layers: readonly Layer[], activation: "elu" | "relu", named: (map: string) => string): Fields[] {
  const isActivated = new Set(layers.flatMap((layer) => (layer.op === "activation" ? [layer.x] : [])));
  const twins = new Map(layers.flatMap((layer) => (layer.op === "fork" ? [[layer.y, layer.x] as const] : [])));
  const read = (map: string) => named(twins.get(map) ?? map);
  const linear = (map: string) => (isActivated.has(map) ? `${map}.linear` : named(map));
  return layers.flatMap((layer): Fields[] => {
    switch (layer.op) {
      case "conv2d": {
        const isHead = layer.weight === "head.weight";
        const attributes = isHead ? { kernel_shape: [1, 1] } : { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
        return [node("Conv", [read(layer.x), layer.weight, layer.bias], linear(layer.y), attributes)];
      }
      case "convTranspose2d":
        return [
          node("ConvTranspose", [read(layer.x), layer.weight, layer.bias], named(layer.y), { kernel_shape: [2, 2], strides: [2, 2] }),
        ];
      case "activation":
        return [node(activation === "elu" ? "Elu" : "Relu", [linear(layer.x)], named(layer.x))];
      case "maxPool2d":
        return [node("MaxPool", [read(layer.x)], named(layer.y), { kernel_shape: [2, 2], strides: [2, 2] })];
      case "globalAveragePool":
        return [
          node("GlobalAveragePool", [read(layer.x)], `${layer.y}.map`),
          node("Flatten", [`${layer.y}.map`], named(layer.y), { axis: 1 }),
        ];
      case "concatenate":
        return [node("Concat", [read(layer.a), read(layer.b)], named(layer.y), { axis: 1 })];
      case "fork":
        return [];
    }
  });
}

/** NodeProto, in GraphProto.node, named after its result. */
function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number | readonly number[]>> = {},
): Fields {
  return messageField(1, [
    ...inputs.flatMap((name) => textField(1, name)),
    ...textField(2, output),
    ...textField(3, output),
    ...textField(4, operator),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      messageField(5, [
        ...textField(1, name),
        ...(typeof value === "number"
          ? [...wholeField(3, value), ...wholeField(20, INT)]
          : [...value.flatMap((v) => wholeField(8, v)), ...wholeField(20, INTS)]),
      ]),
    ),
  ]);
}

/** TensorProto, in GraphProto.initializer; raw_data is little-endian, as every engine's typed arrays that we run on. */
function initializer(name: string, { shape, data }: StoredTensor): Fields {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return messageField(5, [
    ...shape.flatMap((d) => wholeField(1, d)),
    ...wholeField(2, FLOAT),
    ...textField(8, name),
    ...bytesField(9, raw),
  ]);
}

/** ValueInfoProto of a float32 array, in GraphProto.input (11) or output (12); a string names a free dimension. */
function valueInfo(field: number, name: string, dimensions: Dimensions): Fields {
  const shape = dimensions.flatMap((d) => messageField(1, typeof d === "number" ? wholeField(1, d) : textField(2, d)));
  return messageField(field, [
    ...textField(1, name),
    ...messageField(2, messageField(1, [...wholeField(1, FLOAT), ...messageField(2, shape)])),
  ]);
}

function check({ parts, tensors }: Checkpoint, { outputs, size }: OnnxOptions): void {
  if (outputs.length === 0) throw new ShapeError("onnx: the model would have no output; name pooled, bottleneck or logits");
  if (outputs.includes("logits") && parts !== "unet")
    throw new ShapeError(
      "onnx: logits need the decoder and the head, and these weights hold an encoder alone; export its pooled vector or bottleneck",
    );
  if (size && ![size.height, size.width].every((n) => Number.isInteger(n) && n > 0 && n % STRIDE === 0))
    throw new ShapeError(`onnx: height and width must be positive multiples of ${STRIDE}; they are ${size.height} x ${size.width}`);
  let bytes = 0;
  for (const { data } of tensors.values()) bytes += data.byteLength;
  if (bytes > LARGEST_MODEL - 2 ** 20)
    throw new ShapeError(
      `onnx: the weights take ${(bytes / 2 ** 30).toFixed(2)} GiB, and an ONNX file in one piece holds 2 GiB; export a narrower network`,
    );
}
