// The encoder as its layers' definitions, in f64.
import { elu, relu } from "./activation.ts";
import { conv2dForward } from "./conv2d.ts";
import { globalAveragePool, maxPool2d } from "./pool.ts";
import type { Weights } from "../src/checkpoint.ts";
import type { UNetArchitecture } from "../src/unet.ts";

/**
 * @param slices  (N, inChannels, H, W)
 * @returns       bottleneck (N, 16 * baseWidth, H/16, W/16) after its activation, pooled (N, 16 * baseWidth)
 */
export function encode(
  { baseWidth, inChannels, activation }: UNetArchitecture,
  weights: Weights,
  slices: ArrayLike<number>,
  N: number,
  H: number,
  W: number,
) {
  let [x, CI]: [ArrayLike<number>, number] = [slices, inChannels];
  for (let level = 0; level < 5; level++) {
    const CO = baseWidth * 2 ** level;
    const [h, w] = [H / 2 ** level, W / 2 ** level];
    for (const conv of ["conv1", "conv2"]) {
      const [weight, bias] = ["weight", "bias"].map((part) => weights.get(`encoder.${level}.${conv}.${part}`)!.data) as [
        Float32Array,
        Float32Array,
      ];
      x = (activation === "elu" ? elu : relu)(conv2dForward({ N, CI, CO, H: h, W: w, K: 3 }, x, weight, bias));
      CI = CO;
    }
    if (level < 4) x = maxPool2d(x, N * CO, h, w);
  }
  return { bottleneck: x, pooled: globalAveragePool(x, N * CI, (H / 16) * (W / 16)) };
}
