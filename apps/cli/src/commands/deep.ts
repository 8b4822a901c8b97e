import { deepCase } from "@islet/pipeline/node";
import { Command } from "commander";
import { withEncoder, type EncoderFlags } from "../encoder-options.ts";
import { neededIntensities } from "../intensities.ts";
import { examples } from "../options.ts";
import { note, print } from "../output.ts";

/** islet deep: one patient's deep features. */
export function deepCommand(): Command {
  return withEncoder(new Command("deep").description("deep features of one tumour: the encoder's vector, aggregated over the box's slices"))
    .addHelpText(
      "after",
      examples(
        "deep --image scan/ --roi rough-roi.json --weights w.safetensors --window 110,400 --json",
        "deep --image ct.nii.gz --roi mask.nii.gz --weights w.safetensors --window 130,310 --backend wasm",
      ),
    )
    .action(async (flags: EncoderFlags, command: Command) => {
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
