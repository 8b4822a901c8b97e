// Half precision: who may have it, what it is checked against, and what it never does in silence.
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { relativeL2 } from "../../../test/helpers/close.ts";
import { testDevice } from "../../../test/helpers/device.ts";
import { formulaUNet } from "../../../test/helpers/formula-checkpoint.ts";
import { formulaSlices } from "../../../test/helpers/formula-weights.ts";
import { requestGpu } from "./adapter.ts";
import { candidates } from "./blocks.ts";
import { createGpuEncoder } from "./encoder.ts";
import { checkHalf, halfBound, halfLimit } from "./half-check.ts";
import { buffersOf, createNetwork } from "./network.ts";
import { settlePrecision } from "./settle-precision.ts";
import { tuneKernels } from "./tune.ts";
import { readTuning } from "./read-tuning.ts";
import { adapterIdentity, halfBlocks } from "./tuning.ts";
import type { HalfPrecision, Tuning } from "./tuning.ts";
import { tuningJobs } from "./tuning-jobs.ts";
import { parameterTable } from "./unet.ts";

const gpu = await testDevice(() => requestGpu({ allowSoftware: true, tunes: true }));
afterAll(() => gpu?.destroy());
afterEach(() => vi.restoreAllMocks());
const hasHalf = gpu?.device.features.has("shader-f16") ?? false;
if (gpu && !hasHalf)
  console.warn(`skipped: ${gpu.info.description} has no shader-f16; CONTRIBUTING.md says how to have an adapter that has`);

const architecture = { baseWidth: 2, inChannels: 1, classes: 2, activation: "elu" } as const;
const [height, width, batch] = [32, 48, 2];
const checkpoint = formulaUNet(architecture, parameterTable(architecture));
const slices = formulaSlices(batch * height * width);
const serves: HalfPrecision = { kind: "f16", error: 4e-4, fallback: null };
const [block] = candidates["conv2d-forward-f16"];

/** A record by which every 3x3 convolution goes forward in half precision. */
function inHalf(precision: HalfPrecision | undefined = serves): Tuning {
  const choices = tuningJobs({ architecture, height, width, use: "inference" }).flatMap(({ kernel, shape }) =>
    kernel === "conv2d-forward" && shape.K === 3
      ? [{ kernel: "conv2d-forward-f16" as const, shape, block: block!, ms: 1, standardMs: 2 }]
      : [],
  );
  const adapter = gpu ? adapterIdentity(gpu.info) : { vendor: "", architecture: "", device: "", description: "x" };
  return { format: "islet-tuning/1", adapter, clock: "wall", ...(precision && { precision }), choices };
}

describe("a record", () => {
  test.each([
    ["half precision that nobody asked for", { ...inHalf(), precision: undefined }],
    ["half precision where it does not serve", inHalf({ kind: "f32", error: null, fallback: "it has none" })],
    ["half precision without the error of its check", inHalf({ kind: "f16", error: null, fallback: null })],
  ])("with %s is refused", (_what, record) => {
    expect(() => readTuning(JSON.stringify(record))).toThrow("what it says of half precision does not fit its choices");
  });

  test("with half precision that passed its check is read; its blocks are named once", () => {
    expect(readTuning(JSON.stringify(inHalf()))).toEqual(inHalf());
    expect(halfBlocks(inHalf())).toEqual([block]);
  });

  test("whose rows cannot be pooled in pairs is refused", () => {
    const [choice] = inHalf().choices;
    const odd = { ...choice!, block: { LANES_X: 16, LANES_Y: 3, DEPTH: 1 } };
    expect(() => readTuning(JSON.stringify({ ...inHalf(), choices: [odd] }))).toThrow("conv2d-forward-f16 takes an even LANES_Y, not 3");
  });
});

describe("the range of float16", () => {
  test("bounds a layer's pixels, so that nine products of the largest weight stay in it", () => {
    const limit = halfLimit([0.5, -3, 2], 3)!;
    expect(limit * 9 * 3).toBeLessThan(65504);
    expect(limit * 9 * 3).toBeGreaterThan(65504 * 0.98);
    expect(halfLimit([1e-6], 3)).toBe(65504);
    expect(halfLimit([0], 3)).toBe(65504);
  });

  test("is left by a weight beyond it, whose layer then stays in float32", () => {
    expect(halfLimit([1, 65505], 3)).toBeNull();
    expect(halfLimit([1, Number.POSITIVE_INFINITY], 3)).toBeNull();
    expect(halfLimit([1, Number.NaN], 3)).toBeNull();
  });
});

test("the bound grows with the magnitude and is some 11 roundings of float16 for 3 x 3 taps", () => {
  const share = halfBound({ CI: 64, K: 3 }, 1e6, 0, { weight: 1, x: 1 }) / 1e6;
  expect(share).toBeGreaterThan(11 * 2 ** -10);
  expect(share).toBeLessThan(11.2 * 2 ** -10);
});

describe.skipIf(!gpu)("on any adapter", () => {
  test("half precision competes only where it was asked for, and never in a training", () => {
    const wide = { architecture: { ...architecture, baseWidth: 16 }, height, width };
    const kernels = (scope: Pick<Parameters<typeof tuningJobs>[0], "use" | "precision">) =>
      tuningJobs({ ...wide, ...scope }).map(({ kernel }) => kernel);
    expect(kernels({ use: "inference" })).not.toContain("conv2d-forward-f16");
    expect(kernels({ use: "training", precision: "f16" })).not.toContain("conv2d-forward-f16");
    expect(kernels({ use: "encoder", precision: "f16" })).toContain("conv2d-forward-f16");
  });

  test("a training takes no half precision from a record that has it, and inference takes it for every layer that the record names", async () => {
    vi.spyOn(gpu!, "chosen").mockImplementation(((kernel: string) => (kernel === "conv2d-forward-f16" ? block : null)) as never);
    const layers = await gpu!.guarded("making networks", () =>
      (["training", "inference"] as const).map((use) => {
        const network = createNetwork(gpu!, checkpoint, 1, 16, 16, use);
        for (const buffer of buffersOf(network.parameters, network.maps)) buffer.destroy();
        return network.plan.half.layers.size;
      }),
    );
    // Ten convolutions down, eight up, and the head.
    expect(layers).toEqual([0, 19]);
  });

  test("a record without half precision is settled as it is, without a device", async () => {
    const plain = { ...inHalf(undefined), choices: [] };
    expect(await settlePrecision(plain)).toBe(plain);
  });
});

describe.skipIf(!gpu || hasHalf)("without shader-f16", () => {
  const sentence = () => `${gpu!.info.description} has no shader-f16, so the layers stay in float32`;

  test("a tuning that asks for half precision says why its record has none", async () => {
    const jobs = tuningJobs({ architecture: { ...architecture, baseWidth: 8 }, height: 16, width: 16, use: "encoder", precision: "f16" });
    const tuning = await tuneKernels(gpu!, jobs.filter(({ kernel }) => kernel === "conv2d-forward-f16").slice(0, 1), 1);
    expect(tuning).toMatchObject({ precision: { kind: "f32", error: null, fallback: sentence() }, choices: [] });
    expect(readTuning(JSON.stringify(tuning))).toEqual(tuning);
  });

  test("a record with half precision is refused by a device, and settled without it, with the reason", async () => {
    await expect(requestGpu({ allowSoftware: true, tuning: inHalf() })).rejects.toThrow(
      "the record's block for conv2d-forward-f16 needs a shader-f16, and this device has none",
    );
    expect(await settlePrecision(inHalf())).toEqual({
      ...inHalf(),
      precision: { kind: "f32", error: null, fallback: sentence() },
      choices: [],
    });
  });
});

describe.skipIf(!hasHalf)("with shader-f16", () => {
  test("the check passes, with an error of some 2^-11, and a record is settled as it is", async () => {
    const { kind, error, fallback } = await checkHalf(gpu!, [block!]);
    expect({ kind, fallback }).toEqual({ kind: "f16", fallback: null });
    expect(error).toBeGreaterThan(2 ** -14);
    expect(error).toBeLessThan(2 ** -9);
    expect(await settlePrecision(inHalf())).toEqual(inHalf());
  });

  test("the check fails where the kernel computes something else, and says by how much", async () => {
    const run = gpu!.run.bind(gpu);
    vi.spyOn(gpu!, "run").mockImplementation((pass, kernel, sizes, bindings, grid) =>
      run(pass, kernel, kernel === "conv2d-forward-f16" ? { ...sizes, LIMIT: 0.5 } : sizes, bindings, grid),
    );
    const { kind, fallback } = await checkHalf(gpu!, [block!]);
    expect(kind).toBe("f32");
    expect(fallback).toMatch(/^half precision on .* is off by [\d.]+ where [\d.]+ is allowed, so the layers stay in float32$/);
  });

  test("an encoder gives float32's features to about three digits, and not float32's bits", async () => {
    const features = async (tuning: Tuning | null) => {
      const own = await requestGpu({ allowSoftware: true, tuning });
      const { pooled } = await createGpuEncoder(own, checkpoint, { height, width, batch }).encode(slices, batch);
      own.destroy();
      return pooled;
    };
    const [half, single] = [await features(inHalf()), await features(null)];
    // A layer's error is some 2^-11 of its size (the check's), and each of the ten passes on that of those before it.
    expect(relativeL2(half, single)).toBeLessThan(10 * 2 ** -10);
    expect(half).not.toEqual(single);
  });

  test("slices beyond the range of float16 are refused, and those after them are not", async () => {
    const own = await requestGpu({ allowSoftware: true, tuning: inHalf() });
    const encoder = createGpuEncoder(own, checkpoint, { height, width, batch: 1 });
    const far = slices.subarray(0, height * width).map((v) => v * 1e7);
    await expect(encoder.encode(far, 1)).rejects.toMatchObject({
      name: "DeviceError",
      message: expect.stringMatching(
        /^webgpu: a feature map leaves the range of float16.*without --precision f16, or leave the record out$/,
      ),
    });
    expect((await encoder.encode(slices.subarray(0, height * width), 1)).pooled.every(Number.isFinite)).toBe(true);
    own.destroy();
  });
});
