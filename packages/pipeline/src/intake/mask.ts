// A region for an image: from a label map, a DICOM segmentation or a DICOM structure set, on the image's own voxels.
import { IntakeError } from "../errors.ts";
import type { Mask, Volume } from "../volume.ts";
import { formatOf } from "./detect.ts";
import { kindOf, readAttributes } from "./dicom-header.ts";
import { maskFromSegmentation } from "./dicom-seg.ts";
import { readLabels } from "./image.ts";
import { fitMask } from "./mask-grid.ts";
import { maskFromLabels, type MaskOptions } from "./segmentation.ts";
import { maskFromStructures } from "./rtstruct.ts";
import { whichFile, type ImageSource } from "./source.ts";

/**
 * Reads a mask onto the grid of an image.
 *
 * @param imagePath  the image, for messages
 * @returns the mask and sentences on what was assumed or changed
 * @throws IntakeError when there is no such region, it is empty, or most of it lies outside the image
 */
export async function readMask(
  source: ImageSource,
  image: Volume,
  imagePath: string,
  options: MaskOptions = {},
): Promise<{ mask: Mask; notes: string[] }> {
  const regions = source.files
    .filter(({ bytes }) => formatOf(bytes) === "dicom")
    .map((file) => ({ file, kind: kindOf(readAttributes(file, source.path)) }))
    .filter(({ kind }) => kind === "segmentation" || kind === "structures");
  if (regions.length > 1) {
    const names = regions.map(({ file, kind }) => `${file.name} (${kind === "structures" ? "RTSTRUCT" : "SEG"})`).join(", ");
    throw new IntakeError(source.path, `holds ${regions.length} segmentation files (${names}), expected one; name the file itself`);
  }
  const [region] = regions;
  if (!region) {
    const { labels, warnings, orientation } = await readLabels(source);
    const region = maskFromLabels(labels, source.path, options);
    const fitted = fitMask(region.mask, image, source.path, imagePath, options.resampling === "nearest" ? orientation : null);
    return { mask: fitted.mask, notes: [...warnings, ...region.notes, ...fitted.notes] };
  }
  const name = whichFile(source.path, region.file);
  const attributes = readAttributes(region.file, source.path, true);
  if (region.kind === "structures") return maskFromStructures(attributes, image, name, imagePath, options.structure);
  const segments = maskFromSegmentation(attributes, region.file, image, name, options);
  const fitted = fitMask(segments.mask, image, name, imagePath);
  return { mask: fitted.mask, notes: [...segments.notes, ...fitted.notes] };
}
