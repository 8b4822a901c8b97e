// Networks that leave Islet as ONNX, run by ONNX Runtime on the CPU.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encoderOf, parameterTable, readCheckpoint, writeCheckpoint, writeOnnx } from "@islet/gpu-unet";
import type { OnnxOptions } from "@islet/gpu-unet";
import { createEncoder, createUNet, loadCore } from "@islet/core-wasm";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { islet } from "../helpers/cli.ts";
import { relativeL2 } from "../helpers/close.ts";
import { formulaUNet } from "../helpers/formula-checkpoint.ts";
import { formulaEncoder, formulaSlices } from "../helpers/formula-weights.ts";
import { golden } from "../helpers/golden.ts";

interface Case {
  readonly baseWidth: number;
  readonly inChannels: number;
  readonly activation: "elu" | "relu";
  readonly shape: readonly [number, number, number, number];
  readonly logits: number[];
  readonly pooled: number[];
  readonly bottleneck: number[];
}

/** Two f32 runs of 23 layers whose sums go in another order; PyTorch's own float32 run is up to 6.4e-7 away from its float64 run. */
const F32 = 3e-6;

const trained = golden<{ cases: Case[] }>("unet-training").cases;
const encoded = golden<{ cases: Case[] }>("unet-encoder").cases;

const networkOf = (baseWidth: number, inChannels: number, activation: "elu" | "relu") => {
  const architecture = { baseWidth, inChannels, classes: 2, activation };
  return formulaUNet(architecture, parameterTable(architecture));
};

/** Runs a model with ONNX Runtime and gives its outputs by name. */
async function run(model: Uint8Array, shape: readonly number[], slices: Float32Array) {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  try {
    return await session.run({ slices: new Tensor("float32", slices, shape) });
  } finally {
    await session.release();
  }
}

describe("an ONNX export", () => {
  test.each(trained)(
    "has PyTorch's logits in ONNX Runtime: $activation, (N,CI,H,W) = $shape",
    async ({ baseWidth, inChannels, activation, shape, logits }) => {
      const model = writeOnnx(networkOf(baseWidth, inChannels, activation), { outputs: ["logits"] });
      const got = (await run(model, shape, formulaSlices(shape.reduce((a, b) => a * b))))["logits"]!;
      expect(got.dims).toEqual([shape[0], 2, shape[2], shape[3]]);
      expect(relativeL2(got.data as Float32Array, logits)).toBeLessThan(F32);
    },
  );

  test.each(encoded)(
    "of the encoder has PyTorch's pooled vectors and bottleneck: base $baseWidth, $activation, (N,CI,H,W) = $shape",
    async ({ baseWidth, inChannels, activation, shape, pooled, bottleneck }) => {
      const model = writeOnnx(encoderOf(networkOf(baseWidth, inChannels, activation)), { outputs: ["pooled", "bottleneck"] });
      const got = await run(model, shape, formulaSlices(shape.reduce((a, b) => a * b)));
      expect(got["pooled"]!.dims).toEqual([shape[0], baseWidth * 16]);
      expect(relativeL2(got["pooled"]!.data as Float32Array, pooled)).toBeLessThan(F32);
      expect(relativeL2(got["bottleneck"]!.data as Float32Array, bottleneck)).toBeLessThan(F32);
    },
  );

  test("gives all three outputs of one network at once, for slices of any number and size unless the size is fixed", async () => {
    const network = networkOf(2, 1, "elu");
    const outputs = ["logits", "bottleneck", "pooled"] as const;
    const free = writeOnnx(network, { outputs });
    const fixed = writeOnnx(network, { outputs, size: { height: 32, width: 16 } });
    for (const [n, h, w] of [
      [1, 16, 48],
      [3, 32, 16],
    ] as const) {
      const got = await run(free, [n, 1, h, w], formulaSlices(n * h * w));
      expect(got["logits"]!.dims).toEqual([n, 2, h, w]);
      expect(got["bottleneck"]!.dims).toEqual([n, 32, h / 16, w / 16]);
      expect(got["pooled"]!.dims).toEqual([n, 32]);
    }
    expect((await run(fixed, [2, 1, 32, 16], formulaSlices(2 * 512)))["logits"]!.dims).toEqual([2, 2, 32, 16]);
    await expect(run(fixed, [1, 1, 16, 16], formulaSlices(256))).rejects.toThrow(/Got: 16 Expected: 32/);
  });

  test("agrees with our encoder on a slice of 256 x 256 at base width 16", async () => {
    const spec = { levels: formulaEncoder(16, 1), activation: "elu", height: 256, width: 256 } as const;
    const slices = formulaSlices(2 * 65536);
    const ours = createEncoder(await loadCore(), spec).encode(slices, 2).pooled;
    const theirs = await run(writeOnnx(networkOf(16, 1, "elu"), { outputs: ["pooled"] }), [2, 1, 256, 256], slices);
    expect(relativeL2(ours, theirs["pooled"]!.data as Float32Array)).toBeLessThan(F32);
  });

  test("agrees with our whole network on the CPU, logits of 3 channels and ReLU", async () => {
    const network = networkOf(4, 3, "relu");
    const slices = formulaSlices(2 * 3 * 48 * 64);
    const ours = createUNet(await loadCore(), { weights: network.tensors, activation: "relu", height: 48, width: 64 }).logits(slices, 2);
    const theirs = await run(writeOnnx(network, { outputs: ["logits"] }), [2, 3, 48, 64], slices);
    expect(relativeL2(ours, theirs["logits"]!.data as Float32Array)).toBeLessThan(F32);
  });

  test.each<[string, "unet" | "encoder", OnnxOptions]>([
    ["no output", "unet", { outputs: [] }],
    ["logits need the decoder", "encoder", { outputs: ["logits"] }],
    ["multiples of 16; they are 20 x 16", "unet", { outputs: ["logits"], size: { height: 20, width: 16 } }],
  ])("is refused with a sentence: %s", (sentence, part, options) => {
    const network = networkOf(1, 1, "elu");
    expect(() => writeOnnx(part === "encoder" ? encoderOf(network) : network, options)).toThrow(sentence);
  });
});

describe("islet unet export", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "islet-export-"));
    await writeFile(at("w.safetensors"), writeCheckpoint(networkOf(2, 3, "relu")));
    await writeFile(at("encoder.safetensors"), writeCheckpoint(encoderOf(networkOf(2, 3, "relu"))));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("writes the whole network as ONNX unless the encoder is asked for", async () => {
    const [slices, shape] = [formulaSlices(3 * 256), [1, 3, 16, 16]];
    const { code, stdout } = await islet(["unet", "export", at("w.safetensors"), "-o", at("w.onnx"), "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ format: "onnx", part: "unet", precision: "float32" });
    expect(Object.keys(await run(await readFile(at("w.onnx")), shape, slices))).toEqual(["logits"]);
    await islet(["unet", "export", at("w.safetensors"), "-o", at("e.onnx"), "--part", "encoder", "--input-size", "16"]);
    expect(Object.keys(await run(await readFile(at("e.onnx")), shape, slices)).toSorted()).toEqual(["bottleneck", "pooled"]);
  });

  test("writes safetensors of the encoder in float16: half the size, values within 2^-11 of the weights'", async () => {
    const { code } = await islet([
      "unet",
      "export",
      at("w.safetensors"),
      "-o",
      at("h.safetensors"),
      "--part",
      "encoder",
      "--precision",
      "float16",
    ]);
    expect(code).toBe(0);
    const [small, large] = await Promise.all(["h.safetensors", "encoder.safetensors"].map((name) => readFile(at(name))));
    expect(small!.length).toBeLessThan(0.6 * large!.length);
    const { parts, tensors, architecture } = readCheckpoint(small!, "h");
    expect({ parts, architecture }).toEqual({
      parts: "encoder",
      architecture: { baseWidth: 2, inChannels: 3, classes: 2, activation: "relu" },
    });
    for (const [name, { data }] of readCheckpoint(large!, "e").tensors) {
      data.forEach((value, i) =>
        expect(Math.abs(tensors.get(name)!.data[i]! - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -11 + 2 ** -25),
      );
    }
  });

  test.each([
    ["the decoder of an encoder", ["encoder.safetensors", "-o", "x.onnx", "--part", "unet"], 2, "part: the weights hold an encoder alone"],
    ["float16 in ONNX", ["w.safetensors", "-o", "x.onnx", "--precision", "float16"], 2, "export .safetensors for float16"],
    ["another format", ["w.safetensors", "-o", "x.pt"], 2, 'ends in .onnx or .safetensors; got "'],
    ["a size that cannot be halved four times", ["w.safetensors", "-o", "x.onnx", "--input-size", "100"], 2, "multiple of 16; got 100"],
  ])("refuses %s", async (_, [weights, o, out, ...rest], exit, sentence) => {
    const { code, stderr } = await islet(["unet", "export", at(weights!), o!, at(out!), ...rest]);
    expect(code).toBe(exit);
    expect(stderr).toContain(sentence);
  });
});
