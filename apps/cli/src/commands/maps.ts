import { readFile } from "node:fs/promises";
import { planRadiomics } from "@islet/pipeline";
import { writeMaps } from "@islet/pipeline/node";
import { Command } from "commander";
import { examples, IMAGE, whole, window } from "../options.ts";
import { note, print } from "../output.ts";

interface MapFlags {
  readonly image: string;
  readonly mask: string;
  readonly out: string;
  readonly features: string;
  readonly radius: number;
  readonly preset: string;
  readonly window?: { level: number; width: number };
  readonly config?: string;
  readonly label?: number;
  readonly structure?: string;
  readonly json?: boolean;
}

/** Maps that are shown most: brightness, its spread, and how grey levels change from voxel to voxel. */
const USUAL = "stat_mean,stat_var,cm_joint_entr_3D_comb,cm_contrast_3D_comb,cm_corr_3D_comb,cm_inv_diff_3D_comb";

/** islet maps: a feature in the neighbourhood of every voxel. */
export function mapsCommand(): Command {
  return new Command("maps")
    .description("maps of intensity statistics and GLCM features around every voxel of a tumour, as NIfTI")
    .requiredOption("--image <in>", IMAGE)
    .requiredOption("--mask <in>", "label map, DICOM SEG or DICOM RTSTRUCT")
    .requiredOption("-o, --out <folder>", "folder to write a .nii.gz for each feature into")
    .option("--features <tags>", "IBSI tags with commas between: stat_..., cm_..._3D_avg, cm_..._3D_comb", USUAL)
    .option("--radius <n>", "the neighbourhood is 2 n + 1 voxels wide", whole, 1)
    .option("--preset <name>", "how the image is prepared: ibsi, song-2021 or a configuration", "ibsi")
    .option("--window <level,width>", "clip intensities to this window first, HU", window)
    .option("--config <yaml>", "changes to the preset")
    .option("--label <n>", "label of the mask (default: any non-zero)", whole)
    .option("--structure <name>", "structure or segment of a DICOM RTSTRUCT or SEG")
    .addHelpText(
      "after",
      examples(
        "maps --image ct.nii.gz --mask tumour.nii.gz -o maps/",
        "maps --image mr.nrrd --mask m.nrrd --features cm_joint_entr_3D_avg --radius 2 --config C.yaml -o maps/",
      ),
    )
    .action(async (flags: MapFlags, command: Command) => {
      const unreadable = () => command.error(`error: --config ${flags.config} cannot be read; check the path`, { exitCode: 2 });
      const config =
        flags.config === undefined ? undefined : { file: flags.config, text: await readFile(flags.config, "utf8").catch(unreadable) };
      const plan = planRadiomics(flags.preset, { ...(flags.window && { window: flags.window }), ...(config && { config }) });
      const tags = flags.features
        .split(",")
        .map((tag) => tag.trim())
        .filter(Boolean);
      const result = await writeMaps(flags, plan, { features: tags, radius: flags.radius }, flags.out);
      for (const warning of result.warnings) note(`! ${warning}`);
      print(result, flags, () => [
        ...Object.values(result.maps).map((file) => `wrote ${file}`),
        `${result.shape.join(" x ")} voxels (z, y, x) of ${result.spacingMm.map((s) => s.toFixed(3)).join(" x ")} mm; NaN outside the region`,
        "Research use only.",
      ]);
    });
}
