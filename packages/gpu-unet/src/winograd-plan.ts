// Which layers of a network go forward by Winograd's method, with what they need for it: transformed weights and scratch.
import type { WinogradBlock } from "./blocks.ts";
import type { Gpu, Pass } from "./gpu.ts";
import { createWinogradScratch, winogradBuffers, winogradWeight, winogradWeightShape } from "./ops/winograd.ts";
import type { WinogradScratch, WinogradWeight } from "./ops/winograd.ts";
import { createTensor } from "./tensor.ts";
import type { Filters, Tensor } from "./tensor.ts";

/** A layer that goes by Winograd's method. */
export interface WinogradLayer {
  readonly u: WinogradWeight;
  readonly block: WinogradBlock;
  readonly scratch: WinogradScratch;
}

/** A network's layers that go by Winograd's method. */
export interface WinogradPlan {
  /** By the name of the layer's weight. */
  readonly layers: ReadonlyMap<string, WinogradLayer>;
  readonly buffers: readonly GPUBuffer[];
  /** Records the transforms of all weights: once after they were uploaded, and again whenever they have changed. */
  transform(gpu: Gpu, pass: Pass): void;
}

/** A convolution of a network: the name of its weight, and the shape of the map that it reads. */
export interface PlannedConvolution {
  readonly weight: string;
  readonly x: readonly number[];
}

/**
 * Makes what the layers need for which the device's tuning has chosen Winograd's method; to be called inside `gpu.guarded`.
 *
 * @param weights  the network's tensors by name
 */
export function planWinograd(gpu: Gpu, convolutions: readonly PlannedConvolution[], weights: ReadonlyMap<string, Tensor>): WinogradPlan {
  const chosen = convolutions.flatMap(({ weight, x }) => {
    const [N, CI, H, W] = x as [number, number, number, number];
    const [CO, , K] = weights.get(weight)!.shape as Filters["shape"];
    const block = K === 3 ? gpu.chosen("winograd-product", { CI, CO, H, W, K }) : null;
    return block ? [{ weight, block, sizes: { N, CI, CO, H, W } }] : [];
  });
  if (chosen.length === 0) return { layers: new Map(), buffers: [], transform: () => {} };
  const scratch = createWinogradScratch(
    gpu,
    chosen.map(({ sizes }) => sizes),
  );
  const layers = new Map(
    chosen.map(({ weight, block }) => {
      const shape = winogradWeightShape(weights.get(weight)!.shape as Filters["shape"]);
      return [weight, { block, scratch, u: createTensor(gpu, `${weight}, transformed`, shape) }];
    }),
  );
  return {
    layers,
    buffers: [...winogradBuffers(scratch), ...[...layers.values()].map(({ u }) => u.buffer)],
    transform: (device, pass) => {
      for (const [name, { u }] of layers) winogradWeight(device, pass, weights.get(name) as Filters, u);
    },
  };
}

/** Runs a plan's transforms now; to be called inside `gpu.guarded`. */
export function transformNow(gpu: Gpu, plan: WinogradPlan): void {
  if (plan.layers.size === 0) return;
  const commands = gpu.device.createCommandEncoder({ label: "winograd: weights" });
  const pass = commands.beginComputePass({ label: "winograd: weights" });
  plan.transform(gpu, pass);
  pass.end();
  gpu.device.queue.submit([commands.finish()]);
}
