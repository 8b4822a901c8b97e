// The convolution, forward, pooled and backward, on small, awkward sizes.
import { biasBackward, conv2dBackward, conv2dForward as conv2dReference } from "../../packages/gpu-unet/reference/conv2d.ts";
import { maxPool2d } from "../../packages/gpu-unet/reference/pool.ts";
import { conv2dBackwardInput, conv2dBackwardParameters, conv2dForward, conv2dPartials } from "../../packages/gpu-unet/src/ops/conv2d.ts";
import { largest, sumBound, type CaseDevice, type Claim, type OpCase } from "./case.ts";

/** Sizes of a convolution. */
interface Conv2dCase {
  readonly N: number;
  readonly CI: number;
  readonly CO: number;
  readonly H: number;
  readonly W: number;
  readonly K: number;
}

const forward: readonly Conv2dCase[] = [
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
  // More than one tile of any block in both directions.
  { N: 1, CI: 2, CO: 3, H: 34, W: 69, K: 3 },
];

const backward: readonly Conv2dCase[] = [
  { N: 1, CI: 1, CO: 1, H: 1, W: 1, K: 3 },
  { N: 1, CI: 2, CO: 1, H: 1, W: 17, K: 3 },
  { N: 2, CI: 3, CO: 5, H: 7, W: 11, K: 3 },
  { N: 3, CI: 7, CO: 2, H: 13, W: 19, K: 1 },
  { N: 2, CI: 3, CO: 2, H: 9, W: 10, K: 5 },
  { N: 2, CI: 9, CO: 17, H: 5, W: 3, K: 3 },
  { N: 1, CI: 1, CO: 2, H: 3, W: 133, K: 3 },
  { N: 1, CI: 2, CO: 3, H: 34, W: 69, K: 3 },
  // More rows than there are shares.
  { N: 2, CI: 1, CO: 1, H: 1500, W: 1, K: 3 },
];

/** y beside its definition. */
async function conv2dForwardClaims(device: CaseDevice, sizes: Conv2dCase): Promise<Claim[]> {
  const { N, CI, CO, H, W, K } = sizes;
  const [x, weight, bias] = [device.filled([N, CI, H, W], 1), device.filled([CO, CI, K, K], 2), device.filled([CO], 3)];
  const y = device.empty([N, CO, H, W]);
  const [got] = await device.run([y], (pass) => conv2dForward(device.gpu, pass, x.tensor, weight.tensor, bias.tensor, y));
  const want = conv2dReference(sizes, x.data, weight.data, bias.data);
  const largestTerm = Math.max(largest(x.data) * largest(weight.data), largest(bias.data));
  return [{ what: "y", got: got!, want, ...sumBound(CI * K * K + 1, largestTerm) }];
}

/** dx, dweight and dbias beside their definitions. */
async function conv2dBackwardClaims(device: CaseDevice, sizes: Conv2dCase): Promise<Claim[]> {
  const { N, CI, CO, H, W, K } = sizes;
  const [x, weight, dy] = [device.filled([N, CI, H, W], 1), device.filled([CO, CI, K, K], 2), device.filled([N, CO, H, W], 3)];
  const [dx, dweight, dbias] = [device.empty([N, CI, H, W]), device.empty([CO, CI, K, K]), device.empty([CO])];
  const scratch = device.partials(conv2dPartials(N, H, dweight.shape));
  const [gotX, gotWeight, gotBias] = await device.run([dx, dweight, dbias], (pass) => {
    conv2dBackwardParameters(device.gpu, pass, x.tensor, dy.tensor, dweight, dbias, scratch);
    conv2dBackwardInput(device.gpu, pass, weight.tensor, dy.tensor, dx);
  });
  const want = conv2dBackward(sizes, x.data, weight.data, dy.data);
  const [mostX, mostWeight, mostDy] = [largest(x.data), largest(weight.data), largest(dy.data)];
  return [
    { what: "dx", got: gotX!, want: want.dx, ...sumBound(CO * K * K, mostWeight * mostDy) },
    { what: "dweight", got: gotWeight!, want: want.dweight, ...sumBound(N * H * W, mostX * mostDy) },
    { what: "dbias", got: gotBias!, want: biasBackward(dy.data, CO, H * W), ...sumBound(N * H * W, mostDy) },
  ];
}

/** A pooled y beside the largest of the y that is not: no rounding comes in, so no difference is allowed. */
async function pooledClaims(device: CaseDevice, sizes: Conv2dCase): Promise<Claim[]> {
  const { N, CI, CO, H, W, K } = sizes;
  const [x, weight, bias] = [device.filled([N, CI, H, W], 1), device.filled([CO, CI, K, K], 2), device.filled([CO], 3)];
  const [y, pooled] = [device.empty([N, CO, H, W]), device.empty([N, CO, Math.floor(H / 2), Math.floor(W / 2)])];
  const [whole, got] = await device.run([y, pooled], (pass) => {
    conv2dForward(device.gpu, pass, x.tensor, weight.tensor, bias.tensor, y, "elu");
    conv2dForward(device.gpu, pass, x.tensor, weight.tensor, bias.tensor, pooled, "elu", 2);
  });
  return [{ what: "pooled", got: got!, want: maxPool2d(whole!, N * CO, H, W) }];
}

const inWords = ({ N, CI, CO, H, W, K }: Conv2dCase) => `N ${N}, CI ${CI}, CO ${CO}, ${H} x ${W}, K ${K}`;

/** The convolution's part of the table. */
export const conv2dCases: readonly OpCase[] = [
  ...forward.map((sizes) => ({
    title: `conv2d equals the reference for ${inWords(sizes)}`,
    run: (device: CaseDevice) => conv2dForwardClaims(device, sizes),
  })),
  ...forward
    .filter(({ H, W }) => H > 1 && W > 1)
    .map((sizes) => ({
      title: `conv2d that pools gives the largest of each 2 x 2 of what it gives without, to the last bit, for ${inWords(sizes)}`,
      run: (device: CaseDevice) => pooledClaims(device, sizes),
    })),
  ...backward.map((sizes) => ({
    title: `conv2d's gradients equal the reference for ${inWords(sizes)}`,
    run: (device: CaseDevice) => conv2dBackwardClaims(device, sizes),
  })),
];
