// The U-Net's encoder on the CPU: five levels of two 3x3 convolutions with activation, 2x2 max pooling between levels.
import type { Core } from "./core.ts";
import { DeviceError, ShapeError } from "./errors.ts";
import type { Slot } from "./arena.ts";

/** One 3x3 convolution with padding 1. */
export interface EncoderLayer {
  /** f32 (CO,CI,3,3), PyTorch's layout. */
  readonly weight: Float32Array;
  /** f32 (CO). */
  readonly bias: Float32Array;
  readonly ci: number;
  readonly co: number;
}

/** The encoder's architecture, weights and the size of the slices it will see. */
export interface EncoderSpec {
  /** Five levels of two layers; each layer takes as many channels as the one before gives. */
  readonly levels: readonly (readonly [EncoderLayer, EncoderLayer])[];
  /** ELU with alpha = 1, or ReLU. */
  readonly activation: "elu" | "relu";
  /** Rows of a slice, a multiple of 16. */
  readonly height: number;
  /** Columns of a slice, a multiple of 16. */
  readonly width: number;
}

/** An encoder with its weights in wasm memory. */
export interface Encoder {
  /** Number of channels C of the bottleneck, and of a pooled vector. */
  readonly channels: number;
  /** The bottleneck averaged over its pixels: f32 (N,C). `slices` is f32 (N,CI,H,W) with N = `count`. */
  encode(slices: Float32Array, count: number): { pooled: Float32Array };
  /** The map after the last activation: f32 (N,C,H/16,W/16). */
  bottleneck(slices: Float32Array, count: number): Float32Array;
}

const LEVELS = 5;
const ELU = 1;
const RELU = 0;
const MEMORY_LIMIT = 2 ** 32 - 65536;

/** A layer with its place in memory. */
interface PlacedLayer {
  readonly ci: number;
  readonly co: number;
  readonly weight: Slot<Float32Array>;
  readonly bias: Slot<Float32Array>;
  readonly output: Slot<Uint8Array>;
}

/**
 * Places an encoder in wasm memory, where its packed weights and its images stay as long as the core lives.
 *
 * @throws ShapeError when layers do not fit together or the size is not a multiple of 16; DeviceError when a 4 GiB memory cannot hold it
 */
export function createEncoder(core: Core, spec: EncoderSpec): Encoder {
  checkSpec(spec);
  const { exports, arena } = core;
  const { height, width, levels } = spec;
  const activation = spec.activation === "elu" ? ELU : RELU;
  const imageBytes = (c: number, level: number) => exports.blockedBytes(c, height >> level, width >> level) >>> 0;

  const bytes = levels.flatMap(([first, second], level) => [
    4 * (panelled(first.co) * (first.ci * 9 + 1) + panelled(second.co) * (second.ci * 9 + 1)),
    imageBytes(first.co, level) + imageBytes(second.co, level) + imageBytes(second.co, level + 1),
  ]);
  refuseBeyondMemory(arena.top + bytes.reduce((a, b) => a + b, imageBytes(levels[0]![0].ci, 0)), spec);

  const image = (c: number, level: number) => {
    const slot = arena.keep(Uint8Array, imageBytes(c, level));
    slot.view().fill(0);
    return slot;
  };
  const place = (layer: EncoderLayer, level: number): PlacedLayer => {
    const weight = arena.keep(Float32Array, panelled(layer.co) * layer.ci * 9);
    packPanels(layer, weight.view());
    const bias = arena.keep(Float32Array, panelled(layer.co));
    bias.view().fill(0);
    bias.view().set(layer.bias);
    return { ci: layer.ci, co: layer.co, weight, bias, output: image(layer.co, level) };
  };
  const input = image(levels[0]![0].ci, 0);
  const placed = levels.map(([first, second], level) => ({
    layers: [place(first, level), place(second, level)],
    pooled: image(second.co, level + 1),
  }));

  const ci = levels[0]![0].ci;
  const channels = levels[LEVELS - 1]![1].co;
  const sliceLength = ci * height * width;

  /** Runs one slice and returns its bottleneck, a blocked image. */
  const run = (slice: Float32Array): Slot<Uint8Array> => {
    arena.scope(() => exports.toBlocked(arena.from(Float32Array, slice).ptr, ci, height, width, input.ptr));
    let x: Slot<Uint8Array> = input;
    placed.forEach(({ layers, pooled }, level) => {
      const [H, W] = [height >> level, width >> level];
      for (const { weight, bias, output, ...layer } of layers) {
        exports.conv2d(x.ptr, layer.ci, H, W, weight.ptr, bias.ptr, layer.co, activation, output.ptr);
        x = output;
      }
      if (level === LEVELS - 1) return;
      exports.maxPool2d(x.ptr, layers[1]!.co, H, W, pooled.ptr);
      x = pooled;
    });
    return x;
  };

  const [h, w] = [height / 16, width / 16];
  /** Runs every slice and gathers `length` numbers of each, which `gather` writes from the bottleneck to an address. */
  const collect = (slices: Float32Array, count: number, length: number, gather: (bottleneck: number, to: number) => void): Float32Array => {
    if (slices.length !== count * sliceLength) {
      throw new ShapeError(`encoder: ${count} slices of (${ci}, ${height}, ${width}) hold ${count * sliceLength} values, slices has ${slices.length}; pass (N,CI,H,W) with N = count.`);
    }
    const out = new Float32Array(count * length);
    for (let n = 0; n < count; n++) {
      const bottleneck = run(slices.subarray(n * sliceLength, (n + 1) * sliceLength));
      arena.scope(() => {
        const values = arena.empty(Float32Array, panelled(length));
        gather(bottleneck.ptr, values.ptr);
        out.set(values.view().subarray(0, length), n * length);
      });
    }
    return out;
  };

  return {
    channels,
    encode: (slices, count) => ({ pooled: collect(slices, count, channels, (x, y) => exports.globalAverage(x, channels, h, w, y)) }),
    bottleneck: (slices, count) => collect(slices, count, channels * h * w, (x, y) => exports.fromBlocked(x, channels, h, w, y)),
  };
}

/** Channels filled up to whole panels of 8. */
const panelled = (channels: number) => Math.ceil(channels / 8) * 8;

/** (CO,CI,3,3) -> panels [ceil(CO / 8), CI, 9, 8], zero beyond CO. */
function packPanels({ weight, ci, co }: EncoderLayer, panels: Float32Array): void {
  panels.fill(0);
  const K = ci * 9;
  for (let o = 0; o < co; o++) {
    const to = (o >> 3) * K * 8 + (o & 7);
    for (let k = 0; k < K; k++) panels[to + k * 8] = weight[o * K + k]!;
  }
}

function checkSpec({ levels, height, width }: EncoderSpec): void {
  if (levels.length !== LEVELS) throw new ShapeError(`encoder: a U-Net encoder has ${LEVELS} levels of two layers, the specification has ${levels.length}; check the checkpoint's layers.`);
  if (!isMultipleOf16(height) || !isMultipleOf16(width)) {
    throw new ShapeError(`encoder: a slice of ${height} x ${width} cannot be halved four times; height and width must be positive multiples of 16, so resample or pad the slice.`);
  }
  let from = levels[0]![0].ci;
  levels.flat().forEach(({ weight, bias, ci, co }, i) => {
    const name = `encoder.${i >> 1}.conv${(i & 1) + 1}`;
    if (ci !== from) throw new ShapeError(`encoder: ${name} takes ${ci} channels but is given ${from}; check the order of the layers.`);
    if (weight.length !== co * ci * 9) throw new ShapeError(`encoder: ${name}.weight should hold ${co} x ${ci} x 3 x 3 = ${co * ci * 9} values, it has ${weight.length}; check the checkpoint.`);
    if (bias.length !== co) throw new ShapeError(`encoder: ${name}.bias should hold ${co} values, it has ${bias.length}; check the checkpoint.`);
    from = co;
  });
}

const isMultipleOf16 = (n: number) => Number.isInteger(n) && n > 0 && n % 16 === 0;

function refuseBeyondMemory(bytes: number, { height, width, levels }: EncoderSpec): void {
  if (bytes <= MEMORY_LIMIT) return;
  throw new DeviceError(
    `encoder: slices of ${height} x ${width} at base width ${levels[0]![0].co} would take ${(bytes / 2 ** 30).toFixed(2)} GiB of wasm memory, which holds 4 GiB; use smaller slices or a narrower network.`,
  );
}
