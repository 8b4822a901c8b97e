// Which layers of a network go forward in half precision, and the watch over its range.
import type { Blocks } from "./blocks.ts";
import { DeviceError } from "./errors.ts";
import type { Gpu } from "./gpu.ts";
import { halfLimit } from "./half-check.ts";
import type { HalfGuard } from "./ops/conv2d.ts";
import { createReadback, createTensor, readBack, recordReadback, upload } from "./tensor.ts";
import type { Tensor } from "./tensor.ts";
import type { PlannedConvolution } from "./winograd-plan.ts";

/** A layer in half precision. */
interface HalfLayer extends HalfGuard {
  readonly block: Blocks["conv2d-forward-f16"];
}

/** A network's layers in half precision. */
export interface HalfPlan {
  /** By the name of the layer's weight. */
  readonly layers: ReadonlyMap<string, HalfLayer>;
  /** The flag of all layers: a pixel was beyond its layer's limit; null where no layer is in half precision. */
  readonly overflow: Tensor | null;
}

/** A network of which nothing is in half precision. */
export const NO_HALF: HalfPlan = { layers: new Map(), overflow: null };

/**
 * Finds the layers for which the device's tuning has chosen half precision; to be called inside `gpu.guarded`. A layer with a weight beyond
 * float16 stays in float32.
 *
 * @param weights  the network's weights by name, on the host
 */
export function planHalf(
  gpu: Gpu,
  convolutions: readonly PlannedConvolution[],
  weights: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>,
): HalfPlan {
  const chosen = convolutions.flatMap(({ weight, x: [, CI, H, W] }) => {
    const { shape, data } = weights.get(weight)!;
    const [CO, , K] = shape as [number, number, number, number];
    const block = gpu.chosen("conv2d-forward-f16", { CI: CI!, CO, H: H!, W: W!, K });
    const limit = block && halfLimit(data, K);
    return block && limit !== null ? [{ weight, block, limit }] : [];
  });
  if (chosen.length === 0) return NO_HALF;
  const overflow = createTensor(gpu, "half precision: overflow", [1]);
  return { layers: new Map(chosen.map(({ weight, block, limit }) => [weight, { block, limit, overflow }])), overflow };
}

/** The way of a pass's results back to the host. */
export interface Results {
  /** Lowers the flag; before each pass. */
  begin(): void;
  /** Records the copy of a tensor's first values. */
  record(commands: GPUCommandEncoder, tensor: Tensor, count: number): void;
  /**
   * Waits for the recorded copy and returns the values.
   *
   * @throws DeviceError where the pass left the range of half precision, so that its values mean nothing
   */
  read(count: number): Promise<Float32Array>;
  destroy(): void;
}

/** Results of up to this many values, with the flag of a plan; to be called inside `gpu.guarded`. */
export function createResults(gpu: Gpu, label: string, most: number, { overflow }: HalfPlan): Results {
  const readback = createReadback(gpu, label, (most + 1) * 4);
  return {
    begin: () => overflow && upload(gpu, overflow, new Uint32Array(1)),
    record(commands, tensor, count) {
      recordReadback(commands, tensor, readback, count);
      if (overflow) commands.copyBufferToBuffer(overflow.buffer, 0, readback, count * 4, 4);
    },
    async read(count) {
      const values = await readBack(gpu, readback, overflow ? count + 1 : count);
      if (overflow && values[count] !== 0) {
        throw new DeviceError(
          "webgpu: a feature map leaves the range of float16, in which the tuning record lets some layers compute; make a record without --precision f16, or leave the record out",
        );
      }
      return values.subarray(0, count);
    },
    destroy: () => {
      readback.destroy();
      overflow?.buffer.destroy();
    },
  };
}
