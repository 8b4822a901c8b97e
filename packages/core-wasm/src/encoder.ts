// The U-Net's encoder on the CPU: five levels of two 3x3 convolutions with activation, 2x2 max pooling between levels.
import { directWeightBytes, packBias, packDirect, packWinograd, panelled, tileSide } from "./conv2d.ts";
import type { BlockedImages, ConvolutionWeights, TileSide } from "./conv2d.ts";
import type { Core } from "./core.ts";
import { ShapeError } from "./errors.ts";
import type { Kernels } from "./kernels.ts";
import { placeKept } from "./placement.ts";

/** One 3x3 convolution: weight (CO,CI,3,3) and bias (CO). */
export type EncoderLayer = ConvolutionWeights;

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
const RELU = 0;
const ELU = 1;
/** The levels from here on take several slices at once: their maps are too small to fill whole groups of tiles, and their weights too many to be read for one slice. */
const FIRST_SHARED_LEVEL = 3;
/** Slices that share the deepest levels. 3 x 16 tiles of a 16 x 16 map fill whole groups and go through in one block (assembly/winograd-layout.ts). */
const SHARING = 3;

/** A layer's places in memory. */
interface PlacedLayer {
  readonly ci: number;
  readonly co: number;
  readonly weight: number;
  readonly bias: number;
}

/** A level's places in memory: its two layers, the image between them, and what leaves the level (pooled, but for the last). */
interface PlacedLevel {
  readonly height: number;
  readonly width: number;
  readonly side: TileSide;
  readonly layers: readonly [PlacedLayer, PlacedLayer];
  readonly middle: BlockedImages;
  readonly output: BlockedImages;
}

interface Placement {
  readonly input: BlockedImages;
  readonly workspace: number;
  readonly levels: readonly PlacedLevel[];
}

/**
 * Places an encoder in wasm memory, where its weights and its images stay as long as the core lives.
 *
 * The first layer, whose few input channels leave Winograd's method nothing to save, runs directly; the others by F(4x4, 3x3) or, on maps of 64 pixels a side and more, F(6x6, 3x3).
 * The pooled vector is within 1e-6 (relative L2) of exact arithmetic at real sizes; a slice's bits do not depend on the slices beside it.
 * The two builds differ in the last bits, and the relaxed one gives the same bits only on machines that fuse multiply-add alike.
 *
 * @throws ShapeError when layers do not fit together or the size is not a multiple of 16; DeviceError when a 4 GiB memory cannot hold it
 */
export function createEncoder(core: Core, spec: EncoderSpec): Encoder {
  checkSpec(spec);
  const { exports, arena } = core;

  const what = `encoder: slices of ${spec.height} x ${spec.width} at base width ${spec.levels[0]![0].co}`;
  const placement = placeKept(core, what, (allocate) => place(exports, spec, allocate));
  placement.levels.forEach(({ layers, side }, level) => {
    layers.forEach(({ weight, bias }, i) => {
      const layer = spec.levels[level]![i]!;
      if (level === 0 && i === 0) packDirect(core, layer, weight);
      else packWinograd(core, layer, side, weight);
      packBias(exports, layer.bias, bias);
    });
  });

  const { ci } = spec.levels[0]![0];
  const channels = spec.levels[LEVELS - 1]![1].co;
  const { height, width } = spec;
  const [h, w] = [height / 16, width / 16];
  const sliceLength = ci * height * width;
  const run = encoderRun(core, placement, spec.activation === "elu" ? ELU : RELU);

  /** Runs every slice and gathers `length` numbers of each, which `gather` writes from the bottleneck to an address. */
  const collect = (slices: Float32Array, count: number, length: number, gather: (bottleneck: number, to: number) => void): Float32Array => {
    if (slices.length !== count * sliceLength) {
      throw new ShapeError(
        `encoder: ${count} slices of (${ci}, ${height}, ${width}) hold ${count * sliceLength} values, slices has ${slices.length}; pass (N,CI,H,W) with N = count.`,
      );
    }
    const out = new Float32Array(count * length);
    for (let first = 0; first < count; first += SHARING) {
      const sharing = Math.min(SHARING, count - first);
      const bottlenecks = run(slices.subarray(first * sliceLength, (first + sharing) * sliceLength), sharing);
      arena.scope(() => {
        const values = arena.empty(Float32Array, panelled(length));
        for (let n = 0; n < sharing; n++) {
          gather(bottlenecks.ptr + n * bottlenecks.bytes, values.ptr);
          out.set(values.view().subarray(0, length), (first + n) * length);
        }
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

/** Lays everything out through `allocate`, which turns a size in bytes into an address. */
function place(exports: Kernels, { levels, height, width }: EncoderSpec, allocate: (bytes: number) => number): Placement {
  const images = (count: number, c: number, level: number): BlockedImages => {
    const bytes = exports.blockedBytes(c, height >> level, width >> level);
    return { ptr: allocate(bytes * count), bytes };
  };
  const sideOf = (level: number) => tileSide(height >> level, width >> level);
  const layer = ({ ci, co }: EncoderLayer, isDirect: boolean, side: TileSide): PlacedLayer => ({
    ci,
    co,
    weight: allocate(isDirect ? directWeightBytes(ci, co) : exports.winogradWeightBytes(ci, co, side)),
    bias: allocate(panelled(co) * 4),
  });
  return {
    input: images(1, levels[0]![0].ci, 0),
    workspace: allocate(
      Math.max(...levels.flatMap((layers, level) => layers.map(({ ci, co }) => exports.winogradWorkspaceBytes(ci, co, sideOf(level))))),
    ),
    levels: levels.map(([first, second], level) => ({
      height: height >> level,
      width: width >> level,
      side: sideOf(level),
      layers: [layer(first, level === 0, sideOf(level)), layer(second, false, sideOf(level))],
      middle: images(level < FIRST_SHARED_LEVEL ? 1 : SHARING, first.co, level),
      output: images(level < FIRST_SHARED_LEVEL - 1 ? 1 : SHARING, second.co, Math.min(level + 1, LEVELS - 1)),
    })),
  };
}

/** The forward pass of at most SHARING slices, which leaves their bottlenecks in the last level's output. */
function encoderRun(
  { exports, arena }: Core,
  { input, workspace, levels }: Placement,
  activation: number,
): (slices: Float32Array, count: number) => BlockedImages {
  const winograd = (
    layer: PlacedLayer,
    { height, width, side }: PlacedLevel,
    x: BlockedImages,
    count: number,
    isPooled: boolean,
    y: BlockedImages,
  ) => {
    const { ci, co, weight, bias } = layer;
    exports.conv2dWinograd(
      x.ptr,
      x.bytes,
      count,
      ci,
      height,
      width,
      weight,
      bias,
      co,
      activation,
      isPooled,
      y.ptr,
      y.bytes,
      workspace,
      side,
    );
  };
  const runLevel = (level: number, x: BlockedImages, count: number, output: BlockedImages) => {
    const placed = levels[level]!;
    const [first, second] = placed.layers;
    if (level === 0)
      exports.conv2d(x.ptr, first.ci, placed.height, placed.width, first.weight, first.bias, first.co, activation, placed.middle.ptr);
    else winograd(first, placed, x, count, false, placed.middle);
    winograd(second, placed, placed.middle, count, level < LEVELS - 1, output);
  };

  const { ci } = levels[0]!.layers[0];
  const { height, width } = levels[0]!;
  const sliceLength = ci * height * width;
  return (slices, count) => {
    for (let n = 0; n < count; n++) {
      const slice = slices.subarray(n * sliceLength, (n + 1) * sliceLength);
      arena.scope(() => exports.toBlocked(arena.from(Float32Array, slice).ptr, ci, height, width, input.ptr));
      let x = input;
      for (let level = 0; level < FIRST_SHARED_LEVEL; level++) {
        const { output } = levels[level]!;
        const isShared = level === FIRST_SHARED_LEVEL - 1;
        runLevel(level, x, 1, isShared ? { ...output, ptr: output.ptr + n * output.bytes } : output);
        x = output;
      }
    }
    for (let level = FIRST_SHARED_LEVEL; level < LEVELS; level++) runLevel(level, levels[level - 1]!.output, count, levels[level]!.output);
    return levels[LEVELS - 1]!.output;
  };
}

function checkSpec({ levels, height, width }: EncoderSpec): void {
  if (levels.length !== LEVELS)
    throw new ShapeError(
      `encoder: a U-Net encoder has ${LEVELS} levels of two layers, the specification has ${levels.length}; check the checkpoint's layers.`,
    );
  if (!isMultipleOf16(height) || !isMultipleOf16(width)) {
    throw new ShapeError(
      `encoder: a slice of ${height} x ${width} cannot be halved four times; height and width must be positive multiples of 16, so resample or pad the slice.`,
    );
  }
  let from = levels[0]![0].ci;
  levels.flat().forEach(({ weight, bias, ci, co }, i) => {
    const name = `encoder.${i >> 1}.conv${(i & 1) + 1}`;
    if (ci !== from) throw new ShapeError(`encoder: ${name} takes ${ci} channels but is given ${from}; check the order of the layers.`);
    if (weight.length !== co * ci * 9)
      throw new ShapeError(
        `encoder: ${name}.weight should hold ${co} x ${ci} x 3 x 3 = ${co * ci * 9} values, it has ${weight.length}; check the checkpoint.`,
      );
    if (bias.length !== co)
      throw new ShapeError(`encoder: ${name}.bias should hold ${co} values, it has ${bias.length}; check the checkpoint.`);
    from = co;
  });
}

const isMultipleOf16 = (n: number) => Number.isInteger(n) && n > 0 && n % 16 === 0;
