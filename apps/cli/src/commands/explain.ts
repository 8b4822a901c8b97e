import { explainCase } from "@islet/pipeline/node";
import { Command, InvalidArgumentError } from "commander";
import { withEncoder, type EncoderFlags } from "../encoder-options.ts";
import { neededIntensities } from "../intensities.ts";
import { examples, niftiFile } from "../options.ts";
import { note, print } from "../output.ts";

interface ExplainFlags extends EncoderFlags {
  readonly model: string;
  readonly out?: string;
  readonly overlay?: string;
}

/** islet explain: where in a tumour a model's decision comes from. */
export function explainCommand(): Command {
  return withEncoder(
    new Command("explain").description(
      "where in each slice a decision on deep features comes from: its slope, taken back to the network's bottleneck (Grad-CAM)",
    ),
  )
    .requiredOption("--model <file>", "model of islet svm fit on a study's features/deep.*.csv")
    .option("-o, --out <file>", "heat on the image's grid, .nii.gz: positive raises the decision, negative lowers it", niftiFile)
    .option("--overlay <file>", "five slices tinted by their heat, .png: vermilion raises, blue lowers", png)
    .addHelpText(
      "after",
      examples(
        "explain --image ct.nii.gz --roi mask.nii.gz --weights w.safetensors --window 130,310 --model svm.json -o heat.nii.gz --overlay heat.png",
        "explain --image scan/ --roi rough-roi.json --weights w.safetensors --window 110,400 --model svm.json --json",
      ),
    )
    .action(async (flags: ExplainFlags, command: Command) => {
      const { warnings, ...result } = await explainCase({ ...flags, window: neededIntensities(flags, command) });
      for (const warning of warnings) note(`! ${warning}`);
      print({ ...result, warnings }, flags, () => {
        const kept = result.slices.filter(({ isKept }) => isKept);
        const top = kept.toSorted((a, b) => Math.abs(b.part) - Math.abs(a.part)).slice(0, 3);
        const against = result.average === null ? "" : `; the average patient's is ${result.average.toPrecision(4)}`;
        return [
          `decision value ${result.decision.toPrecision(4)} (${result.provenance.kernel} SVM)${against}; the heat sums to ${result.explained.toPrecision(4)}`,
          `${kept.length} of ${result.slices.length} slices count; most: ${top.map(({ slice, part }) => `slice ${slice} (${part > 0 ? "+" : ""}${part.toPrecision(3)})`).join(", ")}`,
          ...result.files.map((file) => `wrote ${file}`),
          "Research use only.",
        ];
      });
    });
}

function png(text: string): string {
  if (!/\.png$/i.test(text)) throw new InvalidArgumentError(`expected a name that ends in .png; got "${text}".`);
  return text;
}
