// Options that several commands take, parsed once.
import { InvalidArgumentError, Option } from "commander";

/** A finite number, or commander's refusal with what was expected. */
export function number(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError(`expected a number; got "${text}".`);
  return value;
}

/** A number >= 0. */
export function notNegative(text: string): number {
  const value = number(text);
  if (value < 0) throw new InvalidArgumentError(`expected 0 or more; got ${value}.`);
  return value;
}

/** A file to write as compressed NIfTI, which is what its name must say. */
export function niftiFile(text: string): string {
  if (!/\.nii\.gz$/i.test(text))
    throw new InvalidArgumentError(`what is written is compressed NIfTI: expected a name that ends in .nii.gz; got "${text}".`);
  return text;
}

/** A whole number >= 0. */
export function whole(text: string): number {
  const value = number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError(`expected a whole number, 0 or more; got "${text}".`);
  return value;
}

/** A whole number >= 1. */
export function positive(text: string): number {
  const value = whole(text);
  if (value === 0) throw new InvalidArgumentError("expected 1 or more; got 0.");
  return value;
}

/** A window as LEVEL,WIDTH in HU. */
export function window(text: string): { level: number; width: number } {
  const parts = text.split(",");
  if (parts.length !== 2) throw new InvalidArgumentError(`expected LEVEL,WIDTH in HU, such as 110,400; got "${text}".`);
  const [level, width] = parts.map(number) as [number, number];
  if (width <= 0) throw new InvalidArgumentError(`the width must be a positive number of HU; got ${width}.`);
  return { level, width };
}

/** Percentiles of an image as LOW,HIGH. */
export function percentiles(text: string): readonly [low: number, high: number] {
  const [low, high, ...rest] = text.split(",").map(number);
  if (low === undefined || high === undefined || rest.length > 0 || !(low >= 0 && low < high && high <= 100)) {
    throw new InvalidArgumentError(`expected LOW,HIGH with 0 <= LOW < HIGH <= 100, such as 1,99; got "${text}".`);
  }
  return [low, high];
}

/** An option that may be given several times. */
export function repeated(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** What may be given as an image, for a command's help. */
export const IMAGE = "DICOM folder or zip, .nii, .nii.gz, .nrrd, .mha";

/** What may be given as the region that a network looks at. */
export const ROI = "rough annotation (.json), or a mask whose bounding box serves";

/** What may be given as a network; commands that need the decoder say "of a whole network". */
export const WEIGHTS = "safetensors file of the network, or shipped:NAME";
export const WHOLE_WEIGHTS = "safetensors file of a whole network, or shipped:NAME";

/** --workers; `of` says of what, where it is not the whole command. */
export function workersOption(of = ""): Option {
  return new Option("--workers <n>", `worker threads${of} (default: the machine's cores)`).argParser(positive);
}

/** --backend, the same wherever the network runs. */
export function backendOption(): Option {
  return new Option("--backend <name>", "where the network runs; auto takes a GPU where there is one")
    .choices(["auto", "webgpu", "wasm"])
    .default("auto");
}

/** --tuning, wherever the network may run on WebGPU. */
export function tuningOption(): Option {
  return new Option("--tuning <file|auto>", "record of islet unet tune for this GPU, WebGPU alone; auto measures once and keeps it");
}

/** Text under a command's help: two examples. */
export function examples(first: string, second: string): string {
  return `\nExamples:\n  $ islet ${first}\n  $ islet ${second}`;
}
