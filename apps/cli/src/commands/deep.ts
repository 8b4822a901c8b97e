import { deepCase } from "@islet/pipeline/node";
import { Command } from "commander";
import { IMAGE, ROI, WEIGHTS, backendOption, examples, number, tuningOption, whole } from "../options.ts";
import { note, print } from "../output.ts";
import { neededIntensities, withIntensities, type IntensityFlags } from "../intensities.ts";

interface DeepFlags extends IntensityFlags {
  readonly image: string;
  readonly roi: string;
  readonly weights: string;
  readonly backend: "auto" | "webgpu" | "wasm";
  readonly seed: number;
  readonly inputSize: number;
  readonly tuning?: string;
  readonly json?: boolean;
}

/** islet deep: one patient's deep features. */
export function deepCommand(): Command {
  return withIntensities(
    new Command("deep")
      .description("deep features of one tumour: the encoder's vector, aggregated over the box's slices")
      .requiredOption("--image <in>", IMAGE)
      .requiredOption("--roi <in>", ROI)
      .requiredOption("--weights <file>", WEIGHTS),
  )
    .addOption(backendOption())
    .addOption(tuningOption())
    .option("--seed <n>", "seed of the clustering over slices", whole, 1)
    .option("--input-size <n>", "pixels that slices are stretched to, a multiple of 16", number, 256)
    .addHelpText(
      "after",
      examples(
        "deep --image scan/ --roi rough-roi.json --weights w.safetensors --window 110,400 --json",
        "deep --image ct.nii.gz --roi mask.nii.gz --weights w.safetensors --window 130,310 --backend wasm",
      ),
    )
    .action(async (flags: DeepFlags, command: Command) => {
      const window = neededIntensities(flags, command);
      const { warnings, ...result } = await deepCase({ ...flags, window });
      for (const warning of warnings) note(`! ${warning}`);
      print({ ...result, warnings }, flags, () => [
        `${result.features.length} features from ${result.kept} of ${result.slices} slices on ${result.provenance.device}`,
        `network: ${result.provenance.network}`,
        `first: ${result.features
          .slice(0, 6)
          .map((v) => v.toPrecision(6))
          .join(", ")}, ... (--json prints all)`,
        "Research use only.",
      ]);
    });
}
