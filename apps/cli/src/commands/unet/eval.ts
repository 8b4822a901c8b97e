import { evaluateFile } from "@islet/pipeline/node";
import { Command } from "commander";
import { examples, notNegative, whole } from "../../options.ts";
import { columns, note, print } from "../../output.ts";
import { segmenterOf, withSegmenter, type SegmenterFlags } from "../../segmenter-options.ts";

interface EvalFlags extends SegmenterFlags {
  readonly cases: string;
  readonly out?: string;
  readonly overlays?: string;
  readonly jitter: number;
  readonly seed: number;
}

/** islet unet eval: DSC of a network on a table of cases. */
export function evalCommand(): Command {
  return withSegmenter(
    new Command("eval")
      .description("DSC of each case of a table, beside the DSC of the box itself; median and mean over patients with intervals")
      .requiredOption("--cases <csv>", "table with patient_id, image and mask, and where wanted rough, phase and label"),
  )
    .option("-o, --out <csv>", "also write the table of cases")
    .option("--overlays <folder>", "also write a picture of each case: the mask in orange, the network in blue, the box in white")
    .option("--jitter <mm>", "simulated reader's jitter for cases without a rough annotation, mm", notNegative, 2)
    .option("--seed <n>", "seed of the simulated readers and the bootstrap", whole, 1)
    .addHelpText(
      "after",
      examples(
        "unet eval --cases examples/sarcoma/external-ct.csv --weights w.safetensors",
        "unet eval --cases cases.csv --weights w.safetensors --tta -o dsc.csv --overlays pictures --json",
      ),
    )
    .action(async (flags: EvalFlags) => {
      const evaluation = await evaluateFile(
        {
          ...segmenterOf(flags),
          cases: flags.cases,
          jitterMm: flags.jitter,
          seed: flags.seed,
          table: flags.out ?? null,
          overlays: flags.overlays ?? null,
        },
        ({ name, done, total, result, warnings, fault }) => {
          for (const warning of warnings) note(`! ${name}: ${warning}`);
          note(fault === null ? `${done} of ${total}: ${name}, DSC ${result!.dsc.toFixed(3)}` : `! ${name} is left out: ${fault}`);
        },
      );
      const { cases, summary, provenance, excluded } = evaluation;
      const three = (value: number) => value.toFixed(3);
      const range = (ci: readonly [number, number] | null) => (ci ? `${three(ci[0])} to ${three(ci[1])}` : null);
      const known = cases.filter(({ role }) => role === "trained" || role === "validated").length;
      print(evaluation, flags, () => [
        ...columns([
          ["patient", "phase", "role", "DSC", "DSC of the box"],
          ...cases.map((one) => [one.patient, one.phase, one.role, three(one.dsc), three(one.box)]),
        ]),
        "",
        ...columns([
          ["over patients", "n", "median DSC", "95% CI (bootstrap)", "mean DSC", "95% CI (t)", "least", "most"],
          ...(["network", "box", "gain"] as const).map((row) => {
            const { n, median, medianCi, mean, meanCi, least, most } = summary[row];
            return [row, n, three(median), range(medianCi), three(mean), range(meanCi), three(least), three(most)];
          }),
        ]),
        "",
        `network: ${provenance.network}; on ${provenance.device}${provenance.flips ? ", averaged over mirror images" : ""}`,
        ...(known ? [`${known} of these cases trained the network or chose its weights: their DSC says nothing about new patients`] : []),
        ...(excluded.length ? [`left out: ${excluded.map(({ patient }) => patient).join(", ")}`] : []),
        "Research use only.",
      ]);
    });
}
