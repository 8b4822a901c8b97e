// The encoder on a device: slices in, bottleneck features out, batch by batch.
import type { Checkpoint } from "./checkpoint.ts";
import { DeviceError, ShapeError } from "./errors.ts";
import type { Gpu, Pass } from "./gpu.ts";
import { recordConvolution } from "./convolution.ts";
import type { ConvolutionPlan } from "./convolution.ts";
import { createResults, planHalf } from "./half-plan.ts";
import { globalAveragePoolForward } from "./ops/global-average-pool.ts";
import { createBuffer, elements, tensorFrom, tensorIn, upload } from "./tensor.ts";
import type { Images, Matrix, Tensor } from "./tensor.ts";
import { takeTurns } from "./turns.ts";
import { BOTTLENECK, encoderActivations, encoderForward, encoderParameters, fusePools, STRIDE, widthOf, LEVELS } from "./unet.ts";
import type { UNetArchitecture } from "./unet.ts";
import { planWinograd, transformNow } from "./winograd-plan.ts";

/** The size that the encoder's buffers are made for. */
export interface EncoderSize {
  /** Pixels, multiples of 16; 256 in the paper. */
  readonly height: number;
  readonly width: number;
  /** Slices a pass at most; fewer are taken where the device's limits ask for it. */
  readonly batch: number;
}

/** An encoder whose weights and buffers lie on a device. */
export interface GpuEncoder {
  /** Numbers a slice: 16 * baseWidth. */
  readonly channels: number;
  /** Slices a pass. */
  readonly batch: number;
  /**
   * The feature vector of each slice: global average of the bottleneck.
   *
   * @param slices  (count, inChannels, H, W), any count
   * @returns       pooled (count, channels)
   */
  encode(slices: Float32Array, count: number): Promise<{ pooled: Float32Array }>;
  /**
   * The last feature map before the decoder, after its activation.
   *
   * @returns  (count, channels, H/16, W/16)
   */
  bottleneck(slices: Float32Array, count: number): Promise<Float32Array>;
  /** Frees the buffers; the device stays. */
  destroy(): void;
}

/** No binding is larger, so that every device with WebGPU's guaranteed limits can run the network. */
const LARGEST_BINDING = 128 * 2 ** 20;

/**
 * Puts an encoder on a device. The feature maps take turns in two buffers, since each layer needs only the one before it.
 *
 * @throws ShapeError where the size is no multiple of 16
 * @throws DeviceError where a single slice exceeds the device's limits; errors of the device itself come with the first result
 */
export function createGpuEncoder(gpu: Gpu, checkpoint: Checkpoint, { height, width, batch: wanted }: EncoderSize): GpuEncoder {
  const { architecture } = checkpoint;
  const batch = largestBatch(gpu, architecture, height, width, wanted);
  const channels = widthOf(architecture, LEVELS - 1);
  const outputs = { pooled: channels, [BOTTLENECK]: channels * (height / STRIDE) * (width / STRIDE) };
  const layers = fusePools(encoderForward());
  const made = new Set(["input", ...layers.map(({ y }) => y)]);
  const mapsOf = (N: number) => encoderActivations(architecture, N, height, width).filter(({ name }) => made.has(name));
  const table = mapsOf(batch);
  const ready = gpu.guarded("making the encoder's buffers", () => {
    const largest = Math.max(...table.map(({ shape }) => elements(shape))) * 4;
    const turns = [createBuffer(gpu, "encoder: even feature maps", largest), createBuffer(gpu, "encoder: odd feature maps", largest)];
    const parameters = new Map(
      encoderParameters(architecture).map(({ name, shape }) => [name, tensorFrom(gpu, name, shape, checkpoint.tensors.get(name)!.data)]),
    );
    const shapes = new Map(table.map(({ name, shape }) => [name, shape]));
    const convolutions = layers.flatMap((layer) =>
      layer.op === "conv2d" ? [{ weight: layer.weight, x: shapes.get(layer.x)!, isBackward: false }] : [],
    );
    const plan: ConvolutionPlan = {
      winograd: planWinograd(gpu, convolutions, parameters),
      half: planHalf(gpu, convolutions, checkpoint.tensors),
    };
    transformNow(gpu, plan.winograd);
    const passResults = createResults(gpu, "encoder: results", batch * outputs[BOTTLENECK], plan.half);
    return { turns, passResults, parameters, plan };
  });
  ready.catch(() => undefined);

  async function forward(slices: Float32Array, count: number, output: keyof typeof outputs & string): Promise<Float32Array> {
    const inputSize = architecture.inChannels * height * width;
    if (slices.length !== count * inputSize) {
      throw new ShapeError(
        `encoder: ${count} slices of ${architecture.inChannels} x ${height} x ${width} hold ${count * inputSize} values, ${slices.length} came`,
      );
    }
    const { turns, passResults, parameters, plan } = await ready;
    const size = outputs[output];
    const results = new Float32Array(count * size);
    for (let start = 0; start < count; start += batch) {
      const N = Math.min(batch, count - start);
      await gpu.guarded(`encoding slices ${start + 1} to ${start + N}`, () => {
        const maps = new Map(mapsOf(N).map(({ name, shape }, i) => [name, tensorIn(turns[i % 2]!, name, shape)]));
        passResults.begin();
        upload(gpu, maps.get("input")!, slices.subarray(start * inputSize, (start + N) * inputSize));
        const commands = gpu.device.createCommandEncoder({ label: "encoder" });
        const pass = commands.beginComputePass({ label: "encoder" });
        for (const layer of layers) recordLayer(gpu, pass, architecture, layer, parameters, maps, plan);
        pass.end();
        passResults.record(commands, maps.get(output)!, N * size);
        gpu.device.queue.submit([commands.finish()]);
      });
      results.set(await passResults.read(N * size), start * size);
    }
    return results;
  }

  const inTurn = takeTurns(ready);
  return {
    channels,
    batch,
    encode: (slices, count) => inTurn(async () => ({ pooled: await forward(slices, count, "pooled") })),
    bottleneck: (slices, count) => inTurn(() => forward(slices, count, BOTTLENECK)),
    destroy: () =>
      void inTurn(async () => {
        const { turns, passResults, parameters, plan } = await ready;
        for (const buffer of [...turns, ...plan.winograd.buffers]) buffer.destroy();
        passResults.destroy();
        for (const { buffer } of parameters.values()) buffer.destroy();
      }).catch(() => undefined),
  };
}

function recordLayer(
  gpu: Gpu,
  pass: Pass,
  { activation }: UNetArchitecture,
  layer: ReturnType<typeof fusePools>[number],
  parameters: ReadonlyMap<string, Tensor>,
  maps: ReadonlyMap<string, Tensor>,
  plan: ConvolutionPlan,
): void {
  const [x, y] = [maps.get(layer.x) as Images, maps.get(layer.y)!];
  if (layer.op === "globalAveragePool") return globalAveragePoolForward(gpu, pass, x, y as Matrix);
  recordConvolution(gpu, pass, layer, parameters, plan, x, y as Images, layer.isActivated ? activation : null, layer.pool);
}

/** The largest batch up to the wanted one whose bindings and grids the device takes. */
function largestBatch(gpu: Gpu, architecture: UNetArchitecture, height: number, width: number, wanted: number): number {
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension } = gpu.device.limits;
  const planes = widthOf(architecture, LEVELS - 1);
  const slice = Math.max(...encoderActivations(architecture, 1, height, width).map(({ shape }) => elements(shape))) * 4;
  const weight = Math.max(...encoderParameters(architecture).map(({ shape }) => elements(shape))) * 4;
  const binding = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  if (Math.max(slice, weight) > binding) {
    const short = maxStorageBufferBindingSize <= maxBufferSize ? "maxStorageBufferBindingSize" : "maxBufferSize";
    throw new DeviceError(
      `webgpu: one slice of ${height} x ${width} at baseWidth ${architecture.baseWidth} needs a ${short} of ${Math.max(slice, weight)}, and this device was opened with ${binding}; request that limit, use a smaller network, or --backend wasm`,
    );
  }
  if (planes > maxComputeWorkgroupsPerDimension) {
    throw new DeviceError(
      `webgpu: baseWidth ${architecture.baseWidth} needs a maxComputeWorkgroupsPerDimension of ${planes}, and this device has ${maxComputeWorkgroupsPerDimension}; use a smaller network, or --backend wasm`,
    );
  }
  const bySize = Math.floor(LARGEST_BINDING / slice);
  const byGrid = Math.floor(maxComputeWorkgroupsPerDimension / planes);
  return Math.max(1, Math.min(Math.floor(wanted), bySize, byGrid));
}
