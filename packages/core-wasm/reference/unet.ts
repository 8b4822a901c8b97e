// The whole U-Net in f64: the encoder, then four levels of transposed convolution, concatenation (skip first) and two convolutions, then the head.
import { conv2d, elu, maxPool2d, relu } from "./conv2d.ts";
import { convTranspose2d } from "./conv-transpose2d.ts";
import { head } from "./head.ts";

type Weights = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }>;

/** The logits (classes,H,W) of one slice (CI,H,W). */
export function unet(weights: Weights, activation: "elu" | "relu", slice: ArrayLike<number>, height: number, width: number): Float64Array {
  const activate = activation === "elu" ? elu : relu;
  const of = (name: string) => [weights.get(`${name}.weight`)!, weights.get(`${name}.bias`)!] as const;
  const convolved = (name: string, x: Float64Array, H: number, W: number) => {
    let y = x;
    for (const layer of [`${name}.conv1`, `${name}.conv2`]) {
      const [weight, bias] = of(layer);
      const [CO, CI] = weight.shape as [number, number];
      y = conv2d({ CI, CO, H, W }, y, weight.data, bias.data).map(activate);
    }
    return y;
  };
  const skips: Float64Array[] = [];
  let x: Float64Array = Float64Array.from(slice);
  for (let level = 0; level < 5; level++) {
    const [H, W] = [height >> level, width >> level];
    x = convolved(`encoder.${level}`, x, H, W);
    if (level === 4) break;
    skips.push(x);
    x = maxPool2d(x, x.length / (H * W), H, W);
  }
  for (let level = 3; level >= 0; level--) {
    const [weight, bias] = of(`decoder.${level}.up`);
    const [CI, CO] = weight.shape as [number, number];
    const up = convTranspose2d({ CI, CO, H: height >> (level + 1), W: width >> (level + 1) }, x, weight.data, bias.data);
    x = convolved(`decoder.${level}`, Float64Array.from([...skips[level]!, ...up]), height >> level, width >> level);
  }
  const [weight, bias] = of("head");
  return head(x, weight.data, bias.data, height * width);
}
