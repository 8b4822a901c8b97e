// A tuning's record as it comes from a file: everything that a kernel will take from it is checked here.
import { candidates } from "./blocks.ts";
import type { TunableKernel } from "./blocks.ts";
import { DeviceError } from "./errors.ts";
import { HALF, identity } from "./tuning.ts";
import type { Tuning, TuningChoice } from "./tuning.ts";

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
    const sets = constantsOf(kernel as TunableKernel);
    const constants = sets.find((names) => hasCounts(choice["block"], names));
    if (!constants) return refuse(`${kernel} takes whole positive ${sets.map((names) => names.join(", ")).join("; or ")}`);
    const lanes = constants.reduce(
      (product, name) => product * (name.startsWith("LANES") ? (choice["block"] as Record<string, number>)[name]! : 1),
      1,
    );
    if (lanes % 16) return refuse(`${kernel} takes a multiple of 16 lanes, not ${lanes}`);
    const { shape, block } = choice as unknown as TuningChoice;
    if (!hasCounts(shape, ["CI", "CO", "H", "W", "K"])) return refuse(`${kernel} has no whole positive sizes`);
    // Rows are pooled in pairs.
    if (kernel.startsWith("conv2d-forward") && "LANES_Y" in block && block.LANES_Y % 2)
      return refuse(`${kernel} takes an even LANES_Y, not ${block.LANES_Y}`);
    if (!kernel.startsWith("winograd")) continue;
    if (shape.K !== 3) return refuse(`${kernel} is for kernels of side 3, not ${shape.K}`);
    if ("LANES_T" in block && 16 % block.LANES_T) return refuse(`${kernel} takes 1, 2, 4, 8 or 16 for LANES_T, not ${block.LANES_T}`);
  }
  if (!isPrecision(value["precision"], choices as readonly TuningChoice[]))
    return refuse("what it says of half precision does not fit its choices");
  return value as unknown as Tuning;
}

/** The names of a kernel's constants, in each of the ways in which its work is cut. */
function constantsOf(kernel: TunableKernel): string[][] {
  return [...new Set(candidates[kernel].map((block) => Object.keys(block).join()))].map((names) => names.split(","));
}

/** Whether this is what came of asking for half precision; nobody asked where there is nothing, and then no layer may be in it. */
function isPrecision(value: unknown, choices: readonly TuningChoice[]): boolean {
  if (value === undefined) return !choices.some(({ kernel }) => kernel === HALF);
  if (!isRecord(value)) return false;
  const { kind, error, fallback } = value;
  if (kind === "f16") return typeof error === "number" && fallback === null;
  return kind === "f32" && error === null && typeof fallback === "string" && !choices.some(({ kernel }) => kernel === HALF);
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
