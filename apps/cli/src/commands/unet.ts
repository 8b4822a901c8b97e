import { runNetwork, seededWeights, describeWeights, parameterSummary, writeWeights } from "@islet/pipeline";
import { loadWeightsFile, readArrayFile, writeArrayFile, writeAtomic } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { backendOption, examples, whole } from "../options.ts";
import { pairs, print } from "../output.ts";

/** islet unet: the network by itself. */
export function unetCommand(): Command {
  const unet = new Command("unet").description("the U-Net: make, describe and run weights");

  unet
    .command("init")
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
        print({ out, architecture: weights.architecture, metadata: weights.metadata, parameters }, { ...(json && { json }) }, () => [
          `wrote ${out}: ${describeWeights(weights)}; ${parameters.toLocaleString("en")} parameters`,
        ]);
      },
    );

  unet
    .command("info")
    .description("what a weights file holds")
    .argument("<weights>", "safetensors file")
    .addHelpText("after", examples("unet info w.safetensors", "unet info w.safetensors --json"))
    .action(async (file: string, flags: { json?: boolean }) => {
      const weights = await loadWeightsFile(file);
      const { parameters, tensors } = parameterSummary(weights);
      print({ architecture: weights.architecture, parts: weights.parts, metadata: weights.metadata, parameters, tensors }, flags, () => [
        describeWeights(weights),
        ...pairs([
          ...Object.entries(weights.architecture),
          ["parts", weights.parts],
          ["parameters", parameters.toLocaleString("en")],
          ...Object.entries(weights.metadata),
        ]),
      ]);
    });

  unet
    .command("forward")
    .description("the bare network on an array of slices, to check an import")
    .requiredOption("--weights <file>", "safetensors file")
    .requiredOption("--input <file>", "float32 .npy array (N, C, H, W); H and W multiples of 16")
    .requiredOption("-o, --out <file>", "float32 .npy array to write")
    .addOption(
      new Option(
        "--output <what>",
        "pooled: (N, 16 x base width); bottleneck: the map before pooling; logits: (N, classes, H, W), on webgpu",
      )
        .choices(["pooled", "bottleneck", "logits"])
        .default("pooled"),
    )
    .addOption(backendOption())
    .addHelpText(
      "after",
      examples(
        "unet forward --weights w.safetensors --input x.npy -o y.npy",
        "unet forward --weights w.safetensors --input x.npy -o y.npy --output bottleneck --backend wasm",
      ),
    )
    .action(
      async ({
        weights,
        input,
        out,
        output,
        backend,
        json,
      }: {
        weights: string;
        input: string;
        out: string;
        output: "pooled" | "bottleneck" | "logits";
        backend: "auto" | "webgpu" | "wasm";
        json?: boolean;
      }) => {
        const checkpoint = await loadWeightsFile(weights);
        const result = await runNetwork(checkpoint, await readArrayFile(input), input, output, backend);
        await writeArrayFile(out, result.array);
        print({ out, shape: result.array.shape, backend: result.backend, device: result.device }, { ...(json && { json }) }, () => [
          `wrote ${out}: ${output}, shape ${result.array.shape.join(" x ")}, on ${result.device}`,
        ]);
      },
    );
  return unet;
}
