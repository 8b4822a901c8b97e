import { seededWeights, describeWeights, parameterSummary, writeWeights } from "@islet/pipeline";
import { writeAtomic } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { examples, whole } from "../../options.ts";
import { print } from "../../output.ts";

/** islet unet init: weights that have seen no image. */
export function initCommand(): Command {
  return new Command("init")
    .description("write a network that has seen no image: He-normal weights from a seed")
    .option("--base-width <n>", "channels of the first level", whole, 64)
    .option("--seed <n>", "seed of the weights", whole, 1)
    .addOption(new Option("--activation <name>", "activation").choices(["elu", "relu"]).default("elu"))
    .addOption(new Option("--in-channels <n>", "input channels").choices(["1", "3"]).default("1"))
    .requiredOption("-o, --out <file>", "safetensors file to write")
    .addHelpText(
      "after",
      examples("unet init --base-width 16 --seed 1 -o w.safetensors", "unet init --base-width 64 --seed 7 -o paper-width.safetensors"),
    )
    .action(
      async ({
        baseWidth,
        seed,
        activation,
        inChannels,
        out,
        json,
      }: {
        baseWidth: number;
        seed: number;
        activation: "elu" | "relu";
        inChannels: string;
        out: string;
        json?: boolean;
      }) => {
        const weights = seededWeights(baseWidth, seed, { activation, inChannels: Number(inChannels) });
        await writeAtomic(out, writeWeights(weights));
        const { parameters } = parameterSummary(weights);
        print({ out, architecture: weights.architecture, metadata: weights.metadata, parameters }, { json }, () => [
          `wrote ${out}: ${describeWeights(weights)}; ${parameters.toLocaleString("en")} parameters`,
        ]);
      },
    );
}
