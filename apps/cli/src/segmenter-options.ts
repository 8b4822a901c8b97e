// The network that draws masks, as options of every command that has it drawn.
import type { Command } from "commander";
import { intensitiesOf, withIntensities, type IntensityFlags } from "./intensities.ts";
import { WHOLE_WEIGHTS, backendOption, number, tuningOption } from "./options.ts";

/** A whole network and how it is run. */
export interface SegmenterFlags extends IntensityFlags {
  readonly weights: string;
  readonly tta?: boolean;
  readonly inputSize?: number;
  readonly backend: "auto" | "webgpu" | "wasm";
  readonly tuning?: string;
  readonly json?: boolean;
}

/** Adds --weights, --tta, --input-size, where the network runs, and the intensities that it sees. */
export function withSegmenter(command: Command): Command {
  return withIntensities(
    command
      .requiredOption("--weights <file>", WHOLE_WEIGHTS)
      .option("--tta", "average over each slice and its three mirror images")
      .option("--input-size <n>", "pixels that slices are stretched to (default: as trained)", number)
      .addOption(backendOption())
      .addOption(tuningOption()),
  );
}

/** What the options ask of the pipeline; null where the weights' own training decides. */
export function segmenterOf({ weights, tta, inputSize, backend, tuning, ...flags }: SegmenterFlags) {
  return {
    weights,
    flips: tta ?? false,
    window: intensitiesOf(flags),
    inputSize: inputSize ?? null,
    backend,
    ...(tuning !== undefined && { tuning }),
  };
}
