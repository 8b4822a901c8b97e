// Every layer on the device against its definition in f64, on one table of small, awkward sizes.
// Inputs are streams of test/helpers/formula-weights.ts, values in -1 .. 1.
import { afterAll, describe, expect, test } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { testDevice } from "../../../../test/helpers/device.ts";
import { formulaTensor } from "../../../../test/helpers/formula-weights.ts";
import { elu, relu } from "../../reference/activation.ts";
import { conv2dForward as conv2dReference } from "../../reference/conv2d.ts";
import { globalAveragePool, maxPool2d } from "../../reference/pool.ts";
import { largest, ROUNDING, runOp } from "../../reference/run-op.ts";
import { requestGpu } from "../adapter.ts";
import type { Pass } from "../gpu.ts";
import { createTensor, elements, tensorFrom } from "../tensor.ts";
import type { Tensor } from "../tensor.ts";
import { activationForward } from "./activation.ts";
import { conv2dForward } from "./conv2d.ts";
import { globalAveragePoolForward } from "./global-average-pool.ts";
import { maxPool2dForward } from "./max-pool2d.ts";

const gpu = await testDevice(() => requestGpu({ allowSoftware: true }));
afterAll(() => gpu?.destroy());

/** Runs one op and returns what it left in `y`, which is freed. */
const run = (y: Tensor, record: (pass: Pass) => void) => runOp(gpu!, [y], record).then(([values]) => values!);
/** A tensor on the device with the numbers of a stream, and those numbers. */
function filled<const S extends readonly number[]>(shape: S, stream: number, limit = 1) {
  const data = formulaTensor(stream, elements(shape), limit);
  return { data, tensor: tensorFrom(gpu!, `stream ${stream}`, shape, data) };
}

describe.skipIf(!gpu)("conv2d on the device", () => {
  test.each([
    { N: 1, CI: 1, CO: 1, H: 1, W: 1, K: 3 },
    { N: 1, CI: 1, CO: 1, H: 1, W: 1, K: 1 },
    { N: 1, CI: 2, CO: 1, H: 1, W: 17, K: 3 },
    { N: 1, CI: 1, CO: 3, H: 9, W: 1, K: 3 },
    { N: 2, CI: 3, CO: 5, H: 7, W: 11, K: 3 },
    { N: 5, CI: 2, CO: 3, H: 8, W: 8, K: 3 },
    { N: 3, CI: 7, CO: 2, H: 13, W: 19, K: 1 },
    { N: 2, CI: 3, CO: 2, H: 9, W: 10, K: 5 },
    { N: 1, CI: 1, CO: 2, H: 2, W: 3, K: 7 },
    { N: 2, CI: 5, CO: 9, H: 33, W: 18, K: 3 },
    { N: 1, CI: 16, CO: 32, H: 16, W: 24, K: 3 },
    { N: 2, CI: 64, CO: 67, H: 6, W: 5, K: 3 },
  ])("equals the reference for N $N, CI $CI, CO $CO, $H x $W, K $K", async (sizes) => {
    const { N, CI, CO, H, W, K } = sizes;
    const [x, weight, bias] = [filled([N, CI, H, W], 1), filled([CO, CI, K, K], 2), filled([CO], 3)];
    const y = createTensor(gpu!, "y", [N, CO, H, W]);
    const got = await run(y, (pass) => conv2dForward(gpu!, pass, x.tensor, weight.tensor, bias.tensor, y));
    const terms = CI * K * K + 1;
    const largestTerm = Math.max(largest(x.data) * largest(weight.data), largest(bias.data));
    expectClose(got, conv2dReference(sizes, x.data, weight.data, bias.data), { atol: ROUNDING * terms * largestTerm * 2 });
  });

  test("refuses arrays that do not fit together, naming both sides", () => {
    const images = (...shape: [number, number, number, number]) => createTensor(gpu!, "images", shape);
    const vector = (length: number) => createTensor(gpu!, "bias", [length]);
    const record =
      (x: [number, number, number, number], w: [number, number, number, number], b: number, y: [number, number, number, number]) => () =>
        conv2dForward(gpu!, undefined as never, images(...x), images(...w), vector(b), images(...y));
    expect(record([1, 2, 4, 4], [3, 5, 3, 3], 3, [1, 3, 4, 4])).toThrow(
      "conv2d: weight expects 5 input channels, x has 2 (x.shape [1,2,4,4])",
    );
    expect(record([1, 2, 4, 4], [3, 2, 2, 2], 3, [1, 3, 4, 4])).toThrow(
      "conv2d: the kernel must be square and odd, weight.shape is [3,2,2,2]",
    );
    expect(record([1, 2, 4, 4], [3, 2, 3, 3], 4, [1, 3, 4, 4])).toThrow("conv2d: weight gives 3 output channels, bias has 4");
    expect(record([1, 2, 4, 4], [3, 2, 3, 3], 3, [1, 3, 4, 5])).toThrow("conv2d: y must be [1,3,4,4], its shape is [1,3,4,5]");
  });
});

describe.skipIf(!gpu)("activations on the device", () => {
  const shapes = [
    [1, 1, 1, 1],
    [2, 3, 5, 13],
    [1, 2, 8, 8],
    [3, 1, 9, 29],
  ] as const;

  test.each(shapes)("elu equals the reference on (%i,%i,%i,%i), from -20 to 20", async (...shape) => {
    const x = filled(shape, 4, 20);
    const want = elu(x.data);
    const got = await run(x.tensor, (pass) => activationForward(gpu!, pass, "elu", x.tensor));
    // exp is off by at most 3 + 2|x| units in the last place (WGSL, 15.7.4.1), the subtraction rounds once more.
    want.forEach((value, i) => {
      const v = x.data[i]!;
      const allowed = v > 0 ? 0 : 2 * ROUNDING * ((3 + 2 * Math.abs(v)) * Math.exp(v) + 1);
      expect(Math.abs(got[i]! - value), `elu(${v})`).toBeLessThanOrEqual(allowed);
    });
  });

  test("elu keeps its digits near zero, where exp(x) - 1 would lose them", async () => {
    const x = filled([1, 1, 16, 16], 5, 2 ** -12);
    const got = await run(x.tensor, (pass) => activationForward(gpu!, pass, "elu", x.tensor));
    // Seven multiply-adds of the series, of which all but the last are scaled by x.
    expectClose(got, elu(x.data), { rtol: ROUNDING * 4 });
  });

  test.each(shapes)("relu equals the reference on (%i,%i,%i,%i)", async (...shape) => {
    const x = filled(shape, 6);
    const want = relu(x.data);
    expectClose(await run(x.tensor, (pass) => activationForward(gpu!, pass, "relu", x.tensor)), want, {});
  });
});

describe.skipIf(!gpu)("pooling on the device", () => {
  test.each([
    [1, 1, 2, 2],
    [2, 3, 7, 5],
    [1, 5, 16, 16],
    [3, 2, 34, 18],
  ] as const)("maxPool2d equals the reference on (%i,%i,%i,%i)", async (N, C, H, W) => {
    const x = filled([N, C, H, W], 7);
    const y = createTensor(gpu!, "y", [N, C, Math.floor(H / 2), Math.floor(W / 2)]);
    expectClose(await run(y, (pass) => maxPool2dForward(gpu!, pass, x.tensor, y)), maxPool2d(x.data, N * C, H, W), {});
  });

  test("maxPool2d keeps the largest of negative values", async () => {
    const x = tensorFrom(gpu!, "x", [1, 1, 2, 2], Float32Array.of(-4, -3, -2.5, -9));
    const y = createTensor(gpu!, "y", [1, 1, 1, 1]);
    expect([...(await run(y, (pass) => maxPool2dForward(gpu!, pass, x, y)))]).toEqual([-2.5]);
  });

  test.each([
    [1, 1, 1, 1],
    [2, 3, 5, 7],
    [1, 2, 8, 8],
    [2, 65, 16, 16],
  ] as const)("globalAveragePool equals the reference on (%i,%i,%i,%i)", async (N, C, H, W) => {
    const x = filled([N, C, H, W], 8);
    const y = createTensor(gpu!, "y", [N, C]);
    const got = await run(y, (pass) => globalAveragePoolForward(gpu!, pass, x.tensor, y));
    // The sum's bound, divided like the sum; the division itself is off by 2.5 units in the last place at most (WGSL, 15.7.4.1).
    expectClose(got, globalAveragePool(x.data, N * C, H * W), { atol: ROUNDING * largest(x.data) * 2, rtol: ROUNDING * 5 });
  });

  test("wrong shapes are refused with their sentence", () => {
    const [x, y] = [createTensor(gpu!, "x", [1, 2, 4, 1]), createTensor(gpu!, "y", [1, 2, 2, 2])];
    expect(() => maxPool2dForward(gpu!, undefined as never, x, y)).toThrow(
      "maxPool2d: x must be at least 2 x 2 pixels, its shape is [1,2,4,1]",
    );
    expect(() => maxPool2dForward(gpu!, undefined as never, y, x)).toThrow("maxPool2d: y must be [1,2,1,1], its shape is [1,2,4,1]");
    expect(() => globalAveragePoolForward(gpu!, undefined as never, x, createTensor(gpu!, "y", [2, 1]))).toThrow(
      "globalAveragePool: y must be [1,2], its shape is [2,1]",
    );
  });
});
