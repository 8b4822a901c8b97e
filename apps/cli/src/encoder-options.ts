// What deep features of one tumour are made from, as options of every command that makes them.
import type { Command } from "commander";
import { withIntensities, type IntensityFlags } from "./intensities.ts";
import { IMAGE, ROI, WEIGHTS, backendOption, number, tuningOption, whole } from "./options.ts";

/** One tumour, and the encoder that sees it. */
export interface EncoderFlags extends IntensityFlags {
  readonly image: string;
  readonly roi: string;
  readonly weights: string;
  readonly backend: "auto" | "webgpu" | "wasm";
  readonly tuning?: string;
  readonly seed: number;
  readonly inputSize: number;
  readonly json?: boolean;
}

/** Adds --image, --roi and --weights, where the network runs, and how it sees the tumour. */
export function withEncoder(command: Command): Command {
  return withIntensities(
    command
      .requiredOption("--image <in>", IMAGE)
      .requiredOption("--roi <in>", ROI)
      .requiredOption("--weights <file>", WEIGHTS)
      .addOption(backendOption())
      .addOption(tuningOption())
      .option("--seed <n>", "seed of the clustering over slices", whole, 1)
      .option("--input-size <n>", "pixels that slices are stretched to, a multiple of 16", number, 256),
  );
}
