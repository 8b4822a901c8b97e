// The whole U-Net on the CPU: encoder, decoder and head.
import type { Core } from "./core.ts";
import { ShapeError } from "./errors.ts";
import { placeKept } from "./placement.ts";
import { packForward, placeLayers } from "./unet-layers.ts";
import { ACTIVATIONS, createForward, placeMaps } from "./unet-maps.ts";
import { LEVELS, widthsOf } from "./unet-parameters.ts";
import type { Parameters, UNetWidths } from "./unet-parameters.ts";

/** A network and the size of the slices it will see. */
export interface UNetSpec {
  /** Every parameter of encoder, decoder and head. */
  readonly weights: Parameters;
  /** ELU with alpha = 1, or ReLU. */
  readonly activation: "elu" | "relu";
  /** Rows of a slice, a multiple of 16. */
  readonly height: number;
  /** Columns of a slice, a multiple of 16. */
  readonly width: number;
}

/** A network with its weights in wasm memory. */
export interface UNet {
  /** Numbers a pixel. */
  readonly classes: number;
  /** f32 (N,classes,H,W) from f32 (N,CI,H,W), N = `count`, before any softmax. */
  logits(slices: Float32Array, count: number): Float32Array;
}

/**
 * Places a network in wasm memory, where its weights and its maps stay as long as the core lives.
 *
 * The first layer runs directly, all other 3x3 convolutions by Winograd's F(4x4, 3x3) or, in the two levels of most pixels, F(6x6, 3x3). A slice's bits do not depend on the slices beside it.
 *
 * @throws ShapeError when the weights are no whole network or the size is not a multiple of 16; DeviceError when a 4 GiB memory cannot hold it
 */
export function createUNet(core: Core, { weights, activation, height, width }: UNetSpec): UNet {
  const widths = widthsOf(weights);
  checkSize(height, width);
  const { exports, arena } = core;
  const { layers, maps } = placeKept(core, describe(widths, height, width), (allocate) => ({
    layers: placeLayers(exports, widths, height, width, false, allocate),
    maps: placeMaps(exports, widths, height, width, false, allocate),
  }));
  packForward(core, layers, (name, first, end, body) =>
    arena.scope(() => {
      body(arena.from(Float32Array, weights.get(name)!.data.subarray(first, end)).ptr);
    }),
  );
  const forward = createForward(core, layers, maps, ACTIVATIONS[activation]);
  return {
    classes: widths.classes,
    logits: (slices, count) => runSlices(core, forward, maps.logits, widths, height, width, slices, count),
  };
}

/** Runs slices one after the other and gathers their logits. */
export function runSlices(
  { exports }: Core,
  forward: (slice: Float32Array) => void,
  logits: number,
  { inChannels, classes }: UNetWidths,
  height: number,
  width: number,
  slices: Float32Array,
  count: number,
): Float32Array {
  const [input, output] = [inChannels * height * width, classes * height * width];
  if (slices.length !== count * input) {
    throw new ShapeError(
      `unet: ${count} slices of ${inChannels} x ${height} x ${width} hold ${count * input} values, ${slices.length} came; pass (N,CI,H,W) with N = count.`,
    );
  }
  const all = new Float32Array(count * output);
  for (let n = 0; n < count; n++) {
    forward(slices.subarray(n * input, (n + 1) * input));
    all.set(new Float32Array(exports.memory.buffer, logits, output), n * output);
  }
  return all;
}

/** @throws ShapeError when a slice cannot be halved four times */
export function checkSize(height: number, width: number): void {
  const stride = 2 ** (LEVELS - 1);
  if ([height, width].every((n) => Number.isInteger(n) && n > 0 && n % stride === 0)) return;
  throw new ShapeError(
    `unet: a slice of ${height} x ${width} cannot be halved four times; height and width must be positive multiples of ${stride}, so resample or pad the slice.`,
  );
}

/** The beginning of a sentence about a network's memory. */
export function describe({ baseWidth }: UNetWidths, height: number, width: number): string {
  return `unet: slices of ${height} x ${width} at base width ${baseWidth}`;
}
