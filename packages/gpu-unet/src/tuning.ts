// The record of a tuning: which block each kernel takes on one adapter. The same record gives the same pipelines.
import type { AdapterInfo } from "./adapter-info.ts";
import { candidates, exceeds, standardBlock } from "./blocks.ts";
import type { BlockLimits, Blocks, LayerShape, TunableKernel } from "./blocks.ts";
import { DeviceError } from "./errors.ts";

/** The block that a kernel takes for a class of layers, with what was measured; the milliseconds are of one pass of the layer. */
export interface TuningChoice {
  readonly kernel: TunableKernel;
  readonly shape: LayerShape;
  readonly block: Blocks[TunableKernel];
  readonly ms: number;
  /** What the standard block took in the same run; for winograd-product, what the chosen block of conv2d-forward took. */
  readonly standardMs: number;
}

/** A tuning: JSON that can be kept beside results. */
export interface Tuning {
  readonly format: "islet-tuning/1";
  /** What the adapter says of itself; a record serves on that adapter alone. */
  readonly adapter: { readonly [K in (typeof identity)[number]]: string };
  /** How time was taken: by the device's own clock, or by the caller's. */
  readonly clock: "timestamp-query" | "wall";
  readonly choices: readonly TuningChoice[];
}

const identity = ["vendor", "architecture", "device", "description"] as const;

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
export function assertFits(tuning: Tuning, info: AdapterInfo, limits: BlockLimits): void {
  const here = adapterIdentity(info);
  const other = identity.find((key) => tuning.adapter[key] !== here[key]);
  if (other) {
    throw new DeviceError(
      `tuning: the record was made on ${tuning.adapter.description}, whose ${other} is "${tuning.adapter[other]}", and this is ${here.description} with "${here[other]}"; tune on this adapter, or leave the record out`,
    );
  }
  for (const { kernel, shape, block } of tuning.choices) {
    const short = exceeds(block, shape, limits);
    if (short)
      throw new DeviceError(`tuning: the record's block for ${kernel} needs a ${short}; tune on this device, or leave the record out`);
  }
}

/**
 * Reads a record's JSON.
 *
 * @throws DeviceError where it is no record of this format, or names a kernel or a constant that there is not
 */
export function readTuning(text: string): Tuning {
  const refuse = (why: string): never => {
    throw new DeviceError(`tuning: this is no tuning record of format islet-tuning/1 (${why}); make one by tuning on this adapter`);
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    refuse("it is not JSON");
  }
  if (!isRecord(value) || value["format"] !== "islet-tuning/1") return refuse("its format is another");
  const { adapter, choices, clock } = value;
  if (!isRecord(adapter) || identity.some((key) => typeof adapter[key] !== "string")) return refuse("its adapter is not described");
  if (clock !== "timestamp-query" && clock !== "wall") return refuse("its clock is none");
  if (!Array.isArray(choices)) return refuse("it has no choices");
  for (const choice of choices as unknown[]) {
    const kernel = isRecord(choice) ? choice["kernel"] : undefined;
    if (!isRecord(choice) || typeof kernel !== "string" || !Object.hasOwn(candidates, kernel))
      return refuse(`no kernel ${String(kernel)} is tuned`);
    const constants = Object.keys(standardBlock(kernel as TunableKernel));
    if (!hasCounts(choice["block"], constants)) return refuse(`${kernel} takes whole positive ${constants.join(", ")}`);
    const lanes = constants.reduce(
      (product, name) => product * (name.startsWith("LANES") ? (choice["block"] as Record<string, number>)[name]! : 1),
      1,
    );
    if (lanes % 16) return refuse(`${kernel} takes a multiple of 16 lanes, not ${lanes}`);
    const { shape, block } = choice as unknown as TuningChoice;
    if (!hasCounts(shape, ["CI", "CO", "H", "W", "K"])) return refuse(`${kernel} has no whole positive sizes`);
    if (kernel !== "winograd-product") continue;
    if (shape.K !== 3) return refuse(`${kernel} is for kernels of side 3, not ${shape.K}`);
    if ("LANES_T" in block && 16 % block.LANES_T) return refuse(`${kernel} takes 1, 2, 4, 8 or 16 for LANES_T, not ${block.LANES_T}`);
  }
  return value as unknown as Tuning;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Whether a value has exactly these names, each a whole positive number. */
function hasCounts(value: unknown, names: readonly string[]): boolean {
  return (
    isRecord(value) &&
    Object.keys(value).length === names.length &&
    names.every((name) => Number.isInteger(value[name]) && (value[name] as number) > 0)
  );
}
