// The U-Net encoder to its pooled vector, beside ONNX Runtime.
import { createEncoder } from "@islet/core-wasm";
import { writeOnnx } from "@islet/gpu-unet";
import { formulaCheckpoint } from "../helpers/formula-checkpoint.ts";
import { formulaEncoder } from "../helpers/formula-weights.ts";
import { besideOnnx, SIDE } from "./beside-onnx.ts";

for (const [baseWidth, rounds] of [
  [16, 15],
  [32, 11],
  [64, 11],
] as const) {
  const levels = formulaEncoder(baseWidth, 1);
  await besideOnnx({
    name: `encoder, base ${baseWidth},`,
    output: "pooled vectors",
    onnx: writeOnnx(formulaCheckpoint(baseWidth, 1, "elu"), { outputs: ["pooled"], size: { height: SIDE, width: SIDE } }),
    batch: 6,
    rounds,
    place(core) {
      const encoder = createEncoder(core, { levels, activation: "elu", height: SIDE, width: SIDE });
      return (slices, count) => encoder.encode(slices, count).pooled;
    },
  });
}
process.exit(0);
