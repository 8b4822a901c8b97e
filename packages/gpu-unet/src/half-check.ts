// Whether half precision does on a device what its derivation says: a small layer in half precision beside the same in float32.
import type { Blocks } from "./blocks.ts";
import type { Gpu, Pass } from "./gpu.ts";
import { conv2dForward, conv2dForwardHalf } from "./ops/conv2d.ts";
import { createReadback, createTensor, elements, readBack, recordReadback, tensorFrom } from "./tensor.ts";
import type { Images, Tensor } from "./tensor.ts";
import type { HalfPrecision } from "./tuning.ts";

/** The largest finite float16. */
const MOST = 65504;
/** An operation of WGSL's f16 or f32 is off by at most these shares of its result: it may round either way. */
const [HALF, SINGLE] = [2 ** -10, 2 ** -23];
/** A result of f16 below this may become zero. */
const FLUSHED = 2 ** -14;

/** Sizes of the check's layer: several tiles of every block, with remainders, and more channels than any block brings at a time. */
const SIZES = { CI: 19, CO: 9, H: 34, W: 69, K: 3 } as const;

/**
 * The largest size of a pixel for which no product and no sum of a layer's K x K taps leaves the range of float16, roundings counted in.
 *
 * @param weight  the layer's weights
 * @returns       0 .. 65504; null where a weight itself is beyond the range
 */
export function halfLimit(weight: ArrayLike<number>, K: number): number | null {
  let largest = 0;
  for (let i = 0; i < weight.length; i++) largest = Math.max(largest, Math.abs(weight[i]!));
  if (!(largest <= MOST)) return null;
  return Math.min(MOST, MOST / (K * K * largest * (1 + HALF) ** (K * K + 3)));
}

/**
 * How far a pixel of conv2d-forward-f16 may lie from the exact sum; derived in docs/half.md.
 *
 * @param magnitude  of the pixel: the sum of |weight * x| over channels and taps
 * @param bias       of its channel
 * @param largest    of the layer's |weight| and |x|
 */
export function halfBound(
  { CI, K }: { readonly CI: number; readonly K: number },
  magnitude: number,
  bias: number,
  largest: { readonly weight: number; readonly x: number },
): number {
  const growth = (1 + HALF) ** (K * K + 2);
  const flushed = FLUSHED * CI * K * K * (largest.weight + largest.x + 2 + FLUSHED);
  const half = (growth - 1) * magnitude + growth * flushed;
  return half + ((1 + SINGLE) ** (CI + 1) - 1) * (magnitude + half + Math.abs(bias));
}

/**
 * Runs the check on a device.
 *
 * @param blocks  those that are to be used, each of which is checked
 */
export async function checkHalf(gpu: Gpu, blocks: readonly Blocks["conv2d-forward-f16"][]): Promise<HalfPrecision> {
  const stays = "so the layers stay in float32";
  if (!gpu.device.features.has("shader-f16")) {
    return { kind: "f32", error: null, fallback: `${gpu.info.description} has no shader-f16, ${stays}` };
  }
  const { CI, CO, H, W, K } = SIZES;
  // The last digits of sines: without order, so that sums do not cancel, and below 1.
  const values = (shape: readonly number[], step: number) =>
    Float32Array.from({ length: elements(shape) }, (_, i) => (Math.sin(1 + i * step) * 1e4) % 1);
  const shapes = { x: [1, CI, H, W], weight: [CO, CI, K, K], bias: [CO], y: [1, CO, H, W] } as const;
  const [x, weight, bias] = [values(shapes.x, 0.7), values(shapes.weight, 1.1), values(shapes.bias, 1.3)];
  const buffers: GPUBuffer[] = [];
  const own = <T extends Tensor>(tensor: T): T => {
    buffers.push(tensor.buffer);
    return tensor;
  };
  /** The layer as a recording makes it. */
  async function result(record: (pass: Pass, tensors: ReturnType<typeof inputs>) => void): Promise<Float32Array> {
    const readback = await gpu.guarded("checking half precision", () => {
      const tensors = inputs();
      const back = createReadback(gpu, "half precision", tensors.y.bytes);
      const commands = gpu.device.createCommandEncoder({ label: "half precision" });
      const pass = commands.beginComputePass({ label: "half precision" });
      record(pass, tensors);
      pass.end();
      recordReadback(commands, tensors.y, back, elements(tensors.y.shape));
      gpu.device.queue.submit([commands.finish()]);
      buffers.push(back);
      return back;
    });
    return readBack(gpu, readback, elements(shapes.y));
  }
  const inputs = () => ({
    x: own(tensorFrom(gpu, "x", shapes.x, x)),
    weight: own(tensorFrom(gpu, "weight", shapes.weight, weight)),
    bias: own(tensorFrom(gpu, "bias", shapes.bias, bias)),
    sizes: own(tensorFrom(gpu, "|x|", shapes.x, x.map(Math.abs))),
    weights: own(tensorFrom(gpu, "|weight|", shapes.weight, weight.map(Math.abs))),
    zeros: own(createTensor(gpu, "no bias", shapes.bias)),
    overflow: own(createTensor(gpu, "overflow", [1])),
    y: own(createTensor(gpu, "y", shapes.y) as Images),
  });
  try {
    const single = await result((pass, t) => conv2dForward(gpu, pass, t.x, t.weight, t.bias, t.y));
    const magnitudes = await result((pass, t) => conv2dForward(gpu, pass, t.sizes, t.weights, t.zeros, t.y));
    const limit = halfLimit(weight, K)!;
    let error = 0;
    for (const block of blocks) {
      const half = await result((pass, t) =>
        conv2dForwardHalf(gpu, pass, t.x, t.weight, t.bias, t.y, null, 1, block, { limit, overflow: t.overflow }),
      );
      let [difference, size] = [0, 0];
      for (const [i, value] of single.entries()) {
        // Float32's own bound, of a sum of CI * K * K terms, and that of the magnitude, are added.
        const [m, b] = [magnitudes[i]!, bias[Math.floor(i / (H * W))]!];
        const allowed = halfBound(SIZES, m, b, { weight: 1, x: 1 }) + 2 * ((1 + SINGLE) ** (CI * K * K + 1) - 1) * (m + Math.abs(b));
        const off = Math.abs(half[i]! - value);
        if (!(off <= allowed)) {
          const found = `off by ${off.toPrecision(3)} where ${allowed.toPrecision(3)} is allowed`;
          return { kind: "f32", error: null, fallback: `half precision on ${gpu.info.description} is ${found}, ${stays}` };
        }
        difference += off ** 2;
        size += value ** 2;
      }
      error = Math.max(error, Math.sqrt(difference / size));
    }
    return { kind: "f16", error, fallback: null };
  } finally {
    for (const buffer of buffers) buffer.destroy();
  }
}
