// The upsampling layer, forward and backward, on small, awkward sizes.
import {
  convTranspose2dBackward,
  convTranspose2dForward as convTranspose2dReference,
} from "../../packages/gpu-unet/reference/conv-transpose2d.ts";
import { biasBackward } from "../../packages/gpu-unet/reference/conv2d.ts";
import {
  convTranspose2dBackwardInput,
  convTranspose2dBackwardParameters,
  convTranspose2dForward,
  convTranspose2dPartials,
} from "../../packages/gpu-unet/src/ops/conv-transpose2d.ts";
import { largest, sumBound, type CaseDevice, type Claim, type OpCase } from "./case.ts";

/** Sizes of an upsampling. */
interface ConvTranspose2dCase {
  readonly N: number;
  readonly CI: number;
  readonly CO: number;
  readonly H: number;
  readonly W: number;
}

const table: readonly ConvTranspose2dCase[] = [
  { N: 1, CI: 1, CO: 1, H: 1, W: 1 },
  { N: 2, CI: 3, CO: 5, H: 7, W: 11 },
  { N: 3, CI: 17, CO: 2, H: 1, W: 9 },
  { N: 1, CI: 5, CO: 18, H: 9, W: 2 },
  { N: 1, CI: 2, CO: 1, H: 2, W: 67 },
  { N: 1, CI: 2, CO: 3, H: 19, W: 18 },
  // More rows than there are shares.
  { N: 2, CI: 1, CO: 1, H: 1500, W: 1 },
];

/** y, dx, dweight and dbias beside their definitions. */
async function convTranspose2dClaims(device: CaseDevice, sizes: ConvTranspose2dCase): Promise<Claim[]> {
  const { N, CI, CO, H, W } = sizes;
  const { gpu } = device;
  const [x, weight, bias] = [device.filled([N, CI, H, W], 1), device.filled([CI, CO, 2, 2], 2), device.filled([CO], 3)];
  const dy = device.filled([N, CO, 2 * H, 2 * W], 4);
  const y = device.empty([N, CO, 2 * H, 2 * W]);
  const [dx, dweight, dbias] = [device.empty([N, CI, H, W]), device.empty([CI, CO, 2, 2]), device.empty([CO])];
  const scratch = device.partials(convTranspose2dPartials(N, H, dweight.shape));
  const [got, gotX, gotWeight, gotBias] = await device.run([y, dx, dweight, dbias], (pass) => {
    convTranspose2dForward(gpu, pass, x.tensor, weight.tensor, bias.tensor, y);
    convTranspose2dBackwardParameters(gpu, pass, x.tensor, dy.tensor, dweight, dbias, scratch);
    convTranspose2dBackwardInput(gpu, pass, weight.tensor, dy.tensor, dx);
  });
  const want = convTranspose2dBackward(sizes, x.data, weight.data, dy.data);
  const [mostX, mostWeight, mostDy] = [largest(x.data), largest(weight.data), largest(dy.data)];
  return [
    { what: "y", got: got!, want: convTranspose2dReference(sizes, x.data, weight.data, bias.data), ...sumBound(CI + 1, 1) },
    { what: "dx", got: gotX!, want: want.dx, ...sumBound(CO * 4, mostWeight * mostDy) },
    { what: "dweight", got: gotWeight!, want: want.dweight, ...sumBound(N * H * W, mostX * mostDy) },
    { what: "dbias", got: gotBias!, want: biasBackward(dy.data, CO, 4 * H * W), ...sumBound(4 * N * H * W, mostDy) },
  ];
}

/** The upsampling layer's part of the table. */
export const convTranspose2dCases: readonly OpCase[] = table.map((sizes) => ({
  title: `convTranspose2d and its gradients equal the reference for N ${sizes.N}, CI ${sizes.CI}, CO ${sizes.CO}, ${sizes.H} x ${sizes.W}`,
  run: (device) => convTranspose2dClaims(device, sizes),
}));
