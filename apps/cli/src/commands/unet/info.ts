import { describeWeights, parameterSummary, trainedOn } from "@islet/pipeline";
import { loadWeightsFile } from "@islet/pipeline/node";
import { Command } from "commander";
import { examples, WEIGHTS } from "../../options.ts";
import { pairs, print } from "../../output.ts";

/** islet unet info: what a weights file holds. */
export function infoCommand(): Command {
  return new Command("info")
    .description("what a weights file holds")
    .argument("<weights>", WEIGHTS)
    .addHelpText("after", examples("unet info w.safetensors", "unet info w.safetensors --json"))
    .action(async (file: string, flags: { json?: boolean }) => {
      const weights = await loadWeightsFile(file);
      const { parameters, tensors } = parameterSummary(weights);
      const trained = trainedOn(weights);
      print({ architecture: weights.architecture, parts: weights.parts, metadata: weights.metadata, parameters, tensors }, flags, () => [
        describeWeights(weights),
        ...pairs([
          ...Object.entries(weights.architecture),
          ["parts", weights.parts],
          ["parameters", parameters.toLocaleString("en")],
          ...(trained === null ? [] : ([["trained on slices", trained]] as const)),
          ...Object.entries(weights.metadata).filter(([name]) => !(name in weights.architecture) && name !== "trainingRecord"),
        ]),
        ...(weights.metadata["trainingRecord"] ? ["(the whole record of the training: --json, under metadata.trainingRecord)"] : []),
      ]);
    });
}
