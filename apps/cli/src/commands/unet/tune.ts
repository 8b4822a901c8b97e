import { tuneFile } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { examples, positive } from "../../options.ts";
import { columns, note, print } from "../../output.ts";

interface TuneFlags {
  readonly out: string;
  readonly baseWidth: number;
  readonly inputSize: number;
  readonly batch: number;
  readonly for: "encoder" | "inference" | "training";
  readonly precision: "f32" | "f16";
  readonly software?: boolean;
  readonly json?: boolean;
}

/** islet unet tune: the kernels' workgroups, chosen by measuring. */
export function tuneCommand(): Command {
  return new Command("tune")
    .description("measure which workgroups the convolutions take best on this machine's GPU, as a record for --tuning")
    .option("-o, --out <file>", "the record, JSON", "tuning.json")
    .option("--base-width <n>", "channels of the network's first level", positive, 64)
    .option("--input-size <n>", "pixels of a slice's side, a multiple of 16", positive, 256)
    .option("--batch <n>", "slices a pass", positive, 4)
    .addOption(
      new Option("--for <what>", "what is tuned: deep features, logits, or a training step")
        .choices(["encoder", "inference", "training"])
        .default("inference"),
    )
    .addOption(
      new Option(
        "--precision <p>",
        "f16 lets half precision compete in deep features and logits, where the adapter has it and passes a check",
      )
        .choices(["f32", "f16"])
        .default("f32"),
    )
    .option("--software", "tune an adapter that computes on the CPU too; its times say nothing about a GPU")
    .addHelpText(
      "after",
      examples("unet tune -o tuning.json", "unet tune --base-width 16 --for encoder --precision f16 -o tuning-16.json --json"),
    )
    .action(async (flags: TuneFlags) => {
      const tuning = await tuneFile({ ...flags, use: flags.for }, (done, all, what) => {
        if (process.stderr.isTTY) note(`${done + 1} of ${all}: ${what}`);
      });
      print({ out: flags.out, ...tuning }, flags, () => [
        ...columns([
          ["kernel", "layer", "block", "ms", "standard, ms"],
          ...tuning.choices.map(({ kernel, shape: { CI, CO, H, W, K }, block, ms, standardMs }) => [
            kernel,
            `${CI} to ${CO} channels, ${H} x ${W}, K ${K}`,
            Object.values(block).join(" x "),
            Number(ms.toPrecision(3)),
            Number(standardMs.toPrecision(3)),
          ]),
        ]),
        ...(tuning.precision ? [inWords(tuning.precision)] : []),
        `wrote ${flags.out}: ${tuning.choices.length} choices for ${tuning.adapter.description}, clock: ${tuning.clock}`,
      ]);
    });
}

/** What came of asking for half precision. */
function inWords({ error, fallback }: NonNullable<Awaited<ReturnType<typeof tuneFile>>["precision"]>): string {
  return fallback ?? `half precision passed its check: a layer is off by ${error!.toPrecision(2)} of its size (relative L2)`;
}
