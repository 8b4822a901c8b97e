// How a scan is prepared for trained weights: as they were trained, unless the user says otherwise.
import type { Checkpoint } from "@islet/gpu-unet";
import { ConfigError } from "../errors.ts";
import type { PreprocessSettings } from "../preprocess/region.ts";
import { recordOf } from "./training/record.ts";

/** What the network sees of a scan. */
export interface NetworkSettings {
  readonly preprocess: PreprocessSettings;
  readonly inputSize: number;
}

/**
 * The settings of the training that is recorded in the weights; a given window or input size comes first.
 *
 * @param file  what messages call the weights
 * @throws ConfigError where neither the user nor the weights name a window
 */
export function networkSettings(
  checkpoint: Checkpoint,
  file: string,
  given: { readonly window: PreprocessSettings["window"] | null; readonly inputSize: number | null },
): NetworkSettings {
  const trained = recordOf(checkpoint)?.settings;
  const window = given.window ?? trained?.preprocess.window;
  if (!window) {
    throw new ConfigError(file, "holds no record of the window that the network was trained with; give it with --window or --percentiles");
  }
  const preprocess = trained?.preprocess ?? { spacing: 1, interpolation: "cubic", order: "resample-window" };
  return { preprocess: { ...preprocess, window }, inputSize: given.inputSize ?? trained?.inputSize ?? 256 };
}

/** The slices that a network was trained on, in words; null where its weights hold no record. */
export function trainedOn(checkpoint: Checkpoint): string | null {
  const trained = recordOf(checkpoint)?.settings;
  if (!trained) return null;
  const { inputSize, preprocess } = trained;
  return `of ${inputSize} x ${inputSize} pixels, from a grid of ${preprocess.spacing} mm, ${windowWords(preprocess.window)}`;
}

/** A window in words. */
function windowWords(window: PreprocessSettings["window"]): string {
  return "percentiles" in window
    ? `scaled between percentiles ${window.percentiles[0]} and ${window.percentiles[1]} of each image`
    : `windowed to level ${window.level}, width ${window.width} HU`;
}

/**
 * In what a network's slices differ from those that it was trained on, by the record in its weights: a sentence each, none where there is no record.
 *
 * What a network has learnt holds for slices like those; on others its features and masks may mean little.
 */
export function otherThanTrained(
  trained: Pick<NetworkSettings, "preprocess" | "inputSize"> | undefined,
  { preprocess, inputSize }: NetworkSettings,
): string[] {
  if (!trained) return [];
  const before = trained.preprocess;
  const [then, now] = [windowWords(before.window), windowWords(preprocess.window)];
  return [
    ...(then !== now ? [`the network was trained on slices ${then}, and these are ${now}`] : []),
    ...(trained.inputSize !== inputSize
      ? [`the network was trained on slices of ${trained.inputSize} pixels, and these have ${inputSize}`]
      : []),
    ...(before.spacing !== preprocess.spacing
      ? [`the network was trained at ${before.spacing} mm, and these slices are at ${preprocess.spacing} mm`]
      : []),
  ];
}

/** Throws a ConfigError unless slices of this side can be halved four times and are of a sensible size. */
export function checkInputSize(inputSize: number): void {
  if (Number.isInteger(inputSize) && inputSize >= 16 && inputSize <= 1024 && inputSize % 16 === 0) return;
  throw new ConfigError("input size", `expected a multiple of 16 from 16 to 1024; got ${inputSize}`);
}
