import { afterAll, describe, expect, test } from "vitest";
import { expectClose, relativeL2 } from "../../../test/helpers/close.ts";
import { testDevice } from "../../../test/helpers/device.ts";
import { formulaTensor } from "../../../test/helpers/formula-weights.ts";
import { golden } from "../../../test/helpers/golden.ts";
import { encode as reference } from "../reference/encoder.ts";
import { requestGpu } from "./adapter.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { createGpuEncoder } from "./encoder.ts";
import { initialiseWeights } from "./initialise.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import type { Safetensors } from "./safetensors.ts";
import { elements } from "./tensor.ts";
import { encoderParameters, parameterTable } from "./unet.ts";
import type { UNetArchitecture } from "./unet.ts";

const architecture: UNetArchitecture = { baseWidth: 2, inChannels: 1, classes: 3, activation: "relu" };
const FILE = "weights.safetensors";

/** A whole network of base width 2. */
function network(): Checkpoint {
  const tensors = new Map(
    parameterTable(architecture).map(({ name, shape }, stream) => [name, { shape, data: formulaTensor(stream, elements(shape), 1) }]),
  );
  return { architecture, metadata: { training: "none" }, tensors, parts: "unet" };
}

/** The network's file after a change to its parts. */
function changed(change: (file: { metadata: Record<string, string>; tensors: Safetensors["tensors"] }) => void): Uint8Array {
  const { metadata, tensors } = readSafetensors(writeCheckpoint(network()), FILE);
  const file = { metadata: { ...metadata }, tensors };
  change(file);
  return writeSafetensors(file);
}

/** Adds a batch normalisation after a convolution. */
function normalise(
  tensors: Safetensors["tensors"],
  layer: string,
  length: number,
  parts = ["weight", "bias", "running_mean", "running_var"],
): void {
  for (const part of parts) tensors.set(`${layer}.${part}`, { shape: [length], data: new Float32Array(length).fill(1) });
}

function errorOf(bytes: Uint8Array): Error | undefined {
  try {
    readCheckpoint(bytes, FILE);
  } catch (error) {
    return error as Error;
  }
  return undefined;
}

describe("weights", () => {
  test("come back bit by bit, with the architecture and the training record", () => {
    const written = network();
    const read = readCheckpoint(writeCheckpoint(written), FILE);
    expect(read.architecture).toEqual(architecture);
    expect(read.parts).toBe("unet");
    expect(read.metadata).toEqual({ training: "none", baseWidth: "2", inChannels: "1", classes: "3", activation: "relu" });
    expect(new Map(read.tensors)).toEqual(new Map(written.tensors));
  });

  test("of an encoder alone are accepted, also without a number of classes", () => {
    const bytes = changed(({ metadata, tensors }) => {
      delete metadata["classes"];
      for (const name of tensors.keys()) if (!name.startsWith("encoder.")) tensors.delete(name);
    });
    const read = readCheckpoint(bytes, FILE);
    expect(read.parts).toBe("encoder");
    expect([...read.tensors.keys()]).toEqual(encoderParameters(architecture).map(({ name }) => name));
    expect(readCheckpoint(writeCheckpoint(read), FILE).tensors.size).toBe(20);
  });

  test("of normalised layers are folded: the convolution takes on scale and shift of each channel", () => {
    const values = { weight: [2, -1], bias: [0.25, 0.5], running_mean: [1, -2], running_var: [4 - 1e-5, 0.25 - 1e-5] };
    const bytes = changed(({ tensors }) => {
      for (const [part, data] of Object.entries(values))
        tensors.set(`encoder.0.norm1.${part}`, { shape: [2], data: Float32Array.from(data) });
      tensors.set("encoder.0.norm1.num_batches_tracked", { shape: [], data: Float32Array.of(9) });
    });
    const [before, after] = [network().tensors, readCheckpoint(bytes, FILE).tensors];
    const [weight, bias] = ["encoder.0.conv1.weight", "encoder.0.conv1.bias"].map((name) => before.get(name)!.data) as [
      Float32Array,
      Float32Array,
    ];
    // Scales are 2 / sqrt(4) = 1 and -1 / sqrt(0.25) = -2; the inputs' rounding to float32 allows a few units in the last place.
    expectClose(
      after.get("encoder.0.conv1.weight")!.data,
      weight.map((w, i) => w * (i < 9 ? 1 : -2)),
      { rtol: 2 ** -21 },
    );
    expectClose(after.get("encoder.0.conv1.bias")!.data, [bias[0]! - 1 + 0.25, (bias[1]! + 2) * -2 + 0.5], { rtol: 2 ** -21 });
    expect(after.size).toBe(parameterTable(architecture).length);
  });

  test.each([
    [
      "a shape that disagrees with the metadata",
      changed(({ metadata }) => (metadata["baseWidth"] = "4")),
      /encoder\.0\.conv1\.weight has shape \[2,1,3,3\], and its metadata \(baseWidth 4, inChannels 1, classes 3, activation relu\) ask for \[4,1,3,3\]/,
    ],
    [
      "a missing tensor",
      changed(({ tensors }) => tensors.delete("decoder.2.up.bias")),
      /decoder\.2\.up\.bias is missing; its metadata \(.*\) ask for shape \[8\] there\. Save the whole network/,
    ],
    [
      "a tensor of another network",
      changed(({ tensors }) => tensors.set("module.encoder.weight", { shape: [1], data: new Float32Array(1) })),
      /module\.encoder\.weight is no part of the network; names are encoder\.\{0\.\.4\}/,
    ],
    ["no activation", changed(({ metadata }) => delete metadata["activation"]), /must give activation as elu or relu, and it is missing/],
    [
      "an unknown activation",
      changed(({ metadata }) => (metadata["activation"] = "gelu")),
      /must give activation as elu or relu, and it is "gelu"/,
    ],
    [
      "a width that is no number",
      changed(({ metadata }) => (metadata["baseWidth"] = "wide")),
      /must give baseWidth as a whole number from 1, and it is "wide"/,
    ],
    [
      "a decoder without classes",
      changed(({ metadata }) => delete metadata["classes"]),
      /must give classes as a whole number from 1, and it is missing/,
    ],
    [
      "a value that is not finite",
      changed(({ tensors }) => (tensors.get("head.weight")!.data[3] = NaN)),
      /head\.weight holds NaN at position 3; the training diverged/,
    ],
    [
      "half a batch normalisation",
      changed(({ tensors }) => normalise(tensors, "encoder.1.norm2", 4, ["weight", "bias"])),
      /encoder\.1\.norm2 has no running_mean; a batch normalisation needs/,
    ],
    [
      "a batch normalisation of another width",
      changed(({ tensors }) => normalise(tensors, "decoder.0.norm1", 5)),
      /decoder\.0\.norm1\.weight has shape \[5\], and the convolution before it gives 2 channels, so it must be \[2\]/,
    ],
    [
      "a negative variance",
      changed(({ tensors }) => {
        normalise(tensors, "decoder.0.norm1", 2);
        tensors.get("decoder.0.norm1.running_var")!.data[1] = -3;
      }),
      /decoder\.0\.norm1\.running_var of channel 1 is -3, and a variance is never negative/,
    ],
  ])("are refused for %s", (_, bytes, sentence) => {
    expect(errorOf(bytes)).toMatchObject({ name: "IntakeError", file: FILE, message: expect.stringMatching(sentence) });
  });

  test("are not written where they do not fit their architecture", () => {
    expect(() => writeCheckpoint({ ...network(), architecture: { ...architecture, classes: 2 } })).toThrow(
      /head\.weight: .*needs shape \[2,2,1,1\] here and has \[3,2,1,1\]/,
    );
  });
});

describe("initial weights", () => {
  const random = () => {
    let state = 1;
    return () => (state = (state * 48271) % 2147483647) / 2147483647;
  };

  test("have the shapes of the table, zero biases, mean 0 and the variance 2 / fanIn of He et al.", () => {
    const wide = { ...architecture, baseWidth: 16 };
    const weights = initialiseWeights(wide, random());
    expect([...weights].map(([name, { shape }]) => ({ name, shape }))).toEqual(parameterTable(wide));
    expect([...weights].filter(([name, { data }]) => name.endsWith(".bias") && data.some((value) => value !== 0))).toEqual([]);
    for (const [name, { shape, data }] of weights) {
      if (data.length < 10_000 || name.endsWith(".bias")) continue;
      const fanIn = name.endsWith("up.weight") ? shape[0]! : shape[1]! * 9;
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
      // Five standard errors: 1/sqrt(n) of the mean in units of the deviation, sqrt(2/n) of the variance in units of itself.
      expect(Math.abs(mean) / Math.sqrt(2 / fanIn), name).toBeLessThan(5 / Math.sqrt(data.length));
      expect(Math.abs(variance / (2 / fanIn) - 1), name).toBeLessThan(5 * Math.sqrt(2 / data.length));
    }
  });

  test("are the same for the same generator and others for another", () => {
    const again = initialiseWeights(architecture, random());
    expect(again).toEqual(initialiseWeights(architecture, random()));
    expect(again).not.toEqual(initialiseWeights(architecture, () => 0.25));
  });
});

const gpu = await testDevice(() => requestGpu({ allowSoftware: true }));
afterAll(() => gpu?.destroy());

interface GoldenFile {
  readonly file: string;
  readonly shape: readonly [number, number, number, number];
  readonly slices: string;
  readonly pooled: number[];
}

describe("a file of the safetensors library with batch normalisation in F16, F32 and F64", () => {
  const { file, shape, slices: encoded, pooled } = golden<GoldenFile>("checkpoint");
  const [N, , H, W] = shape;
  const checkpoint = readCheckpoint(Buffer.from(file, "base64"), FILE);
  const slices = new Float32Array(Uint8Array.from(Buffer.from(encoded, "base64")).buffer);

  test("gives PyTorch's features, by the reference", () => {
    expect(checkpoint.architecture).toEqual({ activation: "elu", baseWidth: 1, inChannels: 1, classes: 2 });
    // Folded weights are rounded to float32 once: 6e-8 a layer, ten layers.
    expect(relativeL2(reference(checkpoint.architecture, checkpoint.tensors, slices, N, H, W).pooled, pooled)).toBeLessThan(1e-6);
  });

  test.skipIf(!gpu)("gives PyTorch's features on the device", async () => {
    const encoder = createGpuEncoder(gpu!, checkpoint, { height: H, width: W, batch: 2 });
    expect(relativeL2((await encoder.encode(slices, N)).pooled, pooled)).toBeLessThan(1e-6);
    encoder.destroy();
  });
});
