// Where the weights of the U-Net's layers lie in wasm memory, packed for the kernels of each direction, and how they get there.
import { directWeightBytes, packBias, packDirect, panelled, tileSide } from "./conv2d.ts";
import type { TileSide } from "./conv2d.ts";
import type { Core } from "./core.ts";
import type { Kernels } from "./kernels.ts";
import type { UNetWidths } from "./unet-parameters.ts";
import { LEVELS } from "./unet-parameters.ts";

/** Turns a size in bytes into an address. */
export type Allocate = (bytes: number) => number;

/** A 3x3 convolution. A joined one reads two images of ci / 2 channels, each filled up to a multiple of 8, one after the other. */
export interface PlacedConvolution {
  readonly name: string;
  readonly ci: number;
  readonly co: number;
  readonly isJoined: boolean;
  /** Tiles of the forward pass. */
  readonly side: TileSide;
  /** Channels of the image it reads, with those that fill it up. */
  readonly rows: number;
  /** Weights, transformed by Winograd's method; of the network's first layer, packed for the direct one. */
  readonly forward: number;
  /** f32 [co], filled up. */
  readonly bias: number;
  /** Weights of the gradient of what it read; 0 where that is not wanted. */
  readonly backward: number;
}

/** A transposed convolution. */
export interface PlacedTransposed {
  readonly name: string;
  readonly ci: number;
  readonly co: number;
  readonly forward: number;
  readonly bias: number;
  readonly backward: number;
}

/** All layers: two convolutions a level on the way down, `up` and two convolutions a level on the way up, the head. */
export interface PlacedLayers {
  readonly encoder: readonly (readonly [PlacedConvolution, PlacedConvolution])[];
  readonly up: readonly PlacedTransposed[];
  readonly decoder: readonly (readonly [PlacedConvolution, PlacedConvolution])[];
  readonly head: { readonly weight: number; readonly bias: number; readonly c: number; readonly classes: number };
}

/** The levels whose maps may be taken in tiles of 6: below, the weights would take more of the memory than they save time. */
const WIDE_LEVELS = 2;

/**
 * Places the layers for slices of height x width through `allocate`, whose memory is zero; with room for the backward pass where `isTrained`, and then
 * with tiles of 4 in both directions, whose weights are transformed at every step.
 */
export function placeLayers(
  exports: Kernels,
  widths: UNetWidths,
  height: number,
  width: number,
  isTrained: boolean,
  allocate: Allocate,
): PlacedLayers {
  const { baseWidth, inChannels, classes } = widths;
  const channels = (level: number) => baseWidth * 2 ** level;
  const convolution = (name: string, level: number, ci: number, co: number, isJoined = false): PlacedConvolution => {
    const side = isTrained || level >= WIDE_LEVELS ? 4 : tileSide(height >> level, width >> level);
    const isFirst = name === "encoder.0.conv1";
    const rows = isJoined ? 2 * panelled(ci / 2) : panelled(ci);
    return {
      name,
      ci,
      co,
      isJoined,
      side,
      rows,
      forward: allocate(isFirst ? directWeightBytes(ci, co) : exports.winogradWeightBytes(rows, co, side)),
      bias: allocate(panelled(co) * 4),
      backward: isTrained && !isFirst ? allocate(exports.winogradWeightBytes(co, rows, 4)) : 0,
    };
  };
  const levels = Array.from({ length: LEVELS }, (_, level) => level);
  return {
    encoder: levels.map((level) => [
      convolution(`encoder.${level}.conv1`, level, level === 0 ? inChannels : channels(level - 1), channels(level)),
      convolution(`encoder.${level}.conv2`, level, channels(level), channels(level)),
    ]),
    up: levels.slice(0, -1).map((level) => {
      const [ci, co] = [channels(level + 1), channels(level)];
      const bytes = panelled(ci) * panelled(co) * 16;
      return {
        name: `decoder.${level}.up`,
        ci,
        co,
        forward: allocate(bytes),
        bias: allocate(panelled(co) * 4),
        backward: isTrained ? allocate(bytes) : 0,
      };
    }),
    decoder: levels
      .slice(0, -1)
      .map((level) => [
        convolution(`decoder.${level}.conv1`, level, 2 * channels(level), channels(level), true),
        convolution(`decoder.${level}.conv2`, level, channels(level), channels(level)),
      ]),
    head: { weight: allocate(classes * panelled(baseWidth) * 4), bias: allocate(classes * 4), c: baseWidth, classes },
  };
}

/** The channels of a joined convolution's two inputs, or of the only one: from which of the weight's channels, how many, and where they lie in the image. */
export function partsOf({ ci, isJoined }: PlacedConvolution): { first: number; count: number; place: number }[] {
  const half = ci / 2;
  if (!isJoined) return [{ first: 0, count: ci, place: 0 }];
  return [
    { first: 0, count: half, place: 0 },
    { first: half, count: half, place: panelled(half) },
  ];
}

/** Runs its body with the address of the values first .. end - 1 of a parameter, in PyTorch's layout. */
export type WithValues = (name: string, first: number, end: number, body: (ptr: number) => void) => void;

/** Output channels whose weights are packed together, a multiple of 8: a wide layer's weights need not lie in wasm memory twice. */
const CHANNELS_TOGETHER = 64;

/** Packs every layer's parameters for the forward pass. */
export function packForward(core: Core, layers: PlacedLayers, withValues: WithValues): void {
  const { exports } = core;
  const floats = (ptr: number, length: number) => new Float32Array(exports.memory.buffer, ptr, length);
  for (const layer of [...layers.encoder, ...layers.decoder].flat()) {
    const { name, ci, co, forward, bias } = layer;
    withValues(`${name}.bias`, 0, co, (ptr) => packBias(exports, floats(ptr, co), bias));
    if (layer === layers.encoder[0]![0]) {
      withValues(`${name}.weight`, 0, co * ci * 9, (ptr) => packDirect(core, { weight: floats(ptr, co * ci * 9), ci, co }, forward));
    } else packConvolution(core, layer, withValues);
  }
  for (const { name, ci, co, forward, bias } of layers.up) {
    withValues(`${name}.bias`, 0, co, (ptr) => packBias(exports, floats(ptr, co), bias));
    withValues(`${name}.weight`, 0, ci * co * 4, (ptr) => exports.packTransposed(ptr, ci, co, forward, 0));
  }
  const { weight, bias, c, classes } = layers.head;
  withValues("head.bias", 0, classes, (ptr) => floats(bias, classes).set(floats(ptr, classes)));
  withValues("head.weight", 0, classes * c, (ptr) => {
    for (let k = 0; k < classes; k++) floats(weight + k * panelled(c) * 4, c).set(floats(ptr + k * c * 4, c));
  });
}

function packConvolution({ exports, arena }: Core, layer: PlacedConvolution, withValues: WithValues): void {
  const { name, ci, co, rows, side, forward } = layer;
  arena.scope(() => {
    const scratch = arena.empty(Uint8Array, exports.winogradWeightScratchBytes()).ptr;
    for (let channel = 0; channel < co; channel += CHANNELS_TOGETHER) {
      const channels = Math.min(CHANNELS_TOGETHER, co - channel);
      withValues(`${name}.weight`, channel * ci * 9, (channel + channels) * ci * 9, (ptr) => {
        for (const { first, count, place } of partsOf(layer)) {
          const to = forward + channel * rows * 4 + place * 32;
          exports.winogradWeight(ptr + first * 36, ci * 36, 36, false, count, channels, to, rows, panelled(co), side, scratch);
        }
      });
    }
  });
}

/** Packs the weights for the backward pass: the gradient of a convolution's input is a convolution with turned taps and swapped channels. */
export function packBackward({ exports, arena }: Core, layers: PlacedLayers, address: (name: string) => number): void {
  arena.scope(() => {
    const scratch = arena.empty(Uint8Array, exports.winogradWeightScratchBytes()).ptr;
    for (const layer of [...layers.encoder, ...layers.decoder].flat()) {
      const { name, ci, co, rows, backward } = layer;
      if (backward === 0) continue;
      const inner = panelled(co);
      for (const { first, count, place } of partsOf(layer)) {
        const from = address(`${name}.weight`) + first * 36;
        exports.winogradWeight(from, 36, ci * 36, true, co, count, backward + (place / 8) * inner * 32, inner, rows, 4, scratch);
      }
    }
    for (const { name, ci, co, forward, backward } of layers.up)
      exports.packTransposed(address(`${name}.weight`), ci, co, forward, backward);
  });
}
