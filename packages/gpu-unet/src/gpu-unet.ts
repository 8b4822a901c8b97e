// The whole network on a device for inference: slices in, one number a class and pixel out.
import type { Checkpoint } from "./checkpoint.ts";
import { ShapeError } from "./errors.ts";
import type { Gpu } from "./gpu.ts";
import { buffersOf, createNetwork, recordForward, slicesAPass } from "./network.ts";
import type { Network } from "./network.ts";
import { createResults } from "./half-plan.ts";
import { recordOnce } from "./recording.ts";
import type { Recording } from "./recording.ts";
import { upload } from "./tensor.ts";
import type { Images } from "./tensor.ts";
import { takeTurns } from "./turns.ts";
import { LOGITS } from "./unet.ts";

/** The size that a network's buffers are made for. */
export interface UNetSize {
  /** Pixels, multiples of 16; 256 in the paper. */
  readonly height: number;
  readonly width: number;
  /** Slices a pass at most; fewer are taken where the device's limits ask for it. */
  readonly batch: number;
}

/** A network whose weights and buffers lie on a device. */
export interface GpuUNet {
  /** Slices a pass. */
  readonly batch: number;
  /**
   * The head's numbers before any softmax; the largest one's class is the pixel's label.
   *
   * @param slices  (count, inChannels, H, W), any count
   * @returns       (count, classes, H, W)
   */
  logits(slices: Float32Array, count: number): Promise<Float32Array>;
  /** Frees the buffers; the device stays. */
  destroy(): void;
}

/**
 * Puts a whole network on a device.
 *
 * @throws ShapeError where the size is no multiple of 16, or the weights hold no decoder
 * @throws DeviceError where a single slice exceeds the device's limits; errors of the device itself come with the first result
 */
export function createGpuUNet(gpu: Gpu, checkpoint: Checkpoint, { height, width, batch: wanted }: UNetSize): GpuUNet {
  const batch = slicesAPass(gpu, checkpoint, height, width, wanted);
  const ready = gpu.guarded("making the network's buffers", () => {
    const network = createNetwork(gpu, checkpoint, batch, height, width, "inference");
    return { network, reader: createLogitsReader(gpu, network) };
  });
  ready.catch(() => undefined);
  const inTurn = takeTurns(ready);
  return {
    batch,
    logits: (slices, count) => inTurn(async () => (await ready).reader.read(slices, count)),
    destroy: () =>
      void inTurn(async () => {
        const { network, reader } = await ready;
        for (const buffer of [...buffersOf(network.parameters, network.maps), ...network.plan.winograd.buffers]) buffer.destroy();
        reader.destroy();
      }).catch(() => undefined),
  };
}

/** Runs a network forward, pass by pass, and brings its logits back. */
export interface LogitsReader {
  /** The recorded forward pass. */
  readonly forward: Recording;
  /** As `GpuUNet.logits`, but calls must not overlap. */
  read(slices: Float32Array, count: number): Promise<Float32Array>;
  destroy(): void;
}

/** To be called inside `gpu.guarded`. */
export function createLogitsReader(gpu: Gpu, network: Network): LogitsReader {
  const [input, logits] = [network.maps.get("input") as Images, network.maps.get(LOGITS) as Images];
  const [N, C, H, W] = input.shape;
  const [inputSize, size] = [C * H * W, logits.shape[1] * H * W];
  const passResults = createResults(gpu, "network: logits", N * size, network.plan.half);
  const forward = recordOnce((pass) => recordForward(gpu, pass, network));
  return {
    forward,
    async read(slices, count) {
      if (slices.length !== count * inputSize) {
        throw new ShapeError(`unet: ${count} slices of ${C} x ${H} x ${W} hold ${count * inputSize} values, ${slices.length} came`);
      }
      const results = new Float32Array(count * size);
      for (let start = 0; start < count; start += N) {
        const here = Math.min(N, count - start);
        await gpu.guarded(`running the network on slices ${start + 1} to ${start + here}`, () => {
          passResults.begin();
          upload(gpu, input, slices.subarray(start * inputSize, (start + here) * inputSize));
          const commands = gpu.device.createCommandEncoder({ label: "network" });
          const pass = commands.beginComputePass({ label: "network" });
          forward.replay(pass);
          pass.end();
          passResults.record(commands, logits, here * size);
          gpu.device.queue.submit([commands.finish()]);
        });
        results.set(await passResults.read(here * size), start * size);
      }
      return results;
    },
    destroy: () => passResults.destroy(),
  };
}
