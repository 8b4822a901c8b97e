// IBSI's two phantoms, read through intake as any scan is.
import { readImage, readMask } from "@islet/pipeline";
import { readSource } from "@islet/pipeline/node";
import type { Mask, Volume } from "../../packages/pipeline/src/volume.ts";
import { sharedData } from "../helpers/shared-data.ts";

/** An image and its ROI. */
export interface Phantom {
  readonly volume: Volume;
  readonly mask: Mask;
}

/** A phantom from its folders, or null where the shared data are absent. */
export async function phantom(...folder: readonly string[]): Promise<Phantom | null> {
  const image = sharedData("ibsi", ...folder, "image", "phantom.nii.gz");
  const roi = sharedData("ibsi", ...folder, "mask", "mask.nii.gz");
  if (image === null || roi === null) return null;
  const { volume } = await readImage(await readSource(image));
  const { mask } = await readMask(await readSource(roi), volume, image);
  return { volume, mask };
}
