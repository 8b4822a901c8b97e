// The layers that treat each value alone: activations, concatenation, accumulation.
import { elu, eluBackward, relu, reluBackward } from "../../packages/gpu-unet/reference/activation.ts";
import { accumulate } from "../../packages/gpu-unet/src/ops/accumulate.ts";
import { activationBackward, type Activation } from "../../packages/gpu-unet/src/ops/activation.ts";
import { concatenateBackward, concatenateForward } from "../../packages/gpu-unet/src/ops/concatenate.ts";
import { conv2dForward } from "../../packages/gpu-unet/src/ops/conv2d.ts";
import type { Images } from "../../packages/gpu-unet/src/tensor.ts";
import { ROUNDING, type CaseDevice, type OpCase } from "./case.ts";

/** The activation of each value: the convolution's kernel has it, so it comes after a 1x1 convolution with weight 1 and bias 0, one channel an image. */
async function activated(device: CaseDevice, activation: Activation, x: Images): Promise<Float32Array> {
  const [N, C, H, W] = x.shape;
  const images: Images = { ...x, shape: [N * C, 1, H, W] };
  const [one, zero] = [device.from([1, 1, 1, 1], Float32Array.of(1)), device.from([1], Float32Array.of(0))];
  const y = device.empty([N * C, 1, H, W]);
  const [got] = await device.run([y], (pass) => conv2dForward(device.gpu, pass, images, one, zero, y, activation));
  return got!;
}

const shapes = [
  [1, 1, 1, 1],
  [2, 3, 5, 13],
  [1, 2, 8, 8],
  [3, 1, 9, 29],
] as const;

const forward: readonly OpCase[] = shapes.flatMap((shape): OpCase[] => [
  {
    title: `elu equals the reference on (${shape}), from -20 to 20`,
    async run(device) {
      const x = device.filled(shape, 4, 20);
      const got = await activated(device, "elu", x.tensor);
      // exp is off by at most 3 + 2|x| units in the last place (WGSL, 15.7.4.1), the subtraction rounds once more.
      const atol = x.data.map((v) => (v > 0 ? 0 : 2 * ROUNDING * ((3 + 2 * Math.abs(v)) * Math.exp(v) + 1)));
      return [{ what: "elu", got, want: elu(x.data), atol }];
    },
  },
  {
    title: `relu equals the reference on (${shape})`,
    async run(device) {
      const x = device.filled(shape, 6);
      return [{ what: "relu", got: await activated(device, "relu", x.tensor), want: relu(x.data) }];
    },
  },
]);

const gradients = (["elu", "relu"] as const).map((activation): OpCase => ({
  title: `${activation}'s gradient equals the reference from the activation's result`,
  async run(device) {
    const [x, dy] = [device.filled([2, 3, 5, 13], 4, 4), device.filled([2, 3, 5, 13], 5)];
    const result = (activation === "elu" ? elu : relu)(x.data);
    const [y, d] = [device.from(x.tensor.shape, Float32Array.from(result)), device.from(x.tensor.shape, dy.data)];
    const [got] = await device.run([d], (pass) => activationBackward(device.gpu, pass, activation, y, d));
    const want = (activation === "elu" ? eluBackward : reluBackward)(x.data, dy.data);
    // y + 1 carries y's rounding and its own, the product one more, each at most half a unit of values up to 1.
    return [{ what: "dx", got: got!, want, atol: ROUNDING * 3 }];
  },
}));

/** These layers' part of the table. */
export const pointwiseCases: readonly OpCase[] = [
  ...forward,
  {
    title: "elu keeps its digits near zero, where exp(x) - 1 would lose them",
    async run(device) {
      const x = device.filled([1, 1, 16, 16], 5, 2 ** -12);
      const got = await activated(device, "elu", x.tensor);
      // Seven multiply-adds of the series, of which all but the last are scaled by x.
      return [{ what: "elu", got, want: elu(x.data), rtol: ROUNDING * 4 }];
    },
  },
  ...gradients,
  {
    title: "concatenation puts a before b in each image, and its gradient takes them apart again",
    async run(device) {
      const [a, b] = [device.filled([2, 3, 5, 14], 1), device.filled([2, 2, 5, 14], 2)];
      const [y, da, db] = [device.empty([2, 5, 5, 14]), device.empty([2, 3, 5, 14]), device.empty([2, 2, 5, 14])];
      const [got, gotA, gotB] = await device.run([y, da, db], (pass) => {
        concatenateForward(device.gpu, pass, a.tensor, b.tensor, y);
        concatenateBackward(device.gpu, pass, y, da, db);
      });
      const part = (values: Float32Array, n: number, C: number) => [...values.subarray(n * C * 70, (n + 1) * C * 70)];
      return [
        { what: "y", got: got!, want: [0, 1].flatMap((n) => [...part(a.data, n, 3), ...part(b.data, n, 2)]) },
        { what: "da", got: gotA!, want: a.data },
        { what: "db", got: gotB!, want: b.data },
      ];
    },
  },
  {
    title: "accumulate adds to what is there",
    async run(device) {
      const [x, total] = [device.filled([70001], 1), device.filled([70001], 2)];
      const [got] = await device.run([total.tensor], (pass) => accumulate(device.gpu, pass, x.tensor, total.tensor));
      return [{ what: "total", got: got!, want: total.data.map((v, i) => v + x.data[i]!) }];
    },
  },
];
