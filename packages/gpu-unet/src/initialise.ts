// Weights for a network that nobody has trained yet.
import type { Weights } from "./checkpoint.ts";
import { elements } from "./tensor.ts";
import { parameterTable } from "./unet.ts";
import type { TableRow, UNetArchitecture } from "./unet.ts";

/**
 * He (Kaiming) normal weights, biases zero, for the whole network.
 *
 *   weight ~ Normal(0, 2 / fanIn),   fanIn = number of products summed into one output value
 *
 * fanIn is CI * K * K for a convolution and CI for the 2x2 transposed convolution with stride 2, where each output pixel meets one tap.
 * The factor 2 is ReLU's; we keep it for ELU, whose positive side is the same.
 *
 * @param uniform  numbers in [0, 1): the study's generator; the numbers are drawn in the order of `parameterTable`
 * @see He et al. 2015, Delving deep into rectifiers, equation 10; Box & Muller 1958 for the normal numbers
 */
export function initialiseWeights(architecture: UNetArchitecture, uniform: () => number): Weights {
  return new Map(parameterTable(architecture).map((row) => [row.name, { shape: row.shape, data: initialise(row, uniform) }]));
}

function initialise({ name, shape }: TableRow, uniform: () => number): Float32Array {
  const data = new Float32Array(elements(shape));
  if (shape.length === 1) return data;
  const [first, second, KH, KW] = shape as [number, number, number, number];
  const fanIn = name.endsWith(".up.weight") ? first : second * KH * KW;
  const deviation = Math.sqrt(2 / fanIn);
  for (let i = 0; i < data.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    data[i] = radius * Math.cos(angle);
    if (i + 1 < data.length) data[i + 1] = radius * Math.sin(angle);
  }
  return data;
}
