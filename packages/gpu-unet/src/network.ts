// The whole network on a device: its tensors, made once from the tables of unet.ts, and its layers recorded forward and backward.
import type { Checkpoint } from "./checkpoint.ts";
import { DeviceError, ShapeError } from "./errors.ts";
import type { Gpu, Pass } from "./gpu.ts";
import { recordConvolution } from "./convolution.ts";
import type { ConvolutionPlan } from "./convolution.ts";
import { NO_HALF, planHalf } from "./half-plan.ts";
import { mapsOf, shareBuffers } from "./lifetimes.ts";
import { accumulate } from "./ops/accumulate.ts";
import { activationBackward } from "./ops/activation.ts";
import { concatenateBackward, concatenateForward } from "./ops/concatenate.ts";
import { conv2dBackwardInput, conv2dBackwardParameters, conv2dPartials } from "./ops/conv2d.ts";
import {
  convTranspose2dBackwardInput,
  convTranspose2dBackwardParameters,
  convTranspose2dForward,
  convTranspose2dPartials,
} from "./ops/conv-transpose2d.ts";
import { crossEntropyPartials } from "./ops/cross-entropy.ts";
import { maxPool2dBackward, maxPool2dForward } from "./ops/max-pool2d.ts";
import { partialsIn } from "./ops/reduce.ts";
import type { Partials } from "./ops/reduce.ts";
import { softDicePartials } from "./ops/soft-dice.ts";
import { winogradBackwardInput } from "./ops/winograd.ts";
import { createBuffer, createTensor, elements, tensorFrom, tensorIn } from "./tensor.ts";
import type { Filters, Images, Tensor, Vector } from "./tensor.ts";
import { fuseActivations, LOGITS, parameterTable, unetActivations, unetBackward, unetForward } from "./unet.ts";
import type { TableRow, UNetArchitecture, UNetLayer } from "./unet.ts";
import { planWinograd, transformNow } from "./winograd-plan.ts";

/** Tensors by name. */
export type Tensors = ReadonlyMap<string, Tensor>;

/** What the forward pass needs. */
export interface Network {
  readonly architecture: UNetArchitecture;
  /** Parameters by the names of `parameterTable`. */
  readonly parameters: Tensors;
  /** Feature maps by the names of `unetActivations`. */
  readonly maps: Tensors;
  readonly plan: ConvolutionPlan;
}

/** What the backward pass needs besides. */
export interface Gradients {
  /** Gradient of each parameter, by its name. */
  readonly parameters: Tensors;
  /** Gradient of each feature map but the input, by its name; they take turns in few buffers. */
  readonly maps: Tensors;
  readonly partials: Partials;
}

/**
 * Makes a network's tensors and uploads its weights; to be called inside `gpu.guarded`.
 *
 * @param N    slices a pass, of H x W pixels
 * @param use  for training every feature map stays, because the backward pass reads it; for inference maps take turns in few buffers
 */
export function createNetwork(
  gpu: Gpu,
  { architecture, tensors }: Checkpoint,
  N: number,
  H: number,
  W: number,
  use: "training" | "inference",
): Network {
  const parameters = new Map(
    parameterTable(architecture).map(({ name, shape }) => [name, tensorFrom(gpu, name, shape, tensors.get(name)!.data)]),
  );
  // A fork's result is what it read, under another name.
  const twins = new Map(unetForward().flatMap((layer) => (layer.op === "fork" ? [[layer.y, layer.x] as const] : [])));
  const steps = unetForward().map((layer) => mapsOf(layer).map((name) => twins.get(name) ?? name));
  const rows = unetActivations(architecture, N, H, W);
  const own = createMaps(
    gpu,
    rows.filter(({ name }) => !twins.has(name)),
    steps,
    use === "training" ? rows.map(({ name }) => name) : [LOGITS],
  );
  const maps = new Map(rows.map(({ name, shape }) => [name, tensorIn(own.get(twins.get(name) ?? name)!.buffer, name, shape)]));
  const convolutions = unetForward().flatMap(({ op, ...layer }) =>
    op === "conv2d" && "weight" in layer
      ? [{ weight: layer.weight, x: maps.get(layer.x)!.shape, isBackward: use === "training" && layer.x !== "input" }]
      : [],
  );
  const winograd = planWinograd(gpu, convolutions, parameters);
  transformNow(gpu, winograd);
  // A training's weights change, and with them the limits of half precision: it stays in float32.
  const half = use === "training" ? NO_HALF : planHalf(gpu, convolutions, tensors);
  return { architecture, parameters, maps, plan: { winograd, half } };
}

/** Tensors for maps that live as long as `steps` name them, or, where they are kept, to the end. */
function createMaps(
  gpu: Gpu,
  rows: readonly TableRow[],
  steps: readonly (readonly string[])[],
  kept: readonly string[],
): Map<string, Tensor> {
  const shapes = new Map(rows.map(({ name, shape }) => [name, shape]));
  const lengths = new Map(rows.map(({ name, shape }) => [name, elements(shape)]));
  return new Map(
    shareBuffers(lengths, steps, kept).flatMap(({ length, names }) => {
      const buffer = createBuffer(gpu, names.join(", "), length * 4);
      return names.map((name) => [name, tensorIn(buffer, name, shapes.get(name)!)] as const);
    }),
  );
}

/** Makes the tensors of the backward pass; to be called inside `gpu.guarded`. */
export function createGradients(gpu: Gpu, { architecture, maps }: Network): Gradients {
  const [N, , H, W] = (maps.get("input") as Images).shape;
  const rows = unetActivations(architecture, N, H, W).filter(({ name }) => name !== "input");
  const steps = unetBackward().map((layer) => mapsOf(layer).filter((name) => name !== "input"));
  const losses = [crossEntropyPartials(N, H * W), softDicePartials(N, H * W)];
  const scratch = Math.max(...losses, ...unetForward().map((layer) => partialsOf(layer, architecture, maps)));
  return {
    parameters: new Map(parameterTable(architecture).map(({ name, shape }) => [name, createTensor(gpu, `gradient of ${name}`, shape)])),
    maps: createMaps(gpu, rows, steps, []),
    partials: partialsIn(createBuffer(gpu, "partial sums", scratch * 4)),
  };
}

function partialsOf(layer: UNetLayer, architecture: UNetArchitecture, maps: Tensors): number {
  if (layer.op !== "conv2d" && layer.op !== "convTranspose2d") return 0;
  const [N, , H] = (maps.get(layer.x) as Images).shape;
  const shape = parameterTable(architecture).find(({ name }) => name === layer.weight)!.shape as Filters["shape"];
  return layer.op === "conv2d" ? conv2dPartials(N, H, shape) : convTranspose2dPartials(N, H, shape);
}

/** Records the forward pass, from the map `input` to `logits`. */
export function recordForward(gpu: Gpu, pass: Pass, { architecture, parameters, maps, plan }: Network): void {
  const map = (name: string) => maps.get(name) as Images;
  for (const layer of fuseActivations(unetForward())) {
    switch (layer.op) {
      case "conv2d": {
        const activation = layer.isActivated ? architecture.activation : null;
        recordConvolution(gpu, pass, layer, parameters, plan, map(layer.x), map(layer.y), activation, 1);
        break;
      }
      case "convTranspose2d":
        convTranspose2dForward(
          gpu,
          pass,
          map(layer.x),
          parameters.get(layer.weight) as Filters,
          parameters.get(layer.bias) as Vector,
          map(layer.y),
        );
        break;
      case "maxPool2d":
        maxPool2dForward(gpu, pass, map(layer.x), map(layer.y));
        break;
      case "concatenate":
        concatenateForward(gpu, pass, map(layer.a), map(layer.b), map(layer.y));
        break;
      case "fork":
    }
  }
}

/** Records the backward pass, from the gradient of `logits` to those of all parameters. */
export function recordBackward(gpu: Gpu, pass: Pass, { architecture, parameters, maps, plan }: Network, gradients: Gradients): void {
  const map = (name: string) => maps.get(name) as Images;
  const slope = (name: string) => gradients.maps.get(name) as Images;
  for (const layer of unetBackward()) {
    switch (layer.op) {
      case "conv2d":
      case "convTranspose2d": {
        const [backwardParameters, backwardInput] =
          layer.op === "conv2d"
            ? [conv2dBackwardParameters, conv2dBackwardInput]
            : [convTranspose2dBackwardParameters, convTranspose2dBackwardInput];
        const [x, dy] = [map(layer.x), slope(layer.y)];
        const [dweight, dbias] = [gradients.parameters.get(layer.weight) as Filters, gradients.parameters.get(layer.bias) as Vector];
        backwardParameters(gpu, pass, x, dy, dweight, dbias, gradients.partials);
        if (layer.x === "input") break;
        const fast = plan.winograd.backward.get(layer.weight);
        if (fast) winogradBackwardInput(gpu, pass, dy, fast.u, slope(layer.x), fast.block, fast.scratch);
        else backwardInput(gpu, pass, parameters.get(layer.weight) as Filters, dy, slope(layer.x));
        break;
      }
      case "activation":
        activationBackward(gpu, pass, architecture.activation, map(layer.x), slope(layer.x));
        break;
      case "maxPool2d":
        maxPool2dBackward(gpu, pass, map(layer.x), slope(layer.y), slope(layer.x));
        break;
      case "concatenate":
        concatenateBackward(gpu, pass, slope(layer.y), slope(layer.a), slope(layer.b));
        break;
      case "fork":
        accumulate(gpu, pass, slope(layer.y), slope(layer.x));
    }
  }
}

/**
 * The most slices a pass may take, up to the wanted number: no binding and no grid beyond the device's limits.
 *
 * @throws ShapeError where the checkpoint has no decoder
 * @throws DeviceError where a single slice is too large, naming the limit
 */
export function slicesAPass(gpu: Gpu, { architecture, parts }: Checkpoint, H: number, W: number, wanted: number): number {
  if (parts !== "unet") throw new ShapeError("unet: these weights hold an encoder alone, and the whole network has a decoder and a head");
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension } = gpu.device.limits;
  const rows = unetActivations(architecture, 1, H, W);
  const bytes = Math.max(...[...rows, ...parameterTable(architecture)].map(({ shape }) => elements(shape))) * 4;
  const slice = Math.max(...rows.map(({ shape }) => elements(shape))) * 4;
  const planes = Math.max(...rows.map(({ shape }) => shape[1]!));
  const [limit, most] =
    maxStorageBufferBindingSize <= maxBufferSize
      ? (["maxStorageBufferBindingSize", maxStorageBufferBindingSize] as const)
      : (["maxBufferSize", maxBufferSize] as const);
  if (bytes > most) {
    throw new DeviceError(
      `webgpu: one slice of ${H} x ${W} at baseWidth ${architecture.baseWidth} needs a ${limit} of ${bytes}, and this device was opened with ${most}; request that limit, or use a smaller network`,
    );
  }
  if (planes > maxComputeWorkgroupsPerDimension) {
    throw new DeviceError(
      `webgpu: baseWidth ${architecture.baseWidth} needs a maxComputeWorkgroupsPerDimension of ${planes}, and this device has ${maxComputeWorkgroupsPerDimension}; use a smaller network`,
    );
  }
  return Math.max(1, Math.min(Math.floor(wanted), Math.floor(most / slice), Math.floor(maxComputeWorkgroupsPerDimension / planes)));
}

/** Every buffer of a network, each once, to be destroyed. */
export function buffersOf(...groups: readonly Tensors[]): Set<GPUBuffer> {
  return new Set(groups.flatMap((tensors) => [...tensors.values()].map(({ buffer }) => buffer)));
}
