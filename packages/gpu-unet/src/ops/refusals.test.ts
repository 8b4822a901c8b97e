// What every layer refuses to record: arrays that do not fit together.
import { afterAll, describe, expect, test } from "vitest";
import { testDevice } from "../../../../test/helpers/device.ts";
import { requestGpu } from "../adapter.ts";
import { createBuffer, createTensor } from "../tensor.ts";
import type { Images } from "../tensor.ts";
import { accumulate } from "./accumulate.ts";
import { adam } from "./adam.ts";
import { concatenateForward } from "./concatenate.ts";
import { convTranspose2dForward } from "./conv-transpose2d.ts";
import { conv2dBackwardParameters, conv2dForward } from "./conv2d.ts";
import { crossEntropyBackward, crossEntropyForward } from "./cross-entropy.ts";
import { globalAveragePoolForward } from "./global-average-pool.ts";
import { maxPool2dForward } from "./max-pool2d.ts";
import { partialsIn } from "./reduce.ts";
import { softDiceBackward, softDiceForward } from "./soft-dice.ts";

const gpu = await testDevice(() => requestGpu({ allowSoftware: true }));
afterAll(() => gpu?.destroy());

const scratch = (count: number) => partialsIn(createBuffer(gpu!, "partial sums", count * 4));

describe.skipIf(!gpu)("on the device", () => {
  test("conv2d refuses arrays that do not fit together, naming both sides", () => {
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

  test("pooling refuses wrong shapes with its sentence", () => {
    const [x, y] = [createTensor(gpu!, "x", [1, 2, 4, 1]), createTensor(gpu!, "y", [1, 2, 2, 2])];
    expect(() => maxPool2dForward(gpu!, undefined as never, x, y)).toThrow(
      "maxPool2d: x must be at least 2 x 2 pixels, its shape is [1,2,4,1]",
    );
    expect(() => maxPool2dForward(gpu!, undefined as never, y, x)).toThrow("maxPool2d: y must be [1,2,1,1], its shape is [1,2,4,1]");
    expect(() => globalAveragePoolForward(gpu!, undefined as never, x, createTensor(gpu!, "y", [2, 1]))).toThrow(
      "globalAveragePool: y must be [1,2], its shape is [2,1]",
    );
  });

  test("soft Dice refuses labels, sums and gradients of other shapes", () => {
    const images = createTensor(gpu!, "logits", [2, 2, 4, 4]);
    const [labels, sums, scratchpad] = [createTensor(gpu!, "labels", [2, 4, 4]), createTensor(gpu!, "sums", [2, 2]), scratch(64)];
    expect(() => softDiceForward(gpu!, {} as never, images, createTensor(gpu!, "labels", [1, 4, 4]), sums, scratchpad)).toThrow(
      "softDice: labels must be [2,4,4], their shape is [1,4,4]",
    );
    expect(() => softDiceForward(gpu!, {} as never, images, labels, createTensor(gpu!, "sums", [1, 2]), scratchpad)).toThrow(
      "softDice: sums must be [2,2], their shape is [1,2]",
    );
    expect(() => softDiceBackward(gpu!, {} as never, images, labels, sums, sums, 1, createTensor(gpu!, "dlogits", [1, 2, 4, 4]))).toThrow(
      "softDice: dlogits must be [2,2,4,4], its shape is [1,2,4,4]",
    );
  });

  test("conv2d's gradients refuse arrays that do not fit together, naming both sides", () => {
    const images = (...shape: [number, number, number, number]) => createTensor(gpu!, "images", shape);
    const record = (w: [number, number, number, number], y: [number, number, number, number], b: number) => () =>
      conv2dBackwardParameters(
        gpu!,
        {} as never,
        images(1, 2, 4, 4),
        images(...y),
        images(...w),
        createTensor(gpu!, "db", [b]),
        scratch(4096),
      );
    expect(record([3, 5, 3, 3], [1, 3, 4, 4], 3)).toThrow("conv2d: weight expects 5 input channels, x has 2 (x.shape [1,2,4,4])");
    expect(record([3, 2, 3, 3], [1, 3, 4, 5], 3)).toThrow("conv2d: dy must be [1,3,4,4], its shape is [1,3,4,5]");
  });

  test("convTranspose2d refuses arrays that do not fit together, naming both sides", () => {
    const images = (...shape: [number, number, number, number]) => createTensor(gpu!, "images", shape);
    const record = (w: [number, number, number, number], b: number, y: [number, number, number, number]) => () =>
      convTranspose2dForward(gpu!, {} as never, images(1, 2, 4, 4), images(...w), createTensor(gpu!, "bias", [b]), images(...y));
    expect(record([5, 3, 2, 2], 3, [1, 3, 8, 8])).toThrow("convTranspose2d: weight expects 5 input channels, x has 2 (x.shape [1,2,4,4])");
    expect(record([2, 3, 3, 3], 3, [1, 3, 8, 8])).toThrow("convTranspose2d: the kernel must be 2 x 2, weight.shape is [2,3,3,3]");
    expect(record([2, 3, 2, 2], 4, [1, 3, 8, 8])).toThrow("convTranspose2d: weight gives 3 output channels, bias has 4");
    expect(record([2, 3, 2, 2], 3, [1, 3, 4, 8])).toThrow("convTranspose2d: y must be [1,3,8,8], its shape is [1,3,4,8]");
  });

  test("cross-entropy refuses arrays that do not fit together, naming both sides", () => {
    const logits = createTensor(gpu!, "logits", [1, 2, 4, 4]);
    const record = (labels: [number, number, number], weights: number) => () =>
      crossEntropyForward(
        gpu!,
        {} as never,
        logits,
        createTensor(gpu!, "labels", labels),
        createTensor(gpu!, "w", [weights]),
        createTensor(gpu!, "loss", [1]),
        scratch(1),
      );
    expect(record([1, 4, 5], 2)).toThrow("crossEntropy: labels must be [1,4,4], their shape is [1,4,5]");
    expect(record([1, 4, 4], 3)).toThrow("crossEntropy: logits have 2 classes, the class weights are 3");
    const [labels, weight, wrong] = [
      createTensor(gpu!, "labels", [1, 4, 4]),
      createTensor(gpu!, "w", [2]),
      createTensor(gpu!, "d", [1, 3, 4, 4]) as Images,
    ];
    expect(() => crossEntropyBackward(gpu!, {} as never, logits, labels, weight, logits, wrong)).toThrow(
      "crossEntropy: dlogits must be [1,2,4,4], its shape is [1,3,4,4]",
    );
  });

  test("the optimiser refuses a moment of another shape", () => {
    const [parameter, gradient, mean] = [
      createTensor(gpu!, "p", [2, 3]),
      createTensor(gpu!, "gradient", [2, 3]),
      createTensor(gpu!, "mean", [6]),
    ];
    const settings = { optimiser: "adam", weightDecay: 0, betas: [0.9, 0.999], epsilon: 1e-8 } as const;
    expect(() => adam(gpu!, {} as never, settings, gradient, { parameter, gradient, mean, square: gradient })).toThrow(
      "adam: mean must be [2,3], its shape is [6]",
    );
  });

  test("concatenation and accumulation refuse a result of another shape", () => {
    const [a, b, wrong] = [
      createTensor(gpu!, "a", [2, 3, 5, 14]),
      createTensor(gpu!, "b", [2, 2, 5, 14]),
      createTensor(gpu!, "wrong", [2, 4, 5, 14]),
    ];
    expect(() => concatenateForward(gpu!, {} as never, a, b, wrong)).toThrow("concatenate: y must be [2,5,5,14], its shape is [2,4,5,14]");
    expect(() => accumulate(gpu!, {} as never, createTensor(gpu!, "x", [70001]), createTensor(gpu!, "total", [3]))).toThrow(
      "accumulate: x must be [3], its shape is [70001]",
    );
  });
});
