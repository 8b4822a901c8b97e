// The box of a tumour: around a reader's annotation, or around a mask.
import type { Core } from "@islet/core-wasm";
import { readMask } from "../intake/mask.ts";
import { parseRoughRoi, type RoughRoi } from "../intake/rough-roi.ts";
import type { ImageSource } from "../intake/source.ts";
import type { Geometry, Mask, Volume } from "../volume.ts";
import { resampleRoi } from "./resample.ts";
import { boundingBox, roughCuboid, type IndexBox } from "./roi.ts";

/** What a box is drawn around; `file` is what messages call the annotation. */
export type BoxSource = { readonly rough: RoughRoi; readonly file: string } | { readonly mask: Mask };

/**
 * Reads what a box is drawn around: a rough annotation (one .json file), or a mask on the image's voxels.
 *
 * @param imagePath  the image, for messages
 * @returns the source, and sentences on what was assumed of a mask
 * @throws IntakeError when the file is neither
 */
export async function readBoxSource(
  source: ImageSource,
  image: Volume,
  imagePath: string,
): Promise<{ around: BoxSource; notes: readonly string[] }> {
  const [first] = source.files;
  if (source.files.length === 1 && first!.name.toLowerCase().endsWith(".json")) {
    const rough = parseRoughRoi(new TextDecoder().decode(first!.bytes), source.path);
    return { around: { rough, file: source.path }, notes: [] };
  }
  const { mask, notes } = await readMask(source, image, imagePath);
  return { around: { mask }, notes };
}

/**
 * The half-open box on a grid: the annotation's cuboid (`roughCuboid`), or the smallest box of the mask's voxels on that grid.
 *
 * @returns the box, and a sentence where a part of an annotation lay outside the image
 * @throws IntakeError when most of the annotation lies outside the image, or no voxel of the grid is in the mask
 */
export function boxAround(core: Core, around: BoxSource, grid: Geometry): { box: IndexBox; notes: readonly string[] } {
  if ("rough" in around) return roughCuboid(around.rough, grid, around.file);
  return { box: boundingBox(resampleRoi(core, around.mask, grid, { from: [0, 0, 0], to: grid.shape })), notes: [] };
}
