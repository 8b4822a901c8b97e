// What training adds to the layers, on the device against its definition in f64: every gradient, upsampling, loss and optimiser.
// Inputs are streams of test/helpers/formula-weights.ts, values in -1 .. 1.
import { afterAll, describe, expect, test } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { testDevice } from "../../../../test/helpers/device.ts";
import { formulaTensor } from "../../../../test/helpers/formula-weights.ts";
import { elu, eluBackward, reluBackward } from "../../reference/activation.ts";
import { adamStep } from "../../reference/adam.ts";
import { convTranspose2dBackward, convTranspose2dForward as convTranspose2dReference } from "../../reference/conv-transpose2d.ts";
import { biasBackward, conv2dBackward } from "../../reference/conv2d.ts";
import { crossEntropy } from "../../reference/cross-entropy.ts";
import { maxPool2dBackward as maxPool2dBackwardReference } from "../../reference/pool.ts";
import { largest, ROUNDING, runOp } from "../../reference/run-op.ts";
import { requestGpu } from "../adapter.ts";
import { createBuffer, createTensor, createUniform, elements, tensorFrom, upload } from "../tensor.ts";
import type { Images } from "../tensor.ts";
import { accumulate } from "./accumulate.ts";
import { activationBackward } from "./activation.ts";
import { adam, stepValues, STEP_VALUES } from "./adam.ts";
import { concatenateBackward, concatenateForward } from "./concatenate.ts";
import {
  convTranspose2dBackwardInput,
  convTranspose2dBackwardParameters,
  convTranspose2dForward,
  convTranspose2dPartials,
} from "./conv-transpose2d.ts";
import { conv2dBackwardInput, conv2dBackwardParameters, conv2dPartials } from "./conv2d.ts";
import { crossEntropyBackward, crossEntropyForward, crossEntropyPartials } from "./cross-entropy.ts";
import { maxPool2dBackward } from "./max-pool2d.ts";
import { partialsIn } from "./reduce.ts";

const gpu = await testDevice(() => requestGpu({ allowSoftware: true }));
afterAll(() => gpu?.destroy());

/** A tensor on the device with the numbers of a stream, and those numbers. */
function filled<const S extends readonly number[]>(shape: S, stream: number, limit = 1) {
  const data = formulaTensor(stream, elements(shape), limit);
  return { data, tensor: tensorFrom(gpu!, `stream ${stream}`, shape, data) };
}
const partials = (count: number) => partialsIn(createBuffer(gpu!, "partial sums", count * 4));
/** A sum's bound: its number of terms times its largest term, twice (style: WGSL f32 against f64). */
const bound = (terms: number, largestTerm: number) => ({ atol: ROUNDING * terms * largestTerm * 2 });

describe.skipIf(!gpu)("conv2d backward on the device", () => {
  test.each([
    { N: 1, CI: 1, CO: 1, H: 1, W: 1, K: 3 },
    { N: 1, CI: 2, CO: 1, H: 1, W: 17, K: 3 },
    { N: 2, CI: 3, CO: 5, H: 7, W: 11, K: 3 },
    { N: 3, CI: 7, CO: 2, H: 13, W: 19, K: 1 },
    { N: 2, CI: 3, CO: 2, H: 9, W: 10, K: 5 },
    { N: 2, CI: 9, CO: 17, H: 5, W: 3, K: 3 },
    { N: 1, CI: 1, CO: 2, H: 3, W: 133, K: 3 },
    // More rows than there are shares.
    { N: 2, CI: 1, CO: 1, H: 1500, W: 1, K: 3 },
  ])("equals the reference for N $N, CI $CI, CO $CO, $H x $W, K $K", async (sizes) => {
    const { N, CI, CO, H, W, K } = sizes;
    const [x, weight, dy] = [filled([N, CI, H, W], 1), filled([CO, CI, K, K], 2), filled([N, CO, H, W], 3)];
    const [dx, dweight, dbias] = [
      createTensor(gpu!, "dx", [N, CI, H, W]),
      createTensor(gpu!, "dw", [CO, CI, K, K]),
      createTensor(gpu!, "db", [CO]),
    ];
    const scratch = partials(conv2dPartials(N, H, dweight.shape));
    const [gotX, gotWeight, gotBias] = await runOp(gpu!, [dx, dweight, dbias], (pass) => {
      conv2dBackwardParameters(gpu!, pass, x.tensor, dy.tensor, dweight, dbias, scratch);
      conv2dBackwardInput(gpu!, pass, weight.tensor, dy.tensor, dx);
    });
    const want = conv2dBackward(sizes, x.data, weight.data, dy.data);
    expectClose(gotX!, want.dx, bound(CO * K * K, largest(weight.data) * largest(dy.data)));
    expectClose(gotWeight!, want.dweight, bound(N * H * W, largest(x.data) * largest(dy.data)));
    expectClose(gotBias!, biasBackward(dy.data, CO, H * W), bound(N * H * W, largest(dy.data)));
  });

  test("refuses arrays that do not fit together, naming both sides", () => {
    const images = (...shape: [number, number, number, number]) => createTensor(gpu!, "images", shape);
    const record = (w: [number, number, number, number], y: [number, number, number, number], b: number) => () =>
      conv2dBackwardParameters(
        gpu!,
        {} as never,
        images(1, 2, 4, 4),
        images(...y),
        images(...w),
        createTensor(gpu!, "db", [b]),
        partials(4096),
      );
    expect(record([3, 5, 3, 3], [1, 3, 4, 4], 3)).toThrow("conv2d: weight expects 5 input channels, x has 2 (x.shape [1,2,4,4])");
    expect(record([3, 2, 3, 3], [1, 3, 4, 5], 3)).toThrow("conv2d: dy must be [1,3,4,4], its shape is [1,3,4,5]");
  });
});

describe.skipIf(!gpu)("convTranspose2d on the device", () => {
  test.each([
    { N: 1, CI: 1, CO: 1, H: 1, W: 1 },
    { N: 2, CI: 3, CO: 5, H: 7, W: 11 },
    { N: 3, CI: 17, CO: 2, H: 1, W: 9 },
    { N: 1, CI: 5, CO: 18, H: 9, W: 2 },
    { N: 1, CI: 2, CO: 1, H: 2, W: 67 },
    // More rows than there are shares.
    { N: 2, CI: 1, CO: 1, H: 1500, W: 1 },
  ])("equals the reference, forward and backward, for N $N, CI $CI, CO $CO, $H x $W", async (sizes) => {
    const { N, CI, CO, H, W } = sizes;
    const [x, weight, bias, dy] = [filled([N, CI, H, W], 1), filled([CI, CO, 2, 2], 2), filled([CO], 3), filled([N, CO, 2 * H, 2 * W], 4)];
    const y = createTensor(gpu!, "y", [N, CO, 2 * H, 2 * W]);
    const [dx, dweight, dbias] = [
      createTensor(gpu!, "dx", [N, CI, H, W]),
      createTensor(gpu!, "dw", [CI, CO, 2, 2]),
      createTensor(gpu!, "db", [CO]),
    ];
    const scratch = partials(convTranspose2dPartials(N, H, dweight.shape));
    const [got, gotX, gotWeight, gotBias] = await runOp(gpu!, [y, dx, dweight, dbias], (pass) => {
      convTranspose2dForward(gpu!, pass, x.tensor, weight.tensor, bias.tensor, y);
      convTranspose2dBackwardParameters(gpu!, pass, x.tensor, dy.tensor, dweight, dbias, scratch);
      convTranspose2dBackwardInput(gpu!, pass, weight.tensor, dy.tensor, dx);
    });
    const want = convTranspose2dBackward(sizes, x.data, weight.data, dy.data);
    expectClose(got!, convTranspose2dReference(sizes, x.data, weight.data, bias.data), bound(CI + 1, 1));
    expectClose(gotX!, want.dx, bound(CO * 4, largest(weight.data) * largest(dy.data)));
    expectClose(gotWeight!, want.dweight, bound(N * H * W, largest(x.data) * largest(dy.data)));
    expectClose(gotBias!, biasBackward(dy.data, CO, 4 * H * W), bound(4 * N * H * W, largest(dy.data)));
  });

  test("refuses arrays that do not fit together, naming both sides", () => {
    const images = (...shape: [number, number, number, number]) => createTensor(gpu!, "images", shape);
    const record = (w: [number, number, number, number], b: number, y: [number, number, number, number]) => () =>
      convTranspose2dForward(gpu!, {} as never, images(1, 2, 4, 4), images(...w), createTensor(gpu!, "bias", [b]), images(...y));
    expect(record([5, 3, 2, 2], 3, [1, 3, 8, 8])).toThrow("convTranspose2d: weight expects 5 input channels, x has 2 (x.shape [1,2,4,4])");
    expect(record([2, 3, 3, 3], 3, [1, 3, 8, 8])).toThrow("convTranspose2d: the kernel must be 2 x 2, weight.shape is [2,3,3,3]");
    expect(record([2, 3, 2, 2], 4, [1, 3, 8, 8])).toThrow("convTranspose2d: weight gives 3 output channels, bias has 4");
    expect(record([2, 3, 2, 2], 3, [1, 3, 4, 8])).toThrow("convTranspose2d: y must be [1,3,8,8], its shape is [1,3,4,8]");
  });
});

describe.skipIf(!gpu)("layers without parameters, backward on the device", () => {
  test("elu and relu equal the reference from the activation's result", async () => {
    const [x, dy] = [filled([2, 3, 5, 13], 4, 4), filled([2, 3, 5, 13], 5)];
    for (const [activation, y, want] of [
      ["elu", elu(x.data), eluBackward(x.data, dy.data)],
      ["relu", x.data.map((v) => Math.max(v, 0)), reluBackward(x.data, dy.data)],
    ] as const) {
      const [result, d] = [tensorFrom(gpu!, "y", x.tensor.shape, Float32Array.from(y)), tensorFrom(gpu!, "d", x.tensor.shape, dy.data)];
      const [got] = await runOp(gpu!, [d], (pass) => activationBackward(gpu!, pass, activation, result, d));
      // y + 1 carries y's rounding and its own, the product one more, each at most half a unit of values up to 1.
      expectClose(got!, want, { atol: ROUNDING * 3 });
    }
  });

  test.each([
    [1, 1, 2, 2],
    [2, 3, 7, 5],
    [3, 2, 34, 18],
  ] as const)("maxPool2d equals the reference on (%i,%i,%i,%i), windows with equal pixels included", async (N, C, H, W) => {
    const x = Float32Array.from(filled([N, C, H, W], 7).data, (v) => Math.round(v * 3));
    const dy = filled([N, C, Math.floor(H / 2), Math.floor(W / 2)], 8);
    const [input, dx] = [tensorFrom(gpu!, "x", [N, C, H, W], x), filled([N, C, H, W], 9).tensor];
    const [got] = await runOp(gpu!, [dx], (pass) => maxPool2dBackward(gpu!, pass, input, dy.tensor, dx));
    expectClose(got!, maxPool2dBackwardReference(x, dy.data, N * C, H, W), {});
  });

  test("concatenation puts a before b in each image, and its gradient takes them apart again", async () => {
    const [a, b] = [filled([2, 3, 5, 14], 1), filled([2, 2, 5, 14], 2)];
    const [y, da, db] = [
      createTensor(gpu!, "y", [2, 5, 5, 14]),
      createTensor(gpu!, "da", [2, 3, 5, 14]),
      createTensor(gpu!, "db", [2, 2, 5, 14]),
    ];
    const [got, gotA, gotB] = await runOp(gpu!, [y, da, db], (pass) => {
      concatenateForward(gpu!, pass, a.tensor, b.tensor, y);
      concatenateBackward(gpu!, pass, y, da, db);
    });
    const part = (values: Float32Array, n: number, C: number) => [...values.subarray(n * C * 70, (n + 1) * C * 70)];
    expect([...got!]).toEqual([0, 1].flatMap((n) => [...part(a.data, n, 3), ...part(b.data, n, 2)]));
    expect([gotA, gotB]).toEqual([a.data, b.data]);
    const wrong = createTensor(gpu!, "wrong", [2, 4, 5, 14]);
    expect(() => concatenateForward(gpu!, {} as never, a.tensor, b.tensor, wrong)).toThrow(
      "concatenate: y must be [2,5,5,14], its shape is [2,4,5,14]",
    );
  });

  test("accumulate adds to what is there", async () => {
    const [x, total] = [filled([70001], 1), filled([70001], 2)];
    const [got] = await runOp(gpu!, [total.tensor], (pass) => accumulate(gpu!, pass, x.tensor, total.tensor));
    expect(got).toEqual(total.data.map((v, i) => v + x.data[i]!));
    expect(() => accumulate(gpu!, {} as never, x.tensor, createTensor(gpu!, "total", [3]))).toThrow(
      "accumulate: x must be [3], its shape is [70001]",
    );
  });
});

describe.skipIf(!gpu)("cross-entropy on the device", () => {
  test.each([
    { N: 1, C: 2, H: 1, W: 1 },
    { N: 2, C: 2, H: 33, W: 35 },
    { N: 3, C: 5, H: 7, W: 11 },
  ])("equals the reference, loss and gradient, for N $N, $C classes, $H x $W, some pixels left out", async ({ N, C, H, W }) => {
    const logits = filled([N, C, H, W], 1, 4);
    const labels = Uint32Array.from({ length: N * H * W }, (_, i) => ((i * 7) % 11 === 5 ? 255 : (i * 5) % C));
    const weight = Array.from({ length: C }, (_, c) => 1 + c / 2);
    const scale = 0.25;
    const labelTensor = createTensor(gpu!, "labels", [N, H, W]);
    upload(gpu!, labelTensor, labels);
    const step = createUniform(gpu!, "step", STEP_VALUES);
    upload(gpu!, step, Float32Array.of(scale, 0, 0, 0, 0));
    const weights = tensorFrom(gpu!, "class weights", [C], Float32Array.from(weight));
    const [loss, dlogits] = [createTensor(gpu!, "loss", [1]), filled([N, C, H, W], 2).tensor];
    const scratch = partials(crossEntropyPartials(N, H * W));
    const [gotLoss, got] = await runOp(gpu!, [loss, dlogits], (pass) => {
      crossEntropyForward(gpu!, pass, logits.tensor, labelTensor, weights, loss, scratch);
      crossEntropyBackward(gpu!, pass, logits.tensor, labelTensor, weights, step, dlogits);
    });
    const want = crossEntropy(logits.data, labels, weight, H * W);
    // exp is off by 3 + 2|x| units in the last place, |x| up to 8 here; log by 2^-21 near 1; division by 2.5 units (WGSL, 15.7.4.1).
    const unit = 2 * ROUNDING;
    const exponential = (3 + 2 * 8) * unit;
    const pixel = (exponential + 2 ** -21 + 8 * unit) * Math.max(...weight);
    expectClose(gotLoss!, [want.loss], { atol: labels.length * (pixel + ROUNDING * 10 * Math.max(...weight)) });
    expectClose(
      got!,
      want.dlogits.map((d) => d * scale),
      { rtol: 2 * exponential + (C + 6) * unit },
    );
  });

  test("refuses arrays that do not fit together, naming both sides", () => {
    const logits = createTensor(gpu!, "logits", [1, 2, 4, 4]);
    const record = (labels: [number, number, number], weights: number) => () =>
      crossEntropyForward(
        gpu!,
        {} as never,
        logits,
        createTensor(gpu!, "labels", labels),
        createTensor(gpu!, "w", [weights]),
        createTensor(gpu!, "loss", [1]),
        partials(1),
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
});

describe.skipIf(!gpu)("the optimiser on the device", () => {
  test.each([
    { optimiser: "adam", weightDecay: 0 },
    { optimiser: "adam", weightDecay: 0.1 },
    { optimiser: "adamw", weightDecay: 0.1 },
  ] as const)("$optimiser with weight decay $weightDecay equals the reference after three steps of changing rate", async (rule) => {
    const settings = { ...rule, betas: [0.9, 0.999], epsilon: 1e-8 } as const;
    const shape = [7, 43] as const;
    const parameter = filled(shape, 1);
    const [mean, square] = [createTensor(gpu!, "mean", shape), createTensor(gpu!, "square", shape)];
    const gradients = [2, 3, 4].map((stream) => filled(shape, stream));
    const rates = [0.01, 0.02, 0.005];
    const zeros = () => new Float64Array(elements(shape));
    const state = { parameter: Float64Array.from(parameter.data), mean: zeros(), square: zeros() };
    const steps = rates.map((rate, i) => {
      adamStep(state, gradients[i]!.data, settings, i + 1, rate);
      const step = createUniform(gpu!, "step", STEP_VALUES);
      upload(gpu!, step, Float32Array.from(stepValues(settings, i + 1, rate, 1)));
      return step;
    });
    const [got, gotMean, gotSquare] = await runOp(gpu!, [parameter.tensor, mean, square], (pass) =>
      steps.forEach((step, i) =>
        adam(gpu!, pass, settings, step, { parameter: parameter.tensor, gradient: gradients[i]!.tensor, mean, square }),
      ),
    );
    // Three products and sums a step, of values up to 1 and 1.1.
    expectClose(gotMean!, state.mean, { atol: ROUNDING * 3 * 6 });
    expectClose(gotSquare!, state.square, { rtol: ROUNDING * 3 * 8 });
    // A step moves by at most twice its rate here, off by root (4.5 units in the last place), two divisions (2.5 each), six roundings and the moments' own error.
    const moved = rates.reduce((sum, rate) => sum + 2 * rate * 36 * ROUNDING, 0);
    expectClose(got!, state.parameter, { atol: moved + 3 * 2 * ROUNDING });
  });

  test("refuses a moment of another shape", () => {
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
});
