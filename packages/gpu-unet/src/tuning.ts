// The record of a tuning: which block each kernel takes on one adapter. The same record gives the same pipelines.
import type { AdapterInfo } from "./adapter-info.ts";
import { exceeds } from "./blocks.ts";
import type { BlockDevice, Blocks, LayerShape, TunableKernel } from "./blocks.ts";
import { DeviceError } from "./errors.ts";

/** The block that a kernel takes for a class of layers, with what was measured; the milliseconds are of one pass of the layer. */
export interface TuningChoice {
  readonly kernel: TunableKernel;
  readonly shape: LayerShape;
  readonly block: Blocks[TunableKernel];
  readonly ms: number;
  /** What the standard block took in the same run; for a kernel that competes with another, what the best of those before it took. */
  readonly standardMs: number;
}

/** A tuning: JSON that can be kept beside results. */
export interface Tuning {
  readonly format: "islet-tuning/1";
  /** What the adapter says of itself; a record serves on that adapter alone. */
  readonly adapter: { readonly [K in (typeof identity)[number]]: string };
  /** How time was taken: by the device's own clock, or by the caller's. */
  readonly clock: "timestamp-query" | "wall";
  /** Where half precision was asked for: whether it serves on this adapter, and by what check. */
  readonly precision?: HalfPrecision;
  readonly choices: readonly TuningChoice[];
}

/** What came of asking for half precision. */
export interface HalfPrecision {
  /** "f16" where layers may be in half precision; "f32" where it was asked for and does not serve. */
  readonly kind: "f16" | "f32";
  /** Relative L2 distance of a layer in half precision from the same in float32, on the check's own numbers; null where it could not be run. */
  readonly error: number | null;
  /** One sentence on why float32 is taken all the same; null where half precision serves. */
  readonly fallback: string | null;
}

/** The kernel whose choices half precision is. */
export const HALF = "conv2d-forward-f16" satisfies TunableKernel;

/** What of an adapter's description tells it from others. */
export const identity = ["vendor", "architecture", "device", "description"] as const;

/** The part of an adapter's description that a record names. */
export function adapterIdentity(info: AdapterInfo): Tuning["adapter"] {
  const { vendor, architecture, device, description } = info;
  return { vendor, architecture, device, description };
}

/** The class of a layer: each size rounded up to a power of two, but K, so that one choice serves like layers. */
export function shapeClass({ CI, CO, H, W, K }: LayerShape): LayerShape {
  const up = (v: number) => 2 ** Math.ceil(Math.log2(v));
  return { CI: up(CI), CO: up(CO), H: up(H), W: up(W), K };
}

/** The name under which a choice is found. */
export function choiceKey(kernel: TunableKernel, shape: LayerShape): string {
  const { CI, CO, H, W, K } = shapeClass(shape);
  return `${kernel} ${CI} ${CO} ${H} ${W} ${K}`;
}

/**
 * Refuses a record that was made on another adapter, or whose blocks exceed the device's limits.
 *
 * @throws DeviceError naming both sides
 */
export function assertFits(tuning: Tuning, info: AdapterInfo, device: BlockDevice): void {
  const here = adapterIdentity(info);
  const other = identity.find((key) => tuning.adapter[key] !== here[key]);
  if (other) {
    throw new DeviceError(
      `tuning: the record was made on ${tuning.adapter.description}, whose ${other} is "${tuning.adapter[other]}", and this is ${here.description} with "${here[other]}"; tune on this adapter, or leave the record out`,
    );
  }
  for (const { kernel, shape, block } of tuning.choices) {
    const short = exceeds(kernel, block, shape, device);
    if (short)
      throw new DeviceError(`tuning: the record's block for ${kernel} needs a ${short}; tune on this device, or leave the record out`);
  }
}

/** The blocks in half precision of a record, each once. */
export function halfBlocks({ choices }: Pick<Tuning, "choices">): Blocks[typeof HALF][] {
  const blocks = choices.flatMap(({ kernel, block }) => (kernel === HALF ? [block as Blocks[typeof HALF]] : []));
  return [...new Map(blocks.map((block) => [JSON.stringify(block), block])).values()];
}

/** A record with what came of the check of half precision: without its choices where it does not serve. */
export function withPrecision(tuning: Tuning, precision: HalfPrecision): Tuning {
  const choices = precision.kind === "f16" ? tuning.choices : tuning.choices.filter(({ kernel }) => kernel !== HALF);
  const { format, adapter, clock } = tuning;
  return { format, adapter, clock, precision, choices };
}
