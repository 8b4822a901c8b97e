import { exportWeights } from "@islet/pipeline";
import { checkFileOutput, loadWeightsFile, writeAtomic } from "@islet/pipeline/node";
import { Command, InvalidArgumentError, Option } from "commander";
import { examples, positive, WEIGHTS } from "../../options.ts";
import { print } from "../../output.ts";

interface ExportFlags {
  readonly out: { readonly file: string; readonly format: "onnx" | "safetensors" };
  readonly part?: "encoder" | "unet";
  readonly precision: "float32" | "float16";
  readonly inputSize?: number;
  readonly json?: boolean;
}

/** islet unet export: a network for other programs. */
export function exportCommand(): Command {
  return new Command("export")
    .description("a network for other programs: ONNX, or safetensors of the encoder alone or in float16")
    .argument("<weights>", WEIGHTS)
    .requiredOption("-o, --out <file>", "file to write: .onnx or .safetensors", exported)
    .addOption(
      new Option("--part <part>", "encoder: pooled vectors and the bottleneck; unet: logits (default: all that the weights hold)").choices([
        "encoder",
        "unet",
      ]),
    )
    .addOption(
      new Option("--precision <type>", "how safetensors are stored; float16 is half the size")
        .choices(["float32", "float16"])
        .default("float32"),
    )
    .option("--input-size <n>", "fix the side of a slice in the ONNX model, a multiple of 16 (default: any)", positive)
    .addHelpText(
      "after",
      examples(
        "unet export w.safetensors -o w.onnx",
        "unet export w.safetensors --part encoder --precision float16 -o encoder.safetensors",
      ),
    )
    .action(async (file: string, { out, part, precision, inputSize, json }: ExportFlags) => {
      await checkFileOutput(out.file, [file]);
      const checkpoint = await loadWeightsFile(file);
      const options = { format: out.format, part: part ?? checkpoint.parts, precision, ...(inputSize !== undefined && { inputSize }) };
      const bytes = exportWeights(checkpoint, options);
      await writeAtomic(out.file, bytes);
      print({ out: out.file, ...options, bytes: bytes.length, architecture: checkpoint.architecture }, { json }, () => [
        `wrote ${out.file}: ${options.part === "unet" ? "the whole network" : "the encoder"}, ${precision}, ${(bytes.length / 1e6).toFixed(1)} MB`,
      ]);
    });
}

function exported(text: string): ExportFlags["out"] {
  const format = /\.(onnx|safetensors)$/i.exec(text)?.[1]?.toLowerCase();
  if (format === "onnx" || format === "safetensors") return { file: text, format };
  throw new InvalidArgumentError(`expected a name that ends in .onnx or .safetensors; got "${text}".`);
}
