// Weights for other programs: an ONNX model, or safetensors of the wanted part and precision.
import { encoderOf, writeCheckpoint, writeOnnx, type Checkpoint } from "@islet/gpu-unet";
import { ConfigError } from "../errors.ts";

/** What `islet unet export` is asked. */
export interface ExportOptions {
  readonly format: "onnx" | "safetensors";
  /** The encoder gives features; only the whole network segments. */
  readonly part: "encoder" | "unet";
  /** How the weights are stored; ONNX models are float32. */
  readonly precision: "float32" | "float16";
  /** Pixels of a slice's side, fixed in the ONNX model; free where it is not given. */
  readonly inputSize?: number;
}

/**
 * The bytes of an exported network.
 *
 * An ONNX model takes `slices` (N, inChannels, H, W) and gives `pooled` and `bottleneck`, or `logits` where the whole network is exported.
 *
 * @throws ConfigError where the weights lack the part, or the options do not go together
 */
export function exportWeights(checkpoint: Checkpoint, { format, part, precision, inputSize }: ExportOptions): Uint8Array {
  if (part === "unet" && checkpoint.parts === "encoder") {
    throw new ConfigError("part", "the weights hold an encoder alone; export the encoder, or use weights of a whole network");
  }
  if (format === "safetensors") {
    if (inputSize !== undefined) throw new ConfigError("input size", "safetensors hold weights for any size; leave it out, or export ONNX");
    return writeCheckpoint(part === "encoder" ? encoderOf(checkpoint) : checkpoint, precision === "float16" ? "F16" : "F32");
  }
  if (precision === "float16") {
    throw new ConfigError("precision", "ONNX models are written as float32; export .safetensors for float16");
  }
  if (inputSize !== undefined && (inputSize < 16 || inputSize % 16)) {
    throw new ConfigError("input size", `expected a multiple of 16; got ${inputSize}`);
  }
  return writeOnnx(checkpoint, {
    outputs: part === "encoder" ? ["pooled", "bottleneck"] : ["logits"],
    ...(inputSize !== undefined && { size: { height: inputSize, width: inputSize } }),
  });
}
