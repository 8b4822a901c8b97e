// A layer of the real size for a tuning to time.
import type { Gpu, Pass } from "./gpu.ts";
import { halfLimit } from "./half-check.ts";
import { conv2dBackwardInput, conv2dBackwardParameters, conv2dForward, conv2dForwardHalf, conv2dPartials } from "./ops/conv2d.ts";
import {
  convTranspose2dBackwardInput,
  convTranspose2dBackwardParameters,
  convTranspose2dForward,
  convTranspose2dPartials,
} from "./ops/conv-transpose2d.ts";
import { partialsIn } from "./ops/reduce.ts";
import {
  createWinogradScratch,
  winogradBackwardInput,
  winogradBuffers,
  winogradForward,
  winogradWeight,
  winogradWeightShape,
} from "./ops/winograd.ts";
import { createBuffer, createTensor } from "./tensor.ts";
import type { Filters, Images, Tensor, Vector } from "./tensor.ts";
import type { TuningJob } from "./tuning-jobs.ts";

/**
 * A layer's tensors, zero, and what records the op that runs the kernel on them with the block of the device's tuning; to be called inside
 * `gpu.guarded`.
 *
 * @param N  slices a pass
 */
export function layerToTime(gpu: Gpu, { kernel, op, shape: { CI, CO, H, W, K }, isTrained }: TuningJob, N: number) {
  const buffers: GPUBuffer[] = [];
  const own = <T extends Tensor>(tensor: T): T => {
    buffers.push(tensor.buffer);
    return tensor;
  };
  const s = op === "conv2d" ? 1 : 2;
  const x: Images = own(createTensor(gpu, "x", [N, CI, H, W]));
  const y: Images = own(createTensor(gpu, "y", [N, CO, H * s, W * s]));
  const weight: Filters = own(createTensor(gpu, "weight", op === "conv2d" ? [CO, CI, K, K] : [CI, CO, K, K]));
  const bias: Vector = own(createTensor(gpu, "bias", [CO]));
  const scratch = () => {
    const count = (op === "conv2d" ? conv2dPartials : convTranspose2dPartials)(N, H, weight.shape);
    const partials = partialsIn(createBuffer(gpu, "partial sums", count * 4));
    buffers.push(partials.buffer);
    return partials;
  };
  if (kernel === "winograd-product" || kernel === "winograd-backward-input") {
    const direction = kernel === "winograd-product" ? "forward" : "backward";
    const u = own(createTensor(gpu, "u", winogradWeightShape(weight.shape, direction)));
    const room = createWinogradScratch(gpu, [direction === "forward" ? { N, CI, CO, H, W } : { N, CI: CO, CO: CI, H, W }]);
    buffers.push(...winogradBuffers(room));
    const record = (pass: Pass) => {
      const block = gpu.block(kernel, { CI, CO, H, W, K });
      if (isTrained) winogradWeight(gpu, pass, weight, u, direction);
      if (direction === "forward") winogradForward(gpu, pass, x, u, bias, y, null, 1, block, room);
      else winogradBackwardInput(gpu, pass, y, u, x, block, room);
    };
    return { buffers, record };
  }
  if (kernel === "conv2d-forward-f16") {
    const guard = { limit: halfLimit([1], K)!, overflow: own(createTensor(gpu, "overflow", [1])) };
    const record = (pass: Pass) => conv2dForwardHalf(gpu, pass, x, weight, bias, y, null, 1, gpu.block(kernel, { CI, CO, H, W, K }), guard);
    return { buffers, record };
  }
  if (kernel.endsWith("forward")) {
    const forward = op === "conv2d" ? conv2dForward : convTranspose2dForward;
    return { buffers, record: (pass: Pass) => forward(gpu, pass, x, weight, bias, y) };
  }
  if (kernel.endsWith("input")) {
    const backwardInput = op === "conv2d" ? conv2dBackwardInput : convTranspose2dBackwardInput;
    return { buffers, record: (pass: Pass) => backwardInput(gpu, pass, weight, y, x) };
  }
  const backwardParameters = op === "conv2d" ? conv2dBackwardParameters : convTranspose2dBackwardParameters;
  const partials = scratch();
  return { buffers, record: (pass: Pass) => backwardParameters(gpu, pass, x, y, weight, bias, partials) };
}
