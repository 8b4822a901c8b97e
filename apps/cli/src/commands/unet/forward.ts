import { runNetwork } from "@islet/pipeline";
import { checkFileOutput, loadWeightsFile, readArrayFile, tuningNamed, writeArrayFile } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { WEIGHTS, backendOption, examples, tuningOption } from "../../options.ts";
import { print } from "../../output.ts";

/** islet unet forward: the bare network on an array. */
export function forwardCommand(): Command {
  return new Command("forward")
    .description("the bare network on an array of slices, to check an import")
    .requiredOption("--weights <file>", WEIGHTS)
    .requiredOption("--input <file>", "float32 .npy array (N, C, H, W); H and W multiples of 16")
    .requiredOption("-o, --out <file>", "float32 .npy array to write")
    .addOption(
      new Option("--output <what>", "pooled: (N, 16 x base width); bottleneck: the map before pooling; logits: (N, classes, H, W)")
        .choices(["pooled", "bottleneck", "logits"])
        .default("pooled"),
    )
    .addOption(backendOption())
    .addOption(tuningOption())
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
        tuning,
        json,
      }: {
        weights: string;
        input: string;
        out: string;
        output: "pooled" | "bottleneck" | "logits";
        backend: "auto" | "webgpu" | "wasm";
        tuning?: string;
        json?: boolean;
      }) => {
        await checkFileOutput(out, [weights, input, tuning]);
        const checkpoint = await loadWeightsFile(weights);
        const array = await readArrayFile(input);
        const record = await tuningNamed(tuning, backend, () => ({
          architecture: checkpoint.architecture,
          inputSize: array.shape[2]!,
          use: output === "logits" ? "inference" : "encoder",
        }));
        const result = await runNetwork(checkpoint, array, input, output, backend, record);
        await writeArrayFile(out, result.array);
        print({ out, shape: result.array.shape, backend: result.backend, device: result.device, tuning: result.tuning }, { json }, () => [
          `wrote ${out}: ${output}, shape ${result.array.shape.join(" x ")}, on ${result.device}`,
        ]);
      },
    );
}
