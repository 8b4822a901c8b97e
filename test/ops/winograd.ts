// The convolution by Winograd's method, on sizes with remainders of every kind, in one chunk of tiles and in several.
import { conv2dForward as conv2dReference } from "../../packages/gpu-unet/reference/conv2d.ts";
import { winograd, winogradRoundings } from "../../packages/gpu-unet/reference/winograd.ts";
import { elu } from "../../packages/gpu-unet/reference/activation.ts";
import { candidates } from "../../packages/gpu-unet/src/blocks.ts";
import { createWinogradScratch, winogradForward, winogradWeight, winogradWeightShape } from "../../packages/gpu-unet/src/ops/winograd.ts";
import { ROUNDING, type CaseDevice, type Claim, type OpCase } from "./case.ts";

/** Sizes of a 3x3 convolution; `block` is the place of its block among the candidates. */
interface WinogradCase {
  readonly N: number;
  readonly CI: number;
  readonly CO: number;
  readonly H: number;
  readonly W: number;
  readonly block: number;
  /** Whether the scratch is cut so that the tiles come in several chunks. */
  readonly isChunked?: boolean;
}

const table: readonly WinogradCase[] = [
  { N: 1, CI: 1, CO: 1, H: 1, W: 1, block: 0 },
  { N: 2, CI: 3, CO: 5, H: 7, W: 11, block: 1 },
  { N: 3, CI: 2, CO: 1, H: 4, W: 3, block: 2 },
  { N: 2, CI: 5, CO: 9, H: 33, W: 18, block: 3 },
  { N: 1, CI: 19, CO: 67, H: 6, W: 5, block: 0 },
  { N: 1, CI: 19, CO: 67, H: 6, W: 5, block: 4 },
  { N: 1, CI: 9, CO: 130, H: 4, W: 8, block: 5 },
  { N: 5, CI: 2, CO: 3, H: 34, W: 69, block: 0, isChunked: true },
  { N: 2, CI: 3, CO: 2, H: 45, W: 45, block: 2, isChunked: true },
];

async function winogradClaims(device: CaseDevice, { block, isChunked = false, ...layer }: WinogradCase): Promise<Claim[]> {
  const { gpu } = device;
  const { N, CI, CO, H, W } = layer;
  const sizes = { ...layer, K: 3 };
  const [x, weight, bias] = [device.filled([N, CI, H, W], 1), device.filled([CO, CI, 3, 3], 2), device.filled([CO], 3)];
  const u = device.empty(winogradWeightShape([CO, CI, 3, 3]));
  const [y, activated] = [device.empty([N, CO, H, W]), device.empty([N, CO, H, W])];
  const scratch = createWinogradScratch(gpu, [layer], isChunked ? 1 : undefined);
  const [got, gotActivated] = await device.run([y, activated], (pass) => {
    winogradWeight(gpu, pass, weight.tensor, u);
    winogradForward(gpu, pass, x.tensor, u, bias.tensor, y, null, candidates["winograd-product"][block]!, scratch);
    winogradForward(gpu, pass, x.tensor, u, bias.tensor, activated, "elu", candidates["winograd-product"][block]!, scratch);
  });
  const want = conv2dReference(sizes, x.data, weight.data, bias.data);
  const magnitudes = winograd(sizes, x.data, weight.data, "magnitudes");
  const atol = magnitudes.map((size, i) => winogradRoundings(CI) * ROUNDING * (size + Math.abs(bias.data[Math.floor(i / (H * W)) % CO]!)));
  // ELU's slope is at most 1; exp is off by 3 + 2|v| units in the last place, as in pointwise.ts.
  const ofElu = atol.map((t, i) => t + 2 * ROUNDING * ((3 + 2 * Math.abs(want[i]!)) * Math.min(1, Math.exp(want[i]!)) + 1));
  return [
    { what: "y", got: got!, want, atol },
    { what: "elu(y)", got: gotActivated!, want: elu(want), atol: ofElu },
  ];
}

/** Winograd's part of the table. */
export const winogradCases: readonly OpCase[] = table.map((sizes) => ({
  title:
    `conv2d by Winograd's method equals the reference for N ${sizes.N}, CI ${sizes.CI}, CO ${sizes.CO}, ${sizes.H} x ${sizes.W}, ` +
    `block ${sizes.block}${sizes.isChunked ? ", in chunks" : ""}`,
  run: (device) => winogradClaims(device, sizes),
}));
