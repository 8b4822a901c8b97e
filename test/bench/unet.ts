// The whole U-Net forward to its logits, beside ONNX Runtime.
import { createUNet } from "@islet/core-wasm";
import { parameterTable, writeOnnx } from "@islet/gpu-unet";
import { formulaUNet } from "../helpers/formula-checkpoint.ts";
import { besideOnnx, SIDE } from "./beside-onnx.ts";

for (const [baseWidth, rounds] of [
  [16, 9],
  [64, 5],
] as const) {
  const architecture = { baseWidth, inChannels: 1, classes: 2, activation: "elu" } as const;
  const checkpoint = formulaUNet(architecture, parameterTable(architecture));
  await besideOnnx({
    name: `whole U-Net, base ${baseWidth},`,
    output: "logits",
    onnx: writeOnnx(checkpoint, { outputs: ["logits"], size: { height: SIDE, width: SIDE } }),
    batch: 4,
    rounds,
    place(core) {
      const network = createUNet(core, { weights: checkpoint.tensors, activation: "elu", height: SIDE, width: SIDE });
      return (slices, count) => network.logits(slices, count);
    },
  });
}
process.exit(0);
