import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { featureTable, planRadiomics, RADIOMICS_PRESETS } from "@islet/pipeline";
import { checkFileOutput, radiomicsCase, radiomicsTable, startHelper, writeAtomic } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { examples, IMAGE, whole, window, workersOption } from "../options.ts";
import { columns, note, print } from "../output.ts";

interface RadiomicsFlags {
  readonly image?: string;
  readonly mask?: string;
  readonly cases?: string;
  readonly preset: string;
  readonly window?: { level: number; width: number };
  readonly config?: string;
  readonly label?: number;
  readonly structure?: string;
  readonly out?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

/** islet radiomics: hand-crafted features of one tumour, or of a table of them. */
export function radiomicsCommand(): Command {
  return new Command("radiomics")
    .description("hand-crafted features of one tumour, or of a table of cases")
    .option("--image <in>", IMAGE)
    .option("--mask <in>", "label map, DICOM SEG or DICOM RTSTRUCT")
    .option("--cases <table>", "CSV with patient_id, image and mask (and label, structure), instead of --image and --mask; needs -o")
    .addOption(
      new Option("--preset <name>", "which features, and how the image is prepared for them").choices(RADIOMICS_PRESETS).default("ibsi"),
    )
    .option("--window <level,width>", "clip intensities to this window first, HU", window)
    .option("--config <yaml>", "changes to the preset; for pyradiomics, one of its parameter files")
    .option("--label <n>", "label of the mask (default: any non-zero; pyradiomics: 1)", whole)
    .option("--structure <name>", "structure or segment of a DICOM RTSTRUCT or SEG")
    .option("-o, --out <csv>", "write the features as a table")
    .addOption(workersOption(" for a table of cases"))
    .addHelpText(
      "after",
      examples(
        "radiomics --image ct.nii.gz --mask tumour.nii.gz --preset song-2021 --window 130,310 --json",
        "radiomics --cases cohort.csv --preset pyradiomics --config Params.yaml -o features.csv",
      ),
    )
    .action(async (flags: RadiomicsFlags, command: Command) => {
      const refusal = problemOf(flags);
      if (refusal) command.error(`error: ${refusal}`, { exitCode: 2 });
      const config =
        flags.config === undefined
          ? undefined
          : {
              file: flags.config,
              text: await readFile(flags.config, "utf8").catch(() =>
                command.error(`error: --config ${flags.config} cannot be read; check the path`, { exitCode: 2 }),
              ),
            };
      const plan = planRadiomics(flags.preset, { ...(flags.window && { window: flags.window }), ...(config && { config }) });
      if (flags.cases !== undefined) await table(flags, flags.cases, plan);
      else await single(flags, plan);
    });
}

/** What is wrong with the flags together; null where nothing is. */
function problemOf({ image, mask, cases, out }: RadiomicsFlags): string | null {
  if (cases === undefined)
    return image === undefined || mask === undefined ? "radiomics needs --image and --mask, or --cases with a table of them" : null;
  if (image !== undefined || mask !== undefined) return "give either --cases, or --image and --mask, not both";
  return out === undefined ? "--cases needs -o, the table to write" : null;
}

type Plan = ReturnType<typeof planRadiomics>;

async function single({ image, mask, config, label, structure, out, json }: RadiomicsFlags, plan: Plan): Promise<void> {
  if (out !== undefined) await checkFileOutput(out, [image, mask, config]);
  const given = { image: image!, mask: mask!, ...(label !== undefined && { label }), ...(structure !== undefined && { structure }) };
  const second = availableParallelism() > 1 ? startHelper() : null;
  const result = await radiomicsCase(given, plan, { ...(second && { helper: second.helper }) }).finally(() => second?.end());
  for (const warning of result.warnings) note(`! ${warning}`);
  if (out !== undefined) {
    await writeAtomic(out, featureTable([result.features], Object.keys(result.features)));
    note(`wrote ${out}: one case of ${Object.keys(result.features).length} features`);
  }
  print(result, { json }, () => [
    ...columns([
      ["feature", "value"],
      ...Object.entries(result.features).map(([name, value]) => [name, value === null ? null : value.toPrecision(6)]),
    ]),
    ...Object.entries(result.reasons).map(([name, reason]) => `${name} has no value: ${reason}`),
    `${Object.keys(result.features).length} features, preset ${plan.preset}: ${plan.description}`,
    "Research use only.",
  ]);
}

async function table({ out, workers, json }: RadiomicsFlags, cases: string, plan: Plan): Promise<void> {
  for (const warning of plan.warnings) note(`! ${warning}`);
  const result = await radiomicsTable(
    cases,
    out!,
    plan,
    { ...(workers && { workers }) },
    ({ patient, done, total, cached, warnings, error }) => {
      note(`${done}/${total} ${patient}${cached ? " (kept from before)" : ""}${error === null ? "" : `: ${error}`}`);
      for (const warning of warnings) note(`! ${patient}: ${warning}`);
    },
  );
  const failed = result.failures.length > 0 ? `: ${result.failures.map(({ patient }) => patient).join(", ")}` : "";
  note(`wrote ${out}: ${result.cases} cases of ${result.columns.length - 1} features, ${result.failures.length} failed${failed}`);
  print({ out, preset: plan.preset, ...result }, { json }, () => [
    `${result.cases} cases, ${result.failures.length} failed, preset ${plan.preset}: ${plan.description}`,
    ...result.failures.map(({ patient, reason }) => `${patient}: ${reason}`),
    "Research use only.",
  ]);
}
