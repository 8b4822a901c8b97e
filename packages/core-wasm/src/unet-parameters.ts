// The U-Net's parameters: their names and shapes, which follow from three widths, and where each lies in one flat array.
import { ShapeError } from "./errors.ts";

/** One parameter in PyTorch's layout. */
export interface Parameter {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Parameters by name: `encoder.{0..4}.conv{1,2}`, `decoder.{3..0}.up`, `decoder.{3..0}.conv{1,2}` and `head`, each with `.weight` and `.bias`. */
export type Parameters = ReadonlyMap<string, Parameter>;

/** What tells one network's shapes from another's. */
export interface UNetWidths {
  /** Channels of the first level; level l has baseWidth * 2^l. */
  readonly baseWidth: number;
  /** Channels of a slice. */
  readonly inChannels: number;
  /** Channels of the logits. */
  readonly classes: number;
}

/** Levels of the encoder, the bottleneck counted in; each but the last halves the image. */
export const LEVELS = 5;

/** One row of the table. */
export interface ParameterRow {
  readonly name: string;
  readonly shape: readonly number[];
  /** Number of values. */
  readonly length: number;
  /** Index of the first value, where all parameters follow one another in the table's order. */
  readonly first: number;
}

/** The parameters in the order of the forward pass. Weights are (CO,CI,K,K), the transposed convolutions' (CI,CO,2,2). */
export function parameterTable({ baseWidth, inChannels, classes }: UNetWidths): ParameterRow[] {
  const width = (level: number) => baseWidth * 2 ** level;
  const shapes: [string, number[]][] = [];
  const layer = (name: string, weight: number[], co: number) => shapes.push([`${name}.weight`, weight], [`${name}.bias`, [co]]);
  const twice = (name: string, ci: number, co: number) => {
    layer(`${name}.conv1`, [co, ci, 3, 3], co);
    layer(`${name}.conv2`, [co, co, 3, 3], co);
  };
  for (let level = 0; level < LEVELS; level++) twice(`encoder.${level}`, level === 0 ? inChannels : width(level - 1), width(level));
  for (let level = LEVELS - 2; level >= 0; level--) {
    layer(`decoder.${level}.up`, [width(level + 1), width(level), 2, 2], width(level));
    twice(`decoder.${level}`, 2 * width(level), width(level));
  }
  layer("head", [classes, baseWidth, 1, 1], classes);
  let first = 0;
  return shapes.map(([name, shape]) => {
    const length = shape.reduce((product, n) => product * n, 1);
    first += length;
    return { name, shape, length, first: first - length };
  });
}

/**
 * The widths that a network's parameters have, after checking every shape against them.
 *
 * @throws ShapeError where a parameter is missing or has another shape
 */
export function widthsOf(weights: Parameters): UNetWidths {
  const shapeOf = (name: string) => {
    const parameter = weights.get(name);
    if (!parameter) throw new ShapeError(`unet: ${name} is missing; the whole network needs an encoder, a decoder and a head.`);
    return parameter.shape;
  };
  const [baseWidth = 0, inChannels = 0] = shapeOf("encoder.0.conv1.weight");
  const widths = { baseWidth, inChannels, classes: shapeOf("head.weight")[0] ?? 0 };
  for (const { name, shape, length } of parameterTable(widths)) {
    const got = shapeOf(name);
    const held = weights.get(name)!.data.length;
    if (got.join() !== shape.join() || held !== length) {
      throw new ShapeError(
        `unet: ${name} should have shape [${shape}] (${length} values), it has [${got}] and ${held} values; check the checkpoint.`,
      );
    }
  }
  return widths;
}

/** Parts of a flat array as parameters of their own. */
export function parametersFrom(flat: Float32Array, table: readonly ParameterRow[]): Map<string, Parameter> {
  return new Map(table.map(({ name, shape, first, length }) => [name, { shape, data: flat.slice(first, first + length) }]));
}

/** Parameters as one flat array of `length` values, zero beyond the last. */
export function flatten(parameters: Parameters, table: readonly ParameterRow[], length: number): Float32Array {
  const flat = new Float32Array(length);
  for (const { name, shape, first, length: size } of table) {
    const data = parameters.get(name)?.data;
    if (data?.length !== size) {
      throw new ShapeError(
        `unet: ${name} should hold ${size} values [${shape}], it holds ${data?.length ?? "none"}; check the checkpoint.`,
      );
    }
    flat.set(data, first);
  }
  return flat;
}
