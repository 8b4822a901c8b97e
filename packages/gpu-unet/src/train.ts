// Training on a device: one step is one command encoder and makes no buffer, no bind group and no pipeline.
import type { Checkpoint, Weights } from "./checkpoint.ts";
import { ShapeError } from "./errors.ts";
import type { Gpu } from "./gpu.ts";
import { createLogitsReader } from "./gpu-unet.ts";
import type { UNetSize } from "./gpu-unet.ts";
import { buffersOf, createGradients, createNetwork, recordBackward, slicesAPass } from "./network.ts";
import type { Tensors } from "./network.ts";
import { accumulate } from "./ops/accumulate.ts";
import { adam, stepValues, STEP_VALUES } from "./ops/adam.ts";
import type { AdamSettings } from "./ops/adam.ts";
import { recordOnce } from "./recording.ts";
import { createReadback, createTensor, createUniform, elements, readBack, recordReadback, tensorFrom, upload } from "./tensor.ts";
import type { Images, Tensor } from "./tensor.ts";
import { createPassLoss, IGNORED_LABEL, lossesAPass, lossOfStep, lossRule, sumOfWeights } from "./training-loss.ts";
import type { TrainingLoss } from "./training-loss.ts";
import { takeTurns } from "./turns.ts";

/** How a network is trained. `batch` slices make a step; where a pass cannot hold them, their gradients are accumulated over several. */
export interface TrainerSettings extends UNetSize, Partial<AdamSettings> {
  readonly learningRate: number;
  /** A factor for the loss of each class's pixels; 1 for each by default. */
  readonly classWeights?: readonly number[];
  /** Cross-entropy by default. */
  readonly loss?: TrainingLoss;
  /** Slices a pass at most, by default all of the batch that the device's limits take; the passes of a step are made equally large. */
  readonly slicesAPass?: number;
  /** The state of an earlier trainer, whose training goes on as if it had not been interrupted. */
  readonly state?: TrainerState;
}

/** What a trainer remembers besides the weights. */
export interface TrainerState {
  /** Steps taken. */
  readonly steps: number;
  /** Running mean of each parameter's gradient. */
  readonly mean: Weights;
  /** Running mean of its square. */
  readonly square: Weights;
}

/** A network in training on a device. Calls take turns. */
export interface GpuTrainer {
  /** Slices a step at most. */
  readonly batch: number;
  /** Slices a pass. */
  readonly slicesAPass: number;
  /**
   * One step of the optimiser on 1 to `batch` slices.
   *
   *   cross-entropy = sum over pixels of w[label] * -log softmax(logits)[label] / sum over pixels of w[label]
   *   dice          = mean over slices of 1 - (2 * sum of p y + smooth) / (sum of p + sum of y + smooth), p the foreground's softmax
   *
   * @param slices  (count, inChannels, H, W)
   * @param labels  (count, H, W), the class of each pixel, or IGNORED_LABEL
   * @returns       the loss before the step; not finite once a training has diverged
   * @throws ShapeError where the arrays do not fit, a label is no class, or no pixel has weight
   */
  step(slices: Float32Array, labels: Uint8Array, options?: { readonly learningRate?: number }): Promise<{ loss: number }>;
  /** The logits of any number of slices by the weights as they are now; (count, classes, H, W). */
  logits(slices: Float32Array, count: number): Promise<Float32Array>;
  /** The gradients of the last step, by the parameters' names. */
  gradients(): Promise<Weights>;
  /** The weights as they are now. */
  weights(): Promise<Weights>;
  /** What is needed, besides the weights, to go on later. */
  state(): Promise<TrainerState>;
  /** Frees the buffers; the device stays. */
  destroy(): void;
}

/**
 * Puts a network on a device to be trained.
 *
 * @throws ShapeError where the size is no multiple of 16, the weights hold no decoder, or a class has no weight
 * @throws DeviceError where a single slice exceeds the device's limits; errors of the device itself come with the first result
 */
export function createGpuTrainer(gpu: Gpu, checkpoint: Checkpoint, settings: TrainerSettings): GpuTrainer {
  const { height: H, width: W, learningRate, state } = settings;
  const { inChannels: C, classes } = checkpoint.architecture;
  const batch = Math.max(1, Math.floor(settings.batch));
  const most = slicesAPass(gpu, checkpoint, H, W, Math.min(batch, settings.slicesAPass ?? batch));
  const passes = Math.ceil(batch / most);
  const N = Math.ceil(batch / passes);
  const rule = adamSettings(settings);
  const objective = lossRule(classes, settings);
  const labels = new Uint32Array(passes * N * H * W);
  let steps = state?.steps ?? 0;

  const ready = gpu.guarded("making the trainer's buffers", () => {
    const network = createNetwork(gpu, checkpoint, N, H, W, "training");
    const gradients = createGradients(gpu, network);
    const beside = (what: string, values?: Weights): Tensors =>
      new Map(
        [...network.parameters].map(([name, { shape }]) => {
          const label = `${what} of ${name}`;
          return [name, values ? tensorFrom(gpu, label, shape, values.get(name)!.data) : createTensor(gpu, label, shape)];
        }),
      );
    const [mean, square] = [beside("mean", state?.mean), beside("square", state?.square)];
    const totals = passes === 1 ? gradients.parameters : beside("summed gradient");
    const input = network.maps.get("input") as Images;
    const queue = {
      slices: createTensor(gpu, "slices of a step", [passes * N, C, H, W]),
      labels: createTensor(gpu, "labels of a step", [passes * N, H, W]),
      losses: createTensor(gpu, "losses of a step's passes", [passes * lossesAPass(N)]),
    };
    const step = createUniform(gpu, "step", STEP_VALUES);
    const reader = createLogitsReader(gpu, network);
    const loss = createPassLoss(gpu, network, gradients, step, objective);
    const lossAndBackward = recordOnce((pass) => {
      loss.record(pass);
      recordBackward(gpu, pass, network, gradients);
    });
    const addToTotals = recordOnce((pass) => {
      if (passes > 1) for (const [name, gradient] of gradients.parameters) accumulate(gpu, pass, gradient, totals.get(name)!);
    });
    const update = recordOnce((pass) => {
      for (const [name, parameter] of network.parameters) {
        adam(gpu, pass, rule, step, { parameter, gradient: totals.get(name)!, mean: mean.get(name)!, square: square.get(name)! });
      }
      network.plan.winograd.transform(gpu, pass);
    });
    const largest = Math.max(...[...network.parameters.values()].map(({ bytes }) => bytes), queue.losses.bytes);
    const readback = createReadback(gpu, "trainer: results", largest);
    const others = [...[...Object.values(queue), step].map(({ buffer }) => buffer), ...loss.buffers];
    const buffers = buffersOf(network.parameters, network.maps, gradients.parameters, gradients.maps, mean, square, totals);
    for (const buffer of [...others, gradients.partials.buffer, readback, ...network.plan.winograd.buffers]) buffers.add(buffer);
    return {
      network,
      gradients,
      mean,
      square,
      totals,
      input,
      queue,
      loss,
      step,
      reader,
      lossAndBackward,
      addToTotals,
      update,
      readback,
      buffers,
    };
  });
  ready.catch(() => undefined);
  const inTurn = takeTurns(ready);

  async function takeStep(slices: Float32Array, classesOfPixels: Uint8Array, rate: number): Promise<{ loss: number }> {
    const t = await ready;
    const count = slices.length / (C * H * W);
    if (!Number.isInteger(count) || count < 1 || count > batch) {
      throw new ShapeError(`training: a step takes 1 to ${batch} slices of ${C} x ${H} x ${W}, ${slices.length} values came`);
    }
    if (classesOfPixels.length !== count * H * W) {
      throw new ShapeError(`training: ${count} slices of ${H} x ${W} have ${count * H * W} labels, ${classesOfPixels.length} came`);
    }
    const scale = 1 / sumOfWeights(classesOfPixels, objective);
    labels.fill(IGNORED_LABEL);
    labels.set(classesOfPixels);
    const used = Math.ceil(count / N);
    await gpu.guarded("a training step", () => {
      upload(gpu, t.queue.slices, slices);
      upload(gpu, t.queue.labels, labels);
      upload(gpu, t.step, Float32Array.from(stepValues(rule, steps + 1, rate, scale, 1 / count)));
      const commands = gpu.device.createCommandEncoder({ label: "training step" });
      for (let p = 0; p < used; p++) {
        commands.copyBufferToBuffer(t.queue.slices.buffer, p * t.input.bytes, t.input.buffer, 0, t.input.bytes);
        commands.copyBufferToBuffer(t.queue.labels.buffer, p * t.loss.labels.bytes, t.loss.labels.buffer, 0, t.loss.labels.bytes);
        const pass = commands.beginComputePass({ label: "forward and backward" });
        t.reader.forward.replay(pass);
        t.lossAndBackward.replay(pass);
        if (p > 0) t.addToTotals.replay(pass);
        pass.end();
        t.loss.keep(commands, t.queue.losses, p);
        if (p === 0 && passes > 1) {
          for (const [name, { buffer, bytes }] of t.gradients.parameters) {
            commands.copyBufferToBuffer(buffer, 0, t.totals.get(name)!.buffer, 0, bytes);
          }
        }
      }
      const pass = commands.beginComputePass({ label: "update" });
      t.update.replay(pass);
      pass.end();
      recordReadback(commands, t.queue.losses, t.readback, used * lossesAPass(N));
      gpu.device.queue.submit([commands.finish()]);
    });
    steps++;
    const losses = await readBack(gpu, t.readback, used * lossesAPass(N));
    return { loss: lossOfStep(objective, losses, N, count, scale) };
  }

  /** Tensors back as weights, one after the other. */
  async function fetch(tensors: Tensors, readback: GPUBuffer): Promise<Weights> {
    const values: Weights = new Map();
    for (const [name, tensor] of tensors) values.set(name, { shape: [...tensor.shape], data: await fetchOne(tensor, readback) });
    return values;
  }

  async function fetchOne(tensor: Tensor, readback: GPUBuffer): Promise<Float32Array> {
    const count = elements(tensor.shape);
    await gpu.guarded(`reading ${tensor.label}`, () => {
      const commands = gpu.device.createCommandEncoder();
      recordReadback(commands, tensor, readback, count);
      gpu.device.queue.submit([commands.finish()]);
    });
    return readBack(gpu, readback, count);
  }

  return {
    batch,
    slicesAPass: N,
    step: (slices, classesOfPixels, options) => inTurn(() => takeStep(slices, classesOfPixels, options?.learningRate ?? learningRate)),
    logits: (slices, count) => inTurn(async () => (await ready).reader.read(slices, count)),
    gradients: () => inTurn(() => ready.then(({ totals, readback }) => fetch(totals, readback))),
    weights: () => inTurn(() => ready.then(({ network, readback }) => fetch(network.parameters, readback))),
    state: () =>
      inTurn(async () => {
        const { mean, square, readback } = await ready;
        return { steps, mean: await fetch(mean, readback), square: await fetch(square, readback) };
      }),
    destroy: () =>
      void inTurn(async () => {
        const { buffers, reader } = await ready;
        for (const buffer of buffers) buffer.destroy();
        reader.destroy();
      }).catch(() => undefined),
  };
}

/** PyTorch's defaults: Adam without weight decay, AdamW with 0.01. */
function adamSettings({ optimiser = "adam", betas = [0.9, 0.999], epsilon = 1e-8, weightDecay }: Partial<AdamSettings>): AdamSettings {
  return { optimiser, betas, epsilon, weightDecay: weightDecay ?? (optimiser === "adamw" ? 0.01 : 0) };
}
