// The network as data: what its parameters and feature maps are called, their shapes, and the order of its layers.
//
// A 2D U-Net with two 3x3 convolutions a level, 2x2 max pooling on the way down, 2x2 transposed convolutions on the way up, the skip
// first in the concatenation, and a 1x1 convolution to the classes. Level l has baseWidth * 2^l channels.
import { ShapeError } from "./errors.ts";
import type { Activation } from "./ops/activation.ts";

/** What tells one network from another. */
export interface UNetArchitecture {
  /** Channels of the first level; 64 in the paper. */
  readonly baseWidth: number;
  /** Channels of the input; 1 for CT. */
  readonly inChannels: number;
  /** Channels of the output: background and the labels. */
  readonly classes: number;
  /** The non-linearity after each 3x3 convolution. */
  readonly activation: Activation;
}

/** One named array of the network. */
export interface TableRow {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Levels of the encoder, the bottleneck counted in; each but the last halves the image. */
export const LEVELS = 5;

/** How many input pixels, down and across, one pixel of the bottleneck stands for. */
export const STRIDE = 2 ** (LEVELS - 1);

/** Channels of a level, 0 at the top .. 4 at the bottleneck. */
export function widthOf({ baseWidth }: UNetArchitecture, level: number): number {
  return baseWidth * 2 ** level;
}

/** The parameters of the encoder, in the order of its forward pass. Weights are (CO, CI, K, K), biases (CO). */
export function encoderParameters(a: UNetArchitecture): TableRow[] {
  return levelsDown.flatMap((level) =>
    doubleConv(`encoder.${level}`, level === 0 ? a.inChannels : widthOf(a, level - 1), widthOf(a, level)),
  );
}

/**
 * The parameters of the whole network, in the order of its forward pass.
 * Convolution weights are (CO, CI, K, K), the transposed convolutions' `up` weights (CI, CO, 2, 2), as PyTorch lays them out.
 */
export function parameterTable(a: UNetArchitecture): TableRow[] {
  const decoder = levelsUp.flatMap((level) => {
    const CO = widthOf(a, level);
    const up = [row(`decoder.${level}.up.weight`, 2 * CO, CO, 2, 2), row(`decoder.${level}.up.bias`, CO)];
    return [...up, ...doubleConv(`decoder.${level}`, 2 * CO, CO)];
  });
  const head = [row("head.weight", a.classes, a.baseWidth, 1, 1), row("head.bias", a.classes)];
  return [...encoderParameters(a), ...decoder, ...head];
}

/**
 * The feature maps of the encoder for N slices of H x W pixels, in the order in which they are made; `input` comes from outside.
 *
 * @throws ShapeError where H or W is not a positive multiple of 16
 */
export function encoderActivations(a: UNetArchitecture, N: number, H: number, W: number): TableRow[] {
  if (!(H > 0 && W > 0 && H % STRIDE === 0 && W % STRIDE === 0)) {
    throw new ShapeError(
      `encoder: height and width must be multiples of ${STRIDE}, because ${LEVELS - 1} poolings halve them; they are ${H} x ${W}`,
    );
  }
  const maps = levelsDown.flatMap((level) => {
    const [C, h, w] = [widthOf(a, level), H / 2 ** level, W / 2 ** level];
    const convolved = [row(`encoder.${level}.conv1`, N, C, h, w), row(`encoder.${level}.conv2`, N, C, h, w)];
    return level === LEVELS - 1 ? convolved : [...convolved, row(`encoder.${level}.pool`, N, C, h / 2, w / 2)];
  });
  return [row("input", N, a.inChannels, H, W), ...maps, row("pooled", N, widthOf(a, LEVELS - 1))];
}

/** The name of the encoder's last feature map, after its activation. */
export const BOTTLENECK = `encoder.${LEVELS - 1}.conv2`;

/** One layer of the encoder, by the names of the tables. */
export type EncoderLayer =
  | { readonly op: "conv2d"; readonly x: string; readonly weight: string; readonly bias: string; readonly y: string }
  | { readonly op: "activation"; readonly x: string }
  | { readonly op: "maxPool2d"; readonly x: string; readonly y: string }
  | { readonly op: "globalAveragePool"; readonly x: string; readonly y: string };

/** The encoder's forward pass, from `input` to `pooled`; activations work in place, or in the convolution before them (`fuseActivations`). */
export function encoderForward(): EncoderLayer[] {
  const layers = levelsDown.flatMap((level): EncoderLayer[] => {
    const name = `encoder.${level}`;
    const convolved = convolveTwice(name, level === 0 ? "input" : `encoder.${level - 1}.pool`);
    return level === LEVELS - 1 ? convolved : [...convolved, { op: "maxPool2d", x: `${name}.conv2`, y: `${name}.pool` }];
  });
  return [...layers, { op: "globalAveragePool", x: BOTTLENECK, y: "pooled" }];
}

/**
 * The feature maps of the whole network for N slices of H x W pixels, in the order in which they are made; `input` comes from outside.
 * `encoder.L.skip` is `encoder.L.conv2` under a second name: a map that two layers read has a gradient from each.
 *
 * @throws ShapeError where H or W is not a positive multiple of 16
 */
export function unetActivations(a: UNetArchitecture, N: number, H: number, W: number): TableRow[] {
  const encoder = encoderActivations(a, N, H, W).filter(({ name }) => name !== "pooled");
  const skips = levelsUp.map((level) => row(`encoder.${level}.skip`, N, widthOf(a, level), H / 2 ** level, W / 2 ** level));
  const decoder = levelsUp.flatMap((level) => {
    const [C, h, w] = [widthOf(a, level), H / 2 ** level, W / 2 ** level];
    const name = `decoder.${level}`;
    const merged = [row(`${name}.up`, N, C, h, w), row(`${name}.concatenated`, N, 2 * C, h, w)];
    return [...merged, row(`${name}.conv1`, N, C, h, w), row(`${name}.conv2`, N, C, h, w)];
  });
  return [...encoder, ...skips, ...decoder, row(LOGITS, N, a.classes, H, W)];
}

/** The name of the network's result. */
export const LOGITS = "logits";

/** One layer of the whole network, by the names of the tables. */
export type UNetLayer =
  | Exclude<EncoderLayer, { op: "globalAveragePool" }>
  | { readonly op: "convTranspose2d"; readonly x: string; readonly weight: string; readonly bias: string; readonly y: string }
  /** y is x, read once more. */
  | { readonly op: "fork"; readonly x: string; readonly y: string }
  | { readonly op: "concatenate"; readonly a: string; readonly b: string; readonly y: string };

/** The whole network's forward pass, from `input` to `logits`; activations work in place, or in the convolution before them (`fuseActivations`). */
export function unetForward(): UNetLayer[] {
  const down = levelsDown.flatMap((level): UNetLayer[] => {
    const name = `encoder.${level}`;
    const convolved = convolveTwice(name, level === 0 ? "input" : `encoder.${level - 1}.pool`);
    if (level === LEVELS - 1) return convolved;
    const x = `${name}.conv2`;
    return [...convolved, { op: "fork", x, y: `${name}.skip` }, { op: "maxPool2d", x, y: `${name}.pool` }];
  });
  const up = levelsUp.flatMap((level): UNetLayer[] => {
    const name = `decoder.${level}`;
    const below = level === LEVELS - 2 ? BOTTLENECK : `decoder.${level + 1}.conv2`;
    return [
      { op: "convTranspose2d", x: below, weight: `${name}.up.weight`, bias: `${name}.up.bias`, y: `${name}.up` },
      { op: "concatenate", a: `encoder.${level}.skip`, b: `${name}.up`, y: `${name}.concatenated` },
      ...convolveTwice(name, `${name}.concatenated`),
    ];
  });
  return [...down, ...up, { op: "conv2d", x: "decoder.0.conv2", weight: "head.weight", bias: "head.bias", y: LOGITS }];
}

/** The whole network's backward pass: its layers from the last to the first, each of which turns the gradient of its result into those of what it read. */
export function unetBackward(): UNetLayer[] {
  return unetForward().reverse();
}

/** A convolution with the activation of its result, as one step of the forward pass. */
type FusedLayer<L extends UNetLayer | EncoderLayer> =
  | Exclude<L, { op: "conv2d" | "activation" }>
  | (Extract<UNetLayer, { op: "conv2d" }> & { readonly isActivated: boolean });

/** A forward pass in which each activation is part of the convolution before it. */
export function fuseActivations<L extends UNetLayer | EncoderLayer>(layers: readonly L[]): FusedLayer<L>[] {
  const activated = new Set(layers.flatMap((layer) => (layer.op === "activation" ? [layer.x] : [])));
  return layers.flatMap((layer) => {
    if (layer.op === "activation") return [];
    return [layer.op === "conv2d" ? { ...layer, isActivated: activated.has(layer.y) } : layer] as FusedLayer<L>[];
  });
}

/** A convolution with the activation of its result and the pooling of that, as one step of the encoder's forward pass. */
type PooledLayer =
  | Extract<EncoderLayer, { op: "globalAveragePool" }>
  | (Extract<FusedLayer<EncoderLayer>, { op: "conv2d" }> & { readonly pool: 1 | 2 });

/**
 * The encoder's forward pass where nothing reads a level's last map but its pooling: each activation and each pooling is part of the convolution
 * before it, whose result has the pooled map's name.
 */
export function fusePools(layers: readonly EncoderLayer[]): PooledLayer[] {
  const pooled = new Map(layers.flatMap((layer) => (layer.op === "maxPool2d" ? [[layer.x, layer.y] as const] : [])));
  return fuseActivations(layers).flatMap((layer): PooledLayer[] => {
    if (layer.op === "maxPool2d") return [];
    if (layer.op === "globalAveragePool") return [layer];
    const y = pooled.get(layer.y);
    return [y === undefined ? { ...layer, pool: 1 } : { ...layer, y, pool: 2 }];
  });
}

function convolveTwice(name: string, input: string): Extract<UNetLayer, { op: "conv2d" | "activation" }>[] {
  return ["conv1", "conv2"].flatMap((conv, i) => {
    const y = `${name}.${conv}`;
    const x = i === 0 ? input : `${name}.conv1`;
    return [
      { op: "conv2d", x, weight: `${y}.weight`, bias: `${y}.bias`, y },
      { op: "activation", x: y },
    ] as const;
  });
}

const levelsDown = Array.from({ length: LEVELS }, (_, level) => level);
const levelsUp = levelsDown.slice(0, -1).reverse();

function row(name: string, ...shape: number[]): TableRow {
  return { name, shape };
}

function doubleConv(name: string, CI: number, CO: number): TableRow[] {
  return [
    row(`${name}.conv1.weight`, CO, CI, 3, 3),
    row(`${name}.conv1.bias`, CO),
    row(`${name}.conv2.weight`, CO, CO, 3, 3),
    row(`${name}.conv2.bias`, CO),
  ];
}
