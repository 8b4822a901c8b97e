// A network's convolution forward, by the way that the tuning has chosen for it: half precision, Winograd's method, or the direct sum.
import type { Gpu, Pass } from "./gpu.ts";
import type { HalfPlan } from "./half-plan.ts";
import type { Activation } from "./ops/activation.ts";
import { conv2dForward, conv2dForwardHalf } from "./ops/conv2d.ts";
import type { Pool } from "./ops/conv2d.ts";
import { winogradForward } from "./ops/winograd.ts";
import type { Filters, Images, Tensor, Vector } from "./tensor.ts";
import type { WinogradPlan } from "./winograd-plan.ts";

/** Which layers go which way, and what they need for it. */
export interface ConvolutionPlan {
  readonly winograd: WinogradPlan;
  readonly half: HalfPlan;
}

/** A layer by the names of its parameters. */
interface LayerNames {
  readonly weight: string;
  readonly bias: string;
}

/** Records y = pool(activation(conv2d(x, weight) + bias)). */
export function recordConvolution(
  gpu: Gpu,
  pass: Pass,
  layer: LayerNames,
  parameters: ReadonlyMap<string, Tensor>,
  { winograd, half }: ConvolutionPlan,
  x: Images,
  y: Images,
  activation: Activation | null,
  pool: Pool,
): void {
  const [weight, bias] = [parameters.get(layer.weight) as Filters, parameters.get(layer.bias) as Vector];
  const inHalf = half.layers.get(layer.weight);
  const fast = winograd.forward.get(layer.weight);
  if (inHalf) conv2dForwardHalf(gpu, pass, x, weight, bias, y, activation, pool, inHalf.block, inHalf);
  else if (fast) winogradForward(gpu, pass, x, fast.u, bias, y, activation, pool, fast.block, fast.scratch);
  else conv2dForward(gpu, pass, x, weight, bias, y, activation, pool);
}
