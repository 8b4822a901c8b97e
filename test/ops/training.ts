// What a training step adds: the loss with its gradient, and the optimiser.
import { adamStep } from "../../packages/gpu-unet/reference/adam.ts";
import { crossEntropy } from "../../packages/gpu-unet/reference/cross-entropy.ts";
import { adam, stepValues, STEP_VALUES } from "../../packages/gpu-unet/src/ops/adam.ts";
import { crossEntropyBackward, crossEntropyForward, crossEntropyPartials } from "../../packages/gpu-unet/src/ops/cross-entropy.ts";
import { createUniform, elements, upload, type Tensor } from "../../packages/gpu-unet/src/tensor.ts";
import { softDice } from "../../packages/gpu-unet/reference/soft-dice.ts";
import { softDiceBackward, softDiceForward, softDiceLoss, softDicePartials } from "../../packages/gpu-unet/src/ops/soft-dice.ts";
import { ROUNDING, type CaseDevice, type OpCase } from "./case.ts";

/** The small uniform that carries a step's changing values. */
function uniform(device: CaseDevice, values: readonly number[]): Tensor {
  const step = createUniform(device.gpu, "step", STEP_VALUES);
  upload(device.gpu, step, Float32Array.from(values));
  return step;
}

const losses = [
  { N: 1, C: 2, H: 1, W: 1 },
  { N: 2, C: 2, H: 33, W: 35 },
  { N: 3, C: 5, H: 7, W: 11 },
].map(({ N, C, H, W }): OpCase => ({
  title: `cross-entropy equals the reference, loss and gradient, for N ${N}, ${C} classes, ${H} x ${W}, some pixels left out`,
  async run(device) {
    const logits = device.filled([N, C, H, W], 1, 4);
    const labels = Uint32Array.from({ length: N * H * W }, (_, i) => ((i * 7) % 11 === 5 ? 255 : (i * 5) % C));
    const weight = Array.from({ length: C }, (_, c) => 1 + c / 2);
    const scale = 0.25;
    const labelTensor = device.empty([N, H, W]);
    upload(device.gpu, labelTensor, labels);
    const step = uniform(device, [scale, 0, 0, 0, 0]);
    const weights = device.from([C], Float32Array.from(weight));
    const [loss, dlogits] = [device.empty([1]), device.filled([N, C, H, W], 2).tensor];
    const scratch = device.partials(crossEntropyPartials(N, H * W));
    const [gotLoss, got] = await device.run([loss, dlogits], (pass) => {
      crossEntropyForward(device.gpu, pass, logits.tensor, labelTensor, weights, loss, scratch);
      crossEntropyBackward(device.gpu, pass, logits.tensor, labelTensor, weights, step, dlogits);
    });
    const want = crossEntropy(logits.data, labels, weight, H * W);
    // exp is off by 3 + 2|x| units in the last place, |x| up to 8 here; log by 2^-21 near 1; division by 2.5 units (WGSL, 15.7.4.1).
    const unit = 2 * ROUNDING;
    const exponential = (3 + 2 * 8) * unit;
    const pixel = (exponential + 2 ** -21 + 8 * unit) * Math.max(...weight);
    return [
      { what: "loss", got: gotLoss!, want: [want.loss], atol: labels.length * (pixel + ROUNDING * 10 * Math.max(...weight)) },
      { what: "dlogits", got: got!, want: want.dlogits.map((d) => d * scale), rtol: 2 * exponential + (C + 6) * unit },
    ];
  },
}));

const overlaps = [
  { N: 1, C: 2, H: 1, W: 1 },
  { N: 2, C: 2, H: 33, W: 35 },
  { N: 3, C: 5, H: 7, W: 11 },
].map(({ N, C, H, W }): OpCase => ({
  title: `soft Dice equals the reference, sums, loss and gradient, for N ${N}, ${C} classes, ${H} x ${W}, some pixels left out`,
  async run(device) {
    const logits = device.filled([N, C, H, W], 1, 4);
    // The last slice has no foreground.
    const labels = Uint32Array.from({ length: N * H * W }, (_, i) => ((i * 7) % 11 === 5 ? 255 : i < (N - 1) * H * W ? (i * 5) % C : 0));
    const smooth = 1;
    const labelTensor = device.empty([N, H, W]);
    upload(device.gpu, labelTensor, labels);
    const step = uniform(device, [0, 0, 0, 0, 0, 1 / N]);
    const [sums, dlogits] = [device.empty([N, 2]), device.filled([N, C, H, W], 2).tensor];
    const scratch = device.partials(softDicePartials(N, H * W));
    const [gotSums, got] = await device.run([sums, dlogits], (pass) => {
      softDiceForward(device.gpu, pass, logits.tensor, labelTensor, sums, scratch);
      softDiceBackward(device.gpu, pass, logits.tensor, labelTensor, sums, step, smooth, dlogits);
    });
    const want = softDice(logits.data, labels, C, H * W, smooth);
    // exp as for cross-entropy; a quotient of sums of them has twice its error, C additions and a division of 2.5 units.
    const unit = 2 * ROUNDING;
    const quotient = 2 * (3 + 2 * 8) * unit + (C + 3) * unit;
    // All terms of a sum are positive, so its error is relative: 16 strided additions, 6 of the tree, then the workgroups.
    const sum = quotient + (22 + Math.ceil((H * W) / 1024)) * unit;
    // D, a quotient of two sums, is at most 1, and 2 - D at least 1: D's relative error bounds that of D - 2y.
    const overlap = 2 * sum + 5 * unit;
    return [
      { what: "sums", got: gotSums!, want: want.sums, rtol: sum },
      { what: "loss", got: [softDiceLoss(gotSums!, N, smooth)], want: [want.loss], atol: overlap },
      { what: "dlogits", got: got!, want: want.dlogits, rtol: overlap + sum + 2 * quotient + 10 * unit },
    ];
  },
}));

const rules = [
  { optimiser: "adam", weightDecay: 0 },
  { optimiser: "adam", weightDecay: 0.1 },
  { optimiser: "adamw", weightDecay: 0.1 },
] as const;

/** The loss's and the optimiser's part of the table. */
export const trainingCases: readonly OpCase[] = [
  ...losses,
  ...overlaps,
  ...rules.map((rule): OpCase => ({
    title: `${rule.optimiser} with weight decay ${rule.weightDecay} equals the reference after three steps of changing rate`,
    async run(device) {
      const settings = { ...rule, betas: [0.9, 0.999], epsilon: 1e-8 } as const;
      const shape = [7, 43] as const;
      const parameter = device.filled(shape, 1);
      const [mean, square] = [device.empty(shape), device.empty(shape)];
      const gradients = [2, 3, 4].map((stream) => device.filled(shape, stream));
      const rates = [0.01, 0.02, 0.005];
      const zeros = () => new Float64Array(elements(shape));
      const state = { parameter: Float64Array.from(parameter.data), mean: zeros(), square: zeros() };
      const steps = rates.map((rate, i) => {
        adamStep(state, gradients[i]!.data, settings, i + 1, rate);
        return uniform(device, stepValues(settings, i + 1, rate, 1));
      });
      const [got, gotMean, gotSquare] = await device.run([parameter.tensor, mean, square], (pass) =>
        steps.forEach((step, i) =>
          adam(device.gpu, pass, settings, step, { parameter: parameter.tensor, gradient: gradients[i]!.tensor, mean, square }),
        ),
      );
      // A step moves by at most twice its rate here, off by root (4.5 units in the last place), two divisions (2.5 each), six roundings and the moments' own error.
      const moved = rates.reduce((sum, rate) => sum + 2 * rate * 36 * ROUNDING, 0);
      return [
        // Three products and sums a step, of values up to 1 and 1.1.
        { what: "mean", got: gotMean!, want: state.mean, atol: ROUNDING * 3 * 6 },
        { what: "square", got: gotSquare!, want: state.square, rtol: ROUNDING * 3 * 8 },
        { what: "parameter", got: got!, want: state.parameter, atol: moved + 3 * 2 * ROUNDING },
      ];
    },
  })),
];
