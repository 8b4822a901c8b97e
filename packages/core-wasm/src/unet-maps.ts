// The U-Net's feature maps for one slice, in the blocked layout of assembly/blocked.ts, and the forward pass that fills them.
import { panelled } from "./conv2d.ts";
import type { Core } from "./core.ts";
import type { Kernels } from "./kernels.ts";
import type { Allocate, PlacedConvolution, PlacedLayers } from "./unet-layers.ts";
import { LEVELS } from "./unet-parameters.ts";
import type { UNetWidths } from "./unet-parameters.ts";

/** The codes of assembly/activation.ts. */
export const ACTIVATIONS = { relu: 0, elu: 1, none: 2 } as const;

/** The addresses of a level's maps. */
export interface LevelMaps {
  readonly height: number;
  readonly width: number;
  /** What the level's first convolution reads: the slice, or what the level above pooled. */
  readonly input: number;
  /** After the encoder's first convolution. */
  readonly middle: number;
  /** After the encoder's second convolution: the skip, or the bottleneck. */
  readonly output: number;
  /** What came up from below; it lies right after `output`, so that both together are what the decoder reads. */
  readonly up: number;
  /** After the decoder's first convolution. */
  readonly decoderMiddle: number;
  /** After the decoder's second convolution; at the bottleneck the same as `output`. */
  readonly decoderOutput: number;
}

/** A slice's maps. */
export interface Maps {
  readonly levels: readonly LevelMaps[];
  /** f32 [classes, H, W] */
  readonly logits: number;
  readonly workspace: number;
}

/** The channels of a level. */
const widthOf = ({ baseWidth }: UNetWidths, level: number) => baseWidth * 2 ** level;

/** Bytes of an image of two halves, each filled up to a multiple of 8 channels. */
export function joinedBytes(exports: Kernels, c: number, height: number, width: number): number {
  return exports.blockedBytes(2 * panelled(c), height, width);
}

/** Bytes from the first channel of an image to channel `c`, a multiple of 4. */
function channelBytes(exports: Kernels, c: number, height: number, width: number): number {
  return exports.blockedBytes(c, height, width) - exports.blockedBytes(0, height, width);
}

/** Places the maps through `allocate`, whose memory is zero. Without `isTrained` the decoder's maps take the places of the encoder's, which nobody reads again. */
export function placeMaps(
  exports: Kernels,
  widths: UNetWidths,
  height: number,
  width: number,
  isTrained: boolean,
  allocate: Allocate,
): Maps {
  const levels = Array.from({ length: LEVELS }, (_, level): LevelMaps => {
    const [h, w, c] = [height >> level, width >> level, widthOf(widths, level)];
    const image = (channels: number) => allocate(exports.blockedBytes(channels, h, w));
    const input = image(level === 0 ? widths.inChannels : widthOf(widths, level - 1));
    const middle = image(c);
    if (level === LEVELS - 1) {
      const output = image(c);
      return { height: h, width: w, input, middle, output, up: 0, decoderMiddle: 0, decoderOutput: output };
    }
    const output = allocate(joinedBytes(exports, c, h, w));
    return {
      height: h,
      width: w,
      input,
      middle,
      output,
      up: output + channelBytes(exports, panelled(c), h, w),
      decoderMiddle: isTrained ? image(c) : middle,
      decoderOutput: isTrained ? image(c) : output,
    };
  });
  const pairs = levels.flatMap((_, level): [number, number][] => {
    const [above, c] = [level === 0 ? widths.inChannels : widthOf(widths, level - 1), widthOf(widths, level)];
    return [
      [above, c],
      [2 * panelled(c), c],
    ];
  });
  return {
    levels,
    logits: allocate(widths.classes * height * width * 4),
    workspace: allocate(Math.max(...pairs.flatMap(([ci, co]) => [4, 6].map((side) => exports.winogradWorkspaceBytes(ci, co, side))))),
  };
}

/**
 * The forward pass of one slice, f32 (inChannels,H,W), which leaves every map and the logits in their places.
 *
 * @param activation  a code of ACTIVATIONS
 */
export function createForward(
  { exports, arena }: Core,
  layers: PlacedLayers,
  maps: Maps,
  activation: number,
): (slice: Float32Array) => void {
  const convolve = ({ rows, co, side, forward, bias }: PlacedConvolution, { height, width }: LevelMaps, x: number, y: number) =>
    exports.conv2dWinograd(x, 0, 1, rows, height, width, forward, bias, co, activation, false, y, 0, maps.workspace, side);
  const { ci } = layers.encoder[0]![0];
  return (slice) => {
    const [top] = maps.levels as [LevelMaps];
    arena.scope(() => exports.toBlocked(arena.from(Float32Array, slice).ptr, ci, top.height, top.width, top.input));
    for (const [level, at] of maps.levels.entries()) {
      const [first, second] = layers.encoder[level]!;
      if (level === 0) exports.conv2d(at.input, ci, at.height, at.width, first.forward, first.bias, first.co, activation, at.middle);
      else convolve(first, at, at.input, at.middle);
      convolve(second, at, at.middle, at.output);
      const below = maps.levels[level + 1];
      if (below) exports.maxPool2d(at.output, second.co, at.height, at.width, below.input);
    }
    for (let level = LEVELS - 2; level >= 0; level--) {
      const [at, below, up] = [maps.levels[level]!, maps.levels[level + 1]!, layers.up[level]!];
      const [first, second] = layers.decoder[level]!;
      exports.convTranspose2d(below.decoderOutput, panelled(up.ci), below.height, below.width, up.forward, up.bias, panelled(up.co), at.up);
      convolve(first, at, at.output, at.decoderMiddle);
      convolve(second, at, at.decoderMiddle, at.decoderOutput);
    }
    const { weight, bias, c, classes } = layers.head;
    exports.head(top.decoderOutput, c, top.height, top.width, weight, bias, classes, maps.logits);
  };
}
