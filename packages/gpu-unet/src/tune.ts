// Measures which block each convolution of a network takes best on a device.
import { candidates, exceeds } from "./blocks.ts";
import type { Blocks, LayerShape, TunableKernel } from "./blocks.ts";
import type { Gpu, Pass } from "./gpu.ts";
import { conv2dBackwardInput, conv2dBackwardParameters, conv2dForward, conv2dPartials } from "./ops/conv2d.ts";
import {
  convTranspose2dBackwardInput,
  convTranspose2dBackwardParameters,
  convTranspose2dForward,
  convTranspose2dPartials,
} from "./ops/conv-transpose2d.ts";
import { partialsIn } from "./ops/reduce.ts";
import { createWinogradScratch, winogradBuffers, winogradForward, winogradWeight, winogradWeightShape } from "./ops/winograd.ts";
import { createStopwatch } from "./stopwatch.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { createBuffer, createTensor } from "./tensor.ts";
import type { Filters, Images, Tensor, Vector } from "./tensor.ts";
import { adapterIdentity, choiceKey, shapeClass } from "./tuning.ts";
import type { Tuning, TuningChoice } from "./tuning.ts";
import type { TuningJob } from "./tuning-jobs.ts";

/** Timings of each candidate, in turns; the fastest counts. */
const ROUNDS = 4;
/** A candidate must be faster by this share to take the standard's place: less is within the noise. */
const MARGIN = 0.03;

/**
 * Times every candidate block that fits the device for each job, on layers of the real sizes, and keeps the fastest. Winograd's method is kept for a
 * layer only where it beats the chosen block of conv2d-forward. The device's own
 * tuning is as before afterwards. Meant for hardware: a software adapter compiles for minutes, and its times say nothing about a GPU.
 *
 * @param jobs        what to tune, see `tuningJobs`
 * @param batch       slices a pass, as the network will take them
 * @param onProgress  called before each job
 * @returns the record; where no candidate beats the standard block by 3%, the standard one is its choice; Winograd's method must win by as much
 * @throws DeviceError where the device is lost or its memory runs out
 */
export async function tuneKernels(
  gpu: Gpu,
  jobs: readonly TuningJob[],
  batch: number,
  onProgress?: (done: number, all: number, what: string) => void,
): Promise<Tuning> {
  const before = gpu.tuning;
  const stopwatch = createStopwatch(gpu);
  const choices: TuningChoice[] = [];
  try {
    for (const [i, job] of jobs.entries()) {
      onProgress?.(i, jobs.length, choiceKey(job.kernel, job.shape));
      const direct = choices.find(
        ({ kernel, shape }) => kernel === "conv2d-forward" && choiceKey(kernel, shape) === choiceKey(kernel, job.shape),
      );
      const choice = await choose(gpu, stopwatch, job, batch);
      if (job.kernel !== "winograd-product") choices.push(choice!);
      else if (choice && direct && isFaster(choice.ms, direct.ms)) choices.push({ ...choice, standardMs: direct.ms });
    }
  } finally {
    gpu.use(before);
    stopwatch.destroy();
  }
  return { format: "islet-tuning/1", adapter: adapterIdentity(gpu.info), clock: stopwatch.clock, choices };
}

/** Whether a time is shorter by more than the noise. */
function isFaster(ms: number, than: number): boolean {
  return ms < than * (1 - MARGIN);
}

/** The fastest candidate; null where none fits the device. */
async function choose(gpu: Gpu, stopwatch: Stopwatch, job: TuningJob, batch: number): Promise<TuningChoice | null> {
  const { kernel } = job;
  const shape = shapeClass(job.shape);
  const fitting = candidates[kernel].filter((block) => !exceeds(block, shape, gpu.device.limits));
  if (fitting.length === 0) return null;
  const { record, buffers } = await gpu.guarded("making a layer to tune", () => layerToTime(gpu, job, batch));
  const fastest = fitting.map(() => Infinity);
  const withBlock = (block: Blocks[TunableKernel]) => (pass: Pass) => {
    gpu.use(trial(gpu, kernel, shape, block));
    record(pass);
  };
  // The first round compiles, and says how often a layer must run for the clock to see it.
  const repeats: number[] = [];
  for (const block of fitting) repeats.push(await stopwatch.repeatsFor(withBlock(block)));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, block] of fitting.entries()) {
      fastest[i] = Math.min(fastest[i]!, await stopwatch.milliseconds(withBlock(block), repeats[i]!));
    }
  }
  for (const buffer of buffers) buffer.destroy();
  const best = fastest.indexOf(Math.min(...fastest));
  const chosen = isFaster(fastest[best]!, fastest[0]!) ? best : 0;
  return { kernel, shape, block: fitting[chosen]!, ms: fastest[chosen]!, standardMs: fastest[0]! };
}

/** A record with a single choice. */
function trial(gpu: Gpu, kernel: TunableKernel, shape: LayerShape, block: Blocks[TunableKernel]): Tuning {
  const choices = [{ kernel, shape, block, ms: 0, standardMs: 0 }];
  return { format: "islet-tuning/1", adapter: adapterIdentity(gpu.info), clock: "wall", choices };
}

/** A layer's tensors, zero, and what records the op that runs the kernel on them. */
function layerToTime(gpu: Gpu, { kernel, op, shape: { CI, CO, H, W, K }, isTrained }: TuningJob, N: number) {
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
  if (kernel === "winograd-product") {
    const u = own(createTensor(gpu, "u", winogradWeightShape(weight.shape)));
    const room = createWinogradScratch(gpu, [{ N, CI, CO, H, W }]);
    buffers.push(...winogradBuffers(room));
    const record = (pass: Pass) => {
      if (isTrained) winogradWeight(gpu, pass, weight, u);
      winogradForward(gpu, pass, x, u, bias, y, null, gpu.block(kernel, { CI, CO, H, W, K }), room);
    };
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
