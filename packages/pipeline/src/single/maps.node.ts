// Maps of features by hand, from files to files.
import { join } from "node:path";
import { loadCore } from "@islet/core-wasm";
import { ConfigError, IntakeError } from "../errors.ts";
import { readImage } from "../intake/image.ts";
import { readMask } from "../intake/mask.ts";
import { writeNifti } from "../intake/nifti-writer.ts";
import { readSource } from "../intake/source.node.ts";
import { featureMaps } from "../radiomics/maps.ts";
import type { RadiomicsPlan } from "../radiomics/plan.ts";
import { checkFileOutput, writeAtomic } from "../host/output.node.ts";
import type { RadiomicsCase } from "./radiomics-case.node.ts";

/** What `islet maps` has written. */
export interface MapsResult {
  /** File by feature. */
  readonly maps: Readonly<Record<string, string>>;
  /** Voxels of each map (z, y, x), and mm. */
  readonly shape: readonly number[];
  readonly spacingMm: readonly number[];
  readonly warnings: readonly string[];
}

/**
 * Writes a NIfTI file for each feature, NaN outside the region.
 *
 * @param out  folder
 * @throws ConfigError for PyRadiomics' preset, whose maps are not computed; IntakeError when the region vanishes on the grid
 */
export async function writeMaps(
  given: RadiomicsCase,
  plan: RadiomicsPlan,
  { features, radius }: { readonly features: readonly string[]; readonly radius: number },
  out: string,
): Promise<MapsResult> {
  if (plan.kind === "pyradiomics")
    throw new ConfigError("preset", "maps are computed by IBSI's definitions; choose ibsi, song-2021 or a configuration");
  for (const tag of features) await checkFileOutput(join(out, `${tag}.nii.gz`), [given.image, given.mask]);
  const { volume, report } = await readImage(await readSource(given.image));
  const options = {
    ...(given.label !== undefined && { label: given.label }),
    ...(given.structure !== undefined && { structure: given.structure }),
  };
  const { mask, notes } = await readMask(await readSource(given.mask), volume, given.image, options);
  const maps = featureMaps(await loadCore(), volume, mask, { chain: plan.settings.chain, features, radius });
  if (!maps)
    throw new IntakeError(
      given.mask,
      "has no voxel on the grid of the preset, expected at least one; choose a finer grid, or the image's own (spacing: null)",
    );
  const files: Record<string, string> = {};
  for (const [tag, map] of maps) {
    files[tag] = join(out, `${tag}.nii.gz`);
    await writeAtomic(files[tag], await writeNifti(map));
  }
  const [first] = maps.values();
  return { maps: files, shape: first!.shape, spacingMm: first!.spacing, warnings: [...report.warnings, ...notes] };
}
