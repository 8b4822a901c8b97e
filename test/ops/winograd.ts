// The convolution by Winograd's method, forward and backward to its input, on sizes with remainders of every kind, in one chunk of tiles and in several.
import { conv2dBackward, conv2dForward as conv2dReference } from "../../packages/gpu-unet/reference/conv2d.ts";
import { winograd, winogradRoundings } from "../../packages/gpu-unet/reference/winograd.ts";
import { elu } from "../../packages/gpu-unet/reference/activation.ts";
import { maxPool2d } from "../../packages/gpu-unet/reference/pool.ts";
import { candidates } from "../../packages/gpu-unet/src/blocks.ts";
import {
  createWinogradScratch,
  winogradBackwardInput,
  winogradForward,
  winogradWeight,
  winogradWeightShape,
} from "../../packages/gpu-unet/src/ops/winograd.ts";
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
  { N: 1, CI: 19, CO: 67, H: 6, W: 5, block: 6 },
  { N: 2, CI: 3, CO: 9, H: 33, W: 18, block: 7 },
  { N: 5, CI: 2, CO: 3, H: 34, W: 69, block: 6, isChunked: true },
  { N: 5, CI: 2, CO: 3, H: 34, W: 69, block: 0, isChunked: true },
  { N: 2, CI: 3, CO: 2, H: 45, W: 45, block: 2, isChunked: true },
];

async function winogradClaims(device: CaseDevice, { block, isChunked = false, ...layer }: WinogradCase): Promise<Claim[]> {
  const { gpu } = device;
  const { N, CI, CO, H, W } = layer;
  const sizes = { ...layer, K: 3 };
  const [x, weight, bias] = [device.filled([N, CI, H, W], 1), device.filled([CO, CI, 3, 3], 2), device.filled([CO], 3)];
  const cut = candidates["winograd-product"][block]!;
  const u = device.empty(winogradWeightShape([CO, CI, 3, 3], "forward"));
  const [y, activated] = [device.empty([N, CO, H, W]), device.empty([N, CO, H, W])];
  const [OH, OW] = [Math.floor(H / 2), Math.floor(W / 2)];
  // Without a pair of rows and columns there is nothing to pool, and no buffer of no bytes.
  const pooled = OH * OW > 0 ? device.empty([N, CO, OH, OW]) : null;
  const scratch = createWinogradScratch(gpu, [layer], isChunked ? 1 : undefined);
  const [got, gotActivated, gotPooled] = await device.run([y, activated, ...(pooled ? [pooled] : [])], (pass) => {
    winogradWeight(gpu, pass, weight.tensor, u, "forward");
    winogradForward(gpu, pass, x.tensor, u, bias.tensor, y, null, 1, cut, scratch);
    winogradForward(gpu, pass, x.tensor, u, bias.tensor, activated, "elu", 1, cut, scratch);
    if (pooled) winogradForward(gpu, pass, x.tensor, u, bias.tensor, pooled, "elu", 2, cut, scratch);
  });
  const want = conv2dReference(sizes, x.data, weight.data, bias.data);
  const magnitudes = winograd(sizes, x.data, weight.data, "magnitudes");
  const atol = magnitudes.map((size, i) => winogradRoundings(CI) * ROUNDING * (size + Math.abs(bias.data[Math.floor(i / (H * W)) % CO]!)));
  // ELU's slope is at most 1; exp is off by 3 + 2|v| units in the last place, as in pointwise.ts.
  const ofElu = atol.map((t, i) => t + 2 * ROUNDING * ((3 + 2 * Math.abs(want[i]!)) * Math.min(1, Math.exp(want[i]!)) + 1));
  return [
    { what: "y", got: got!, want, atol },
    { what: "elu(y)", got: gotActivated!, want: elu(want), atol: ofElu },
    // The largest of four of the values that were just made: no rounding comes in.
    ...(gotPooled ? [{ what: "pooled", got: gotPooled, want: maxPool2d(gotActivated!, N * CO, H, W) }] : []),
  ];
}

async function winogradBackwardClaims(device: CaseDevice, { block, isChunked = false, ...layer }: WinogradCase): Promise<Claim[]> {
  const { gpu } = device;
  const { N, CI, CO, H, W } = layer;
  const sizes = { ...layer, K: 3 };
  const [weight, dy] = [device.filled([CO, CI, 3, 3], 2), device.filled([N, CO, H, W], 4)];
  const u = device.empty(winogradWeightShape([CO, CI, 3, 3], "backward"));
  const dx = device.filled([N, CI, H, W], 5).tensor;
  const scratch = createWinogradScratch(gpu, [{ N, CI: CO, CO: CI, H, W }], isChunked ? 1 : undefined);
  const [got] = await device.run([dx], (pass) => {
    winogradWeight(gpu, pass, weight.tensor, u, "backward");
    winogradBackwardInput(gpu, pass, dy.tensor, u, dx, candidates["winograd-backward-input"][block]!, scratch);
  });
  const want = conv2dBackward(sizes, new Float32Array(N * CI * H * W), weight.data, dy.data).dx;
  // The way back is a convolution of dy with the filters turned round, whose magnitudes are those of the reference forward.
  const turned = Float64Array.from(weight.data, (_, i) => {
    const [ci, co, tap] = [Math.floor(i / (CO * 9)), Math.floor(i / 9) % CO, i % 9];
    return weight.data[(co * CI + ci) * 9 + 8 - tap]!;
  });
  const magnitudes = winograd({ N, CI: CO, CO: CI, H, W, K: 3 }, dy.data, turned, "magnitudes");
  return [{ what: "dx", got: got!, want, atol: magnitudes.map((size) => winogradRoundings(CO) * ROUNDING * size) }];
}

const inWords = ({ N, CI, CO, H, W, block, isChunked }: WinogradCase) =>
  `N ${N}, CI ${CI}, CO ${CO}, ${H} x ${W}, block ${block}${isChunked ? ", in chunks" : ""}`;
const needs = ({ block }: WinogradCase) => ("LANES_S" in candidates["winograd-product"][block]! ? { needs: "subgroups" as const } : {});

/** Winograd's part of the table. */
export const winogradCases: readonly OpCase[] = table.flatMap((sizes): OpCase[] => [
  {
    title: `conv2d by Winograd's method equals the reference for ${inWords(sizes)}`,
    ...needs(sizes),
    run: (device) => winogradClaims(device, sizes),
  },
  {
    title: `conv2d's gradient of its input by Winograd's method equals the reference for ${inWords(sizes)}`,
    ...needs(sizes),
    run: (device) => winogradBackwardClaims(device, sizes),
  },
]);
