// The network from the command line on each backend, and what a user is told where there is no WebGPU.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parameterTable, probeAdapters, writeCheckpoint } from "@islet/gpu-unet";
import { generateDemo } from "@islet/pipeline/node";
import { islet } from "../helpers/cli.ts";
import { relativeL2 } from "../helpers/close.ts";
import { softwareVulkanEnvironment, testDevice } from "../helpers/device.ts";
import { formulaCheckpoint, formulaUNet } from "../helpers/formula-checkpoint.ts";
import { formulaSlices } from "../helpers/formula-weights.ts";
import { golden } from "../helpers/golden.ts";

interface GoldenCase {
  readonly baseWidth: number;
  readonly inChannels: number;
  readonly activation: "elu" | "relu";
  readonly shape: readonly [number, number, number, number];
  readonly pooled: number[];
}

/** A float32 array as numpy.save writes it. */
function npy(shape: readonly number[], data: Float32Array): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`.padEnd(117) + "\n";
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00", "latin1"),
    Buffer.from([header.length, 0]),
    Buffer.from(header),
    Buffer.from(data.buffer),
  ]);
}

/** The numbers of an array of numpy.save, version 1. */
async function numbers(file: string): Promise<Float32Array> {
  const bytes = await readFile(file);
  return new Float32Array(new Uint8Array(bytes.subarray(10 + bytes.readUInt16LE(8))).buffer);
}

const adapters = await testDevice(probeAdapters);
const { baseWidth, inChannels, activation, shape, pooled } = golden<{ cases: GoldenCase[] }>("unet-encoder").cases[0]!;

const whole = golden<{ cases: (Omit<GoldenCase, "pooled"> & { logits: number[] })[] }>("unet-training").cases[0]!;

let folder: string;
/** A study of one small network on a small cohort. */
let study: string;
const at = (name: string) => join(folder, name);
const forward = (backend: string, out: string, env: Record<string, string>) => run("w", "x", "pooled", backend, out, env);
const run = (weights: string, input: string, output: string, backend: string, out: string, env: Record<string, string>) =>
  islet(
    `unet forward --weights ${at(weights)}.safetensors --input ${at(input)}.npy -o ${at(out)} --output ${output} --backend ${backend} --json`.split(
      " ",
    ),
    { env },
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-backends-"));
  await writeFile(at("w.safetensors"), writeCheckpoint(formulaCheckpoint(baseWidth, inChannels, activation)));
  await writeFile(at("x.npy"), npy(shape, formulaSlices(shape.reduce((a, b) => a * b))));
  const architecture = { baseWidth: whole.baseWidth, inChannels: whole.inChannels, classes: 2, activation: whole.activation };
  await writeFile(at("whole.safetensors"), writeCheckpoint(formulaUNet(architecture, parameterTable(architecture))));
  await writeFile(at("whole.npy"), npy(whole.shape, formulaSlices(whole.shape.reduce((a, b) => a * b))));
  study = await makeStudy();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function makeStudy(): Promise<string> {
  const demo = await generateDemo(at("cohort"), { seed: 1, patients: 8, signal: 1, format: "nifti" });
  const text = (await readFile(demo.study, "utf8")).replace("inputSize: 256", "inputSize: 16").replace("baseWidth: 16", "baseWidth: 1");
  await writeFile(demo.study, `${text.slice(0, text.indexOf("models:"))}models:\n  - { name: DLR-A, features: [deep.arterial] }\n`);
  return demo.study;
}

describe("islet unet forward", () => {
  test("agrees with PyTorch to 1e-4 on wasm", async () => {
    const result = await forward("wasm", "wasm.npy", {});
    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/"backend": ?"wasm"/) });
    expect(relativeL2(await numbers(at("wasm.npy")), pooled)).toBeLessThan(1e-4);
  });

  test.skipIf(!adapters)("agrees with PyTorch to 1e-4 on webgpu, and the process ends by itself", async () => {
    const result = await forward("webgpu", "webgpu.npy", softwareVulkanEnvironment());
    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/"backend": ?"webgpu"/) });
    expect(relativeL2(await numbers(at("webgpu.npy")), pooled)).toBeLessThan(1e-4);
  });

  test.skipIf(!adapters)("takes wasm for auto where the only adapter computes on the CPU", async () => {
    expect(await forward("auto", "auto.npy", softwareVulkanEnvironment())).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/"backend": ?"wasm"/),
    });
  });

  test.runIf(process.platform === "linux")(
    "ends with 4 and says what to do where webgpu is asked for and there is no adapter; writes nothing",
    async () => {
      const result = await forward("webgpu", "none.npy", { VK_ICD_FILENAMES: at("absent.json"), LD_LIBRARY_PATH: "" });
      expect(result.code).toBe(4);
      expect(result.stderr).toMatch(
        /this machine (offers no WebGPU adapter|has no Vulkan loader .*); use --backend wasm or install a Vulkan driver/,
      );
      expect((await readdir(folder)).filter((name) => name.startsWith("none"))).toEqual([]);
    },
  );

  test.runIf(process.platform === "linux")("tells a tuning without an adapter what it needs, which is no other backend", async () => {
    const result = await islet(["unet", "tune", "-o", at("none.json")], {
      env: { VK_ICD_FILENAMES: at("absent.json"), LD_LIBRARY_PATH: "" },
    });
    expect(result).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/this machine (offers no WebGPU adapter|has no Vulkan loader .*); install a Vulkan driver/),
    });
  });

  test.for(["webgpu", "wasm"])("gives PyTorch's logits to 1e-4 with the weights of a whole network on %s", async (backend, { skip }) => {
    skip(backend === "webgpu" && !adapters);
    const result = await run("whole", "whole", "logits", backend, `logits-${backend}.npy`, softwareVulkanEnvironment());
    const [N, , H, W] = whole.shape;
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({ shape: [N, 2, H, W], backend });
    expect(relativeL2(await numbers(at(`logits-${backend}.npy`)), whole.logits)).toBeLessThan(1e-4);
  });

  test("ends with 2 and names the way out where logits are asked of an encoder alone", async () => {
    expect(await run("w", "x", "logits", "wasm", "no.npy", {})).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /they hold an encoder alone, and logits need the decoder and the head too; use weights of a whole network/,
      ),
    });
    expect(await readdir(folder)).not.toContain("no.npy");
  });

  test.skipIf(!adapters)(
    "tunes a software adapter only when told to; the network and a study take the record with --tuning, on webgpu alone",
    async () => {
      const env = softwareVulkanEnvironment();
      const tune = (...more: string[]) =>
        islet(
          [
            "unet",
            "tune",
            "--base-width",
            "1",
            "--input-size",
            "16",
            "--batch",
            "1",
            "--for",
            "encoder",
            "-o",
            at("tuning.json"),
            "--json",
            ...more,
          ],
          {
            env,
          },
        );
      expect(await tune()).toMatchObject({ code: 4, stderr: expect.stringContaining("its times would say nothing about a GPU") });
      expect(await tune("--software", "--for", "training", "--precision", "f16")).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("a training computes in float32, whatever the adapter"),
      });
      const tuned = await tune("--software");
      expect(tuned.code).toBe(0);
      const { out, ...tuning } = JSON.parse(tuned.stdout) as { out: string; choices: { kernel: string }[] };
      expect(out).toBe(at("tuning.json"));
      expect(tuning).toEqual(JSON.parse(await readFile(at("tuning.json"), "utf8")));
      // Ten convolutions; the first two, both of one channel, are one class.
      expect(tuning.choices.filter(({ kernel }) => kernel === "conv2d-forward")).toHaveLength(9);
      const network = [
        "unet",
        "forward",
        "--weights",
        at("w.safetensors"),
        "--input",
        at("x.npy"),
        "--tuning",
        at("tuning.json"),
        "--json",
      ];
      const result = await islet([...network, "-o", at("tuned.npy"), "--backend", "webgpu"], { env });
      expect(JSON.parse(result.stdout)).toMatchObject({ backend: "webgpu", tuning });
      expect(relativeL2(await numbers(at("tuned.npy")), pooled)).toBeLessThan(1e-4);
      expect(await islet([...network, "-o", at("no.npy"), "--backend", "wasm"], { env })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("the record is for WebGPU, and the network runs on WASM here"),
      });

      // `auto` measures no adapter that computes on the CPU.
      const auto = network.map((flag) => (flag === at("tuning.json") ? "auto" : flag));
      const untuned = await islet([...auto, "-o", at("auto.npy"), "--backend", "webgpu"], { env });
      expect(JSON.parse(untuned.stdout)).toMatchObject({ backend: "webgpu", tuning: null });

      // What a case is found again by, the record included, is told by pipeline/src/study/kept-case.test.ts.
      const run = await islet(["study", "run", study, "-o", at("study"), "--backend", "webgpu", "--tuning", at("tuning.json")], {
        env,
      });
      expect(run).toMatchObject({ code: 0 });
      expect(JSON.parse(await readFile(at("study/provenance.json"), "utf8"))).toMatchObject({ tuning });
    },
    // SwiftShader compiles some hundred pipelines here: a quarter of a minute of a free core, minutes of a busy one.
    300_000,
  );

  test("ends a study with 4 before it makes anything, where webgpu is asked for and there is no adapter", async () => {
    const env = { VK_ICD_FILENAMES: at("absent.json"), LD_LIBRARY_PATH: "" };
    const result = await islet(["study", "run", study, "-o", at("nothing"), "--backend", "webgpu"], { env });
    expect(result.code).toBe(4);
    expect(result.stderr).toMatch(/use --backend wasm or install a Vulkan driver/);
    expect(await readdir(folder)).not.toContain("nothing");
  });
});
