// The U-Net's encoder in f64: five levels of conv2d, activation, conv2d, activation, with 2x2 max pooling between levels.
import { conv2d, elu, maxPool2d, relu } from "./conv2d.ts";

/** What the reference needs of a layer: weight (CO,CI,3,3), bias (CO). */
interface Layer {
  readonly weight: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
  readonly ci: number;
  readonly co: number;
}

/** The bottleneck (C, H/16, W/16) of one slice (CI,H,W). */
export function bottleneck(
  levels: readonly (readonly [Layer, Layer])[],
  activation: "elu" | "relu",
  slice: ArrayLike<number>,
  height: number,
  width: number,
): Float64Array {
  const activate = activation === "elu" ? elu : relu;
  let x: Float64Array = Float64Array.from(slice);
  levels.forEach((layers, level) => {
    const [H, W] = [height >> level, width >> level];
    for (const { weight, bias, ci, co } of layers) x = conv2d({ CI: ci, CO: co, H, W }, x, weight, bias).map(activate);
    if (level < levels.length - 1) x = maxPool2d(x, layers[1].co, H, W);
  });
  return x;
}
