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

/** The encoder's forward pass, from `input` to `pooled`; activations work in place. */
export function encoderForward(): EncoderLayer[] {
  const layers: EncoderLayer[] = [];
  let x = "input";
  for (const level of levelsDown) {
    for (const conv of ["conv1", "conv2"]) {
      const y = `encoder.${level}.${conv}`;
      layers.push({ op: "conv2d", x, weight: `${y}.weight`, bias: `${y}.bias`, y }, { op: "activation", x: y });
      x = y;
    }
    if (level < LEVELS - 1) {
      layers.push({ op: "maxPool2d", x, y: `encoder.${level}.pool` });
      x = `encoder.${level}.pool`;
    }
  }
  return [...layers, { op: "globalAveragePool", x, y: "pooled" }];
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
