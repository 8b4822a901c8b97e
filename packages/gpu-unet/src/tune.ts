// Measures which block each convolution of a network takes best on a device.
import { candidates, exceeds } from "./blocks.ts";
import type { Blocks, LayerShape, TunableKernel } from "./blocks.ts";
import type { Gpu, Pass } from "./gpu.ts";
import { checkHalf } from "./half-check.ts";
import { layerToTime } from "./layer-to-time.ts";
import { createStopwatch } from "./stopwatch.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { adapterIdentity, choiceKey, halfBlocks, shapeClass, withPrecision } from "./tuning.ts";
import type { Tuning, TuningChoice } from "./tuning.ts";
import type { TuningJob } from "./tuning-jobs.ts";

/** Timings of each candidate, in turns; the fastest counts. */
const ROUNDS = 4;
/** A candidate must be faster by this share to take the standard's place: less is within the noise. */
const MARGIN = 0.03;
/** Which kernels do the same work for a layer: one is kept only where it beats the chosen blocks of those named for it. */
const RIVALS: { readonly [K in TunableKernel]?: readonly TunableKernel[] } = {
  "winograd-product": ["conv2d-forward"],
  "conv2d-forward-f16": ["conv2d-forward", "winograd-product"],
  "winograd-backward-input": ["conv2d-backward-input"],
};

/**
 * Times every candidate block that fits the device for each job, on layers of the real sizes, and keeps the fastest. Winograd's method and half
 * precision are kept for a layer only where they beat what it would be otherwise; half precision must pass its check besides. The device's own
 * tuning is as before afterwards. Meant for hardware: a software adapter compiles for minutes, and its times say nothing about a GPU.
 *
 * @param jobs        what to tune, see `tuningJobs`
 * @param batch       slices a pass, as the network will take them
 * @param onProgress  called before each job
 * @returns the record; where no candidate beats the standard block by 3%, the standard one is its choice; a rival must win by as much
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
      const choice = await choose(gpu, stopwatch, job, batch);
      const rivals = RIVALS[job.kernel];
      if (!choice) continue;
      if (!rivals) choices.push(choice);
      const times = choices.filter(
        ({ kernel, shape }) => rivals?.includes(kernel) && choiceKey(kernel, shape) === choiceKey(kernel, job.shape),
      );
      const standardMs = Math.min(...times.map(({ ms }) => ms));
      if (times.length > 0 && isFaster(choice.ms, standardMs)) choices.push({ ...choice, standardMs });
    }
  } finally {
    gpu.use(before);
    stopwatch.destroy();
  }
  const tuning: Tuning = { format: "islet-tuning/1", adapter: adapterIdentity(gpu.info), clock: stopwatch.clock, choices };
  if (!jobs.some(({ kernel }) => kernel === "conv2d-forward-f16")) return tuning;
  const used = halfBlocks(tuning);
  return withPrecision(tuning, await checkHalf(gpu, used.length > 0 ? used : candidates["conv2d-forward-f16"].slice(0, 1)));
}

/** Whether a time is shorter by more than the noise. */
function isFaster(ms: number, than: number): boolean {
  return ms < than * (1 - MARGIN);
}

/** The fastest candidate; null where none fits the device. */
async function choose(gpu: Gpu, stopwatch: Stopwatch, job: TuningJob, batch: number): Promise<TuningChoice | null> {
  const { kernel } = job;
  const shape = shapeClass(job.shape);
  const fitting = candidates[kernel].filter((block) => !exceeds(kernel, block, shape, gpu.device));
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
  const precision = { kind: "f16", error: 0, fallback: null } as const;
  return { format: "islet-tuning/1", adapter: adapterIdentity(gpu.info), clock: "wall", precision, choices };
}
