// The convolution in half precision, on small, awkward sizes, and the flag that it raises beyond its range.
import { elu } from "../../packages/gpu-unet/reference/activation.ts";
import { conv2dForward as conv2dReference } from "../../packages/gpu-unet/reference/conv2d.ts";
import { maxPool2d } from "../../packages/gpu-unet/reference/pool.ts";
import { candidates } from "../../packages/gpu-unet/src/blocks.ts";
import { halfBound, halfLimit } from "../../packages/gpu-unet/src/half-check.ts";
import { conv2dForwardHalf } from "../../packages/gpu-unet/src/ops/conv2d.ts";
import type { Tensor } from "../../packages/gpu-unet/src/tensor.ts";
import { largest, ROUNDING, type CaseDevice, type Claim, type OpCase } from "./case.ts";

/** Sizes of a 3x3 convolution; `block` is the place of its block among the candidates, `scale` the size of its pixels. */
interface HalfCase {
  readonly N: number;
  readonly CI: number;
  readonly CO: number;
  readonly H: number;
  readonly W: number;
  readonly block: number;
  readonly scale?: number;
}

const table: readonly HalfCase[] = [
  { N: 1, CI: 1, CO: 1, H: 1, W: 1, block: 0 },
  { N: 2, CI: 3, CO: 5, H: 7, W: 11, block: 1 },
  { N: 2, CI: 5, CO: 9, H: 33, W: 18, block: 2 },
  { N: 1, CI: 64, CO: 17, H: 6, W: 5, block: 3 },
  { N: 1, CI: 2, CO: 3, H: 34, W: 69, block: 4 },
  { N: 1, CI: 5, CO: 3, H: 34, W: 69, block: 5 },
  { N: 3, CI: 2, CO: 1, H: 9, W: 10, block: 6 },
  { N: 1, CI: 3, CO: 2, H: 20, W: 70, block: 7 },
  // Near the upper and the lower end of the range.
  { N: 1, CI: 5, CO: 9, H: 9, W: 10, block: 0, scale: 7000 },
  { N: 1, CI: 5, CO: 9, H: 9, W: 10, block: 0, scale: 2 ** -14 },
];

const inWords = ({ N, CI, CO, H, W, block, scale = 1 }: HalfCase) =>
  `N ${N}, CI ${CI}, CO ${CO}, ${H} x ${W}, block ${block}, pixels up to ${scale}`;

/** A flag's value: u32, read back as the float32 with its bits, of which 0 alone is 0. */
const isRaised = (flag: Float32Array) => [flag[0] === 0 ? 0 : 1];

async function halfClaims(device: CaseDevice, { block, scale = 1, ...layer }: HalfCase): Promise<Claim[]> {
  const { N, CI, CO, H, W } = layer;
  const sizes = { ...layer, K: 3 };
  const [x, weight, bias] = [device.filled([N, CI, H, W], 1, scale), device.filled([CO, CI, 3, 3], 2), device.filled([CO], 3)];
  const guard = { limit: halfLimit(weight.data, 3)!, overflow: device.empty([1]) };
  const [y, activated] = [device.empty([N, CO, H, W]), device.empty([N, CO, H, W])];
  const [OH, OW] = [Math.floor(H / 2), Math.floor(W / 2)];
  const pooled = OH * OW > 0 ? device.empty([N, CO, OH, OW]) : null;
  const results: Tensor[] = [y, activated, guard.overflow, ...(pooled ? [pooled] : [])];
  const [got, gotActivated, flag, gotPooled] = await device.run(results, (pass) => {
    const run = (into: typeof y, activation: "elu" | null, pool: 1 | 2) =>
      conv2dForwardHalf(
        device.gpu,
        pass,
        x.tensor,
        weight.tensor,
        bias.tensor,
        into,
        activation,
        pool,
        candidates["conv2d-forward-f16"][block]!,
        guard,
      );
    run(y, null, 1);
    run(activated, "elu", 1);
    if (pooled) run(pooled, "elu", 2);
  });
  const want = conv2dReference(sizes, x.data, weight.data, bias.data);
  const magnitudes = conv2dReference(sizes, x.data.map(Math.abs), weight.data.map(Math.abs), new Float32Array(CO));
  const most = { weight: largest(weight.data), x: largest(x.data) };
  const atol = magnitudes.map((size, i) => halfBound({ CI, K: 3 }, size, bias.data[Math.floor(i / (H * W)) % CO]!, most));
  // As for Winograd's method.
  const ofElu = atol.map((t, i) => t + 2 * ROUNDING * ((3 + 2 * Math.abs(want[i]!)) * Math.min(1, Math.exp(want[i]!)) + 1));
  return [
    { what: "y", got: got!, want, atol },
    { what: "elu(y)", got: gotActivated!, want: elu(want), atol: ofElu },
    { what: "overflow", got: isRaised(flag!), want: [0] },
    ...(gotPooled ? [{ what: "pooled", got: gotPooled, want: maxPool2d(gotActivated!, N * CO, H, W) }] : []),
  ];
}

/** The flag after a layer of which one pixel is this many times the limit. */
async function flagAt(device: CaseDevice, times: number): Promise<number[]> {
  const weight = device.filled([3, 2, 3, 3], 2);
  const limit = halfLimit(weight.data, 3)!;
  const x = device.filled([1, 2, 9, 10], 1);
  x.data[137] = -limit * times;
  const overflow = device.empty([1]);
  const [flag] = await device.run([overflow], (pass) => {
    const [bias, y] = [device.from([3], new Float32Array(3)), device.empty([1, 3, 9, 10])];
    const block = candidates["conv2d-forward-f16"][0]!;
    conv2dForwardHalf(device.gpu, pass, device.from(x.tensor.shape, x.data), weight.tensor, bias, y, null, 1, block, { limit, overflow });
  });
  return isRaised(flag!);
}

/** Half precision's part of the table. */
export const conv2dHalfCases: readonly OpCase[] = [
  ...table.map((sizes): OpCase => ({
    title: `conv2d in half precision lies within its bound of the reference, and pools without loss, for ${inWords(sizes)}`,
    needs: "shader-f16",
    run: (device) => halfClaims(device, sizes),
  })),
  {
    title: "conv2d in half precision raises its flag for a pixel beyond the limit, and not for one below",
    needs: "shader-f16",
    run: async (device) => [
      { what: "below", got: await flagAt(device, 0.999), want: [0] },
      { what: "beyond", got: await flagAt(device, 1.001), want: [1] },
      { what: "far beyond", got: await flagAt(device, 1e9), want: [1] },
    ],
  },
];
