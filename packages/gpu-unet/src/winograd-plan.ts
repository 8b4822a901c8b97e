// Which layers of a network go by Winograd's method, forward or backward to their input, with what they need for it: transformed weights and scratch.
import type { WinogradBlock } from "./blocks.ts";
import type { Gpu, Pass } from "./gpu.ts";
import { createWinogradScratch, winogradBuffers, winogradWeight, winogradWeightShape } from "./ops/winograd.ts";
import type { Direction, WinogradScratch, WinogradWeight } from "./ops/winograd.ts";
import { createTensor } from "./tensor.ts";
import type { Filters, Tensor } from "./tensor.ts";

/** A layer that goes by Winograd's method. */
export interface WinogradLayer {
  readonly u: WinogradWeight;
  readonly block: WinogradBlock;
  readonly scratch: WinogradScratch;
}

/** A network's layers that go by Winograd's method, by the names of their weights. */
export interface WinogradPlan {
  readonly forward: ReadonlyMap<string, WinogradLayer>;
  /** Backward to their input. */
  readonly backward: ReadonlyMap<string, WinogradLayer>;
  readonly buffers: readonly GPUBuffer[];
  /** Records the transforms of all weights: once after they were uploaded, and again whenever they have changed. */
  transform(gpu: Gpu, pass: Pass): void;
}

/** A convolution of a network: the name of its weight, and the shape of the map that it reads. */
export interface PlannedConvolution {
  readonly weight: string;
  readonly x: readonly number[];
  /** Whether the gradient of that map is wanted: only in a training, and not of the input. */
  readonly isBackward: boolean;
}

const NONE: WinogradPlan = { forward: new Map(), backward: new Map(), buffers: [], transform: () => {} };

/**
 * Makes what the layers need for which the device's tuning has chosen Winograd's method; to be called inside `gpu.guarded`.
 *
 * @param weights  the network's tensors by name
 */
export function planWinograd(gpu: Gpu, convolutions: readonly PlannedConvolution[], weights: ReadonlyMap<string, Tensor>): WinogradPlan {
  const chosen = convolutions.flatMap(({ weight, x, isBackward }) => {
    const [N, CI, H, W] = x as [number, number, number, number];
    const [CO, , K] = weights.get(weight)!.shape as Filters["shape"];
    if (K !== 3) return [];
    const ways = [
      { kernel: "winograd-product", direction: "forward", sizes: { N, CI, CO, H, W } },
      { kernel: "winograd-backward-input", direction: "backward", sizes: { N, CI: CO, CO: CI, H, W } },
    ] as const;
    return ways.slice(0, isBackward ? 2 : 1).flatMap(({ kernel, direction, sizes }) => {
      const block = gpu.chosen(kernel, { CI, CO, H, W, K });
      return block ? [{ weight, direction, block, sizes }] : [];
    });
  });
  if (chosen.length === 0) return NONE;
  const scratch = createWinogradScratch(
    gpu,
    chosen.map(({ sizes }) => sizes),
  );
  const layers = { forward: new Map<string, WinogradLayer>(), backward: new Map<string, WinogradLayer>() };
  for (const { weight, direction, block } of chosen) {
    const shape = winogradWeightShape(weights.get(weight)!.shape as Filters["shape"], direction);
    layers[direction].set(weight, { block, scratch, u: createTensor(gpu, `${weight}, transformed ${direction}`, shape) });
  }
  const transformed = (["forward", "backward"] satisfies Direction[]).flatMap((direction) =>
    [...layers[direction]].map(([name, { u }]) => ({ name, u, direction })),
  );
  return {
    ...layers,
    buffers: [...winogradBuffers(scratch), ...transformed.map(({ u }) => u.buffer)],
    transform: (device, pass) => {
      for (const { name, u, direction } of transformed) winogradWeight(device, pass, weights.get(name) as Filters, u, direction);
    },
  };
}

/** Runs a plan's transforms now; to be called inside `gpu.guarded`. */
export function transformNow(gpu: Gpu, plan: WinogradPlan): void {
  if (plan.buffers.length === 0) return;
  const commands = gpu.device.createCommandEncoder({ label: "winograd: weights" });
  const pass = commands.beginComputePass({ label: "winograd: weights" });
  plan.transform(gpu, pass);
  pass.end();
  gpu.device.queue.submit([commands.finish()]);
}
