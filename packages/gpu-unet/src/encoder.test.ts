import { afterAll, describe, expect, test } from "vitest";
import { relativeL2 } from "../../../test/helpers/close.ts";
import { testDevice } from "../../../test/helpers/device.ts";
import { formulaCheckpoint } from "../../../test/helpers/formula-checkpoint.ts";
import { formulaSlices } from "../../../test/helpers/formula-weights.ts";
import { golden } from "../../../test/helpers/golden.ts";
import { encode as reference } from "../reference/encoder.ts";
import { requestGpu } from "./adapter.ts";
import { createGpuEncoder } from "./encoder.ts";

interface GoldenCase {
  readonly baseWidth: number;
  readonly inChannels: number;
  readonly activation: "elu" | "relu";
  readonly shape: readonly [number, number, number, number];
  readonly bottleneck: number[];
  readonly pooled: number[];
}

/** Relative L2 of a 10-layer f32 network against f64: PyTorch's own float32 run is 1e-7 to 5e-7 away from its float64 run on the golden cases. */
const POOLED = 1e-6;
const BOTTLENECK = 2e-6;

const gpu = await testDevice(() => requestGpu({ allowSoftware: true }));
afterAll(() => gpu?.destroy());

describe.skipIf(!gpu)("the encoder on WebGPU", () => {
  test.each(golden<{ cases: GoldenCase[] }>("unet-encoder").cases)(
    "agrees with PyTorch float64: base width $baseWidth, $inChannels input channels, $activation, (N,CI,H,W) = $shape",
    async ({ baseWidth, inChannels, activation, shape: [N, CI, H, W], ...want }) => {
      const encoder = createGpuEncoder(gpu!, formulaCheckpoint(baseWidth, inChannels, activation), { height: H, width: W, batch: 2 });
      const slices = formulaSlices(N * CI * H * W);
      expect(relativeL2((await encoder.encode(slices, N)).pooled, want.pooled)).toBeLessThan(POOLED);
      expect(relativeL2(await encoder.bottleneck(slices, N), want.bottleneck)).toBeLessThan(BOTTLENECK);
      encoder.destroy();
    },
  );

  test.each([
    { baseWidth: 1, CI: 1, activation: "elu", H: 16, W: 16, N: 1 },
    { baseWidth: 3, CI: 1, activation: "relu", H: 48, W: 16, N: 5 },
    { baseWidth: 5, CI: 3, activation: "elu", H: 32, W: 80, N: 1 },
  ] as const)(
    "agrees with the reference: base width $baseWidth, $CI input channels, $activation, $N slices of $H x $W",
    async ({ baseWidth, CI, activation, H, W, N }) => {
      const checkpoint = formulaCheckpoint(baseWidth, CI, activation);
      const encoder = createGpuEncoder(gpu!, checkpoint, { height: H, width: W, batch: 3 });
      const slices = formulaSlices(N * CI * H * W);
      const want = reference(checkpoint.architecture, checkpoint.tensors, slices, N, H, W);
      expect(encoder.channels).toBe(16 * baseWidth);
      expect(relativeL2((await encoder.encode(slices, N)).pooled, want.pooled)).toBeLessThan(POOLED);
      expect(relativeL2(await encoder.bottleneck(slices, N), want.bottleneck)).toBeLessThan(BOTTLENECK);
      encoder.destroy();
    },
  );

  test("gives a slice the same bits in every batch, also when calls overlap", async () => {
    const checkpoint = formulaCheckpoint(2, 1, "elu");
    const slices = formulaSlices(7 * 1024);
    const encoder = createGpuEncoder(gpu!, checkpoint, { height: 32, width: 32, batch: 3 });
    const [together, ...alone] = await Promise.all([
      encoder.encode(slices, 7),
      ...Array.from({ length: 7 }, (_, n) => encoder.encode(slices.subarray(n * 1024, (n + 1) * 1024), 1)),
    ]);
    expect(alone.flatMap(({ pooled }) => [...pooled])).toEqual([...together.pooled]);
    expect((await encoder.encode(new Float32Array(0), 0)).pooled).toHaveLength(0);
    encoder.destroy();
  });

  test("takes as many slices a pass as fit in bindings of 128 MiB, and at least one", () => {
    const checkpoint = formulaCheckpoint(2, 1, "elu");
    const [large, small] = [
      createGpuEncoder(gpu!, checkpoint, { height: 2048, width: 1024, batch: 100 }),
      createGpuEncoder(gpu!, checkpoint, { height: 16, width: 16, batch: 2.9 }),
    ];
    expect(large.batch).toBe(8);
    expect(small.batch).toBe(2);
    for (const encoder of [large, small]) encoder.destroy();
  });

  test("refuses slices of another size, and a size that four poolings cannot halve, with a ShapeError", async () => {
    const checkpoint = formulaCheckpoint(1, 1, "elu");
    const encoder = createGpuEncoder(gpu!, checkpoint, { height: 32, width: 16, batch: 1 });
    await expect(encoder.encode(new Float32Array(1000), 2)).rejects.toMatchObject({
      name: "ShapeError",
      message: "encoder: 2 slices of 1 x 32 x 16 hold 1024 values, 1000 came",
    });
    encoder.destroy();
    expect(() => createGpuEncoder(gpu!, checkpoint, { height: 40, width: 16, batch: 1 })).toThrow(
      "encoder: height and width must be multiples of 16, because 4 poolings halve them; they are 40 x 16",
    );
  });

  test("names the limit that one slice exceeds", () => {
    const checkpoint = formulaCheckpoint(2, 1, "elu");
    const error = (() => {
      try {
        createGpuEncoder(gpu!, checkpoint, { height: 16384, width: 16384, batch: 1 });
      } catch (caught) {
        return caught as Error;
      }
      return undefined;
    })();
    expect(error?.name).toBe("DeviceError");
    expect(error?.message).toMatch(
      /^webgpu: one slice of 16384 x 16384 at baseWidth 2 needs a maxStorageBufferBindingSize of 2147483648, and this device was opened with 134217728; request that limit/,
    );
  });
});
