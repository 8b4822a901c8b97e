import { readImage, inspectImage, writeNifti } from "@islet/pipeline";
import { checkFileOutput, readSource, writeAtomic } from "@islet/pipeline/node";
import { Command } from "commander";
import { examples, IMAGE, niftiFile } from "../options.ts";
import { note, print } from "../output.ts";

/** islet inspect: what a file or folder holds. */
export function inspectCommand(): Command {
  return new Command("inspect")
    .description("what an image, a DICOM folder or a zip holds: series, spacing, gaps, tilt, duplicates; never patient names")
    .argument("<in>", IMAGE)
    .addHelpText("after", examples("inspect scan/", "inspect scan.nii.gz --json"))
    .action(async (input: string, flags: { json?: boolean }) => {
      const report = await inspectImage(await readSource(input));
      print(report, flags, () => summaryOf(report));
    });
}

/** What an inspection found, for a person. */
function summaryOf({ formatName, files, ignored, series, image }: Awaited<ReturnType<typeof inspectImage>>): string[] {
  const head = `${formatName}, ${files} file${files === 1 ? "" : "s"}${ignored ? `, ${ignored} of them no part of an image` : ""}`;
  if (series.length === 0) return [head, ...(image ? factsOf(image) : [])];
  const each = series.flatMap((one) => {
    const name = [one.number === null ? "without a number" : one.number, one.modality, one.description].filter(Boolean).join(", ");
    const duplicates = one.duplicates ? `, ${one.duplicates} duplicate${one.duplicates === 1 ? "" : "s"}` : "";
    const lines = one.image ? factsOf(one.image) : [`  cannot be used: ${one.problem}`];
    return [`series ${name}: ${one.slices} slices${duplicates}`, ...lines];
  });
  return [
    head,
    ...each,
    ...(series.length > 1
      ? ['choose one with --series NUMBER, UID or place in this list (such as "#1") where a command reads this folder']
      : []),
  ];
}

function factsOf({
  shape,
  spacing,
  orientation,
  valueRange,
  warnings,
}: NonNullable<Awaited<ReturnType<typeof inspectImage>>["image"]>): string[] {
  return [
    `  ${shape.join(" x ")} voxels (z, y, x) of ${spacing.map((mm) => mm.toFixed(3)).join(" x ")} mm, stored as ${orientation}, values ${valueRange.join(" to ")}`,
    ...warnings.map((warning) => `  ! ${warning}`),
  ];
}

/** islet convert: any image to NIfTI. */
export function convertCommand(): Command {
  return new Command("convert")
    .description("any image to NIfTI in HU, in the canonical orientation, saying what was corrected")
    .argument("<in>", IMAGE)
    .requiredOption("-o, --out <file>", "the NIfTI file to write (.nii.gz)", niftiFile)
    .option("--series <which>", "number, UID or place in the list (#1) of the series, where the folder holds several")
    .addHelpText("after", examples("convert scan/ -o scan.nii.gz", "convert study.zip -o arterial.nii.gz --series 4"))
    .action(async (input: string, { out, series, json }: { out: string; series?: string; json?: boolean }) => {
      await checkFileOutput(out, [input]);
      const { volume, report } = await readImage(await readSource(input), series === undefined ? {} : { series });
      await writeAtomic(out, await writeNifti(volume));
      for (const warning of report.warnings) note(`! ${warning}`);
      const { shape, spacing } = volume;
      print({ out, shape, spacingMm: spacing, report }, { json }, () => [
        `wrote ${out}: ${shape.join(" x ")} voxels (z, y, x) of ${spacing.map((s) => s.toFixed(3)).join(" x ")} mm`,
      ]);
    });
}
