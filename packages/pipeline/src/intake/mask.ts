// A region for an image: from a label map, a DICOM segmentation or a DICOM structure set, on the image's own voxels.
import { IntakeError } from "../errors.ts";
import { wholeMask, type BoxedMask, type Geometry, type Mask } from "../volume.ts";
import { formatOf } from "./detect.ts";
import { kindOf, readAttributes } from "./dicom-header.ts";
import { maskFromSegmentation } from "./dicom-seg.ts";
import { readLabels } from "./image.ts";
import { fitMask, sameGrid } from "./mask-grid.ts";
import { maskFromLabels, type MaskOptions } from "./segmentation.ts";
import { maskFromStructures } from "./rtstruct.ts";
import { whichFile, type ImageSource } from "./source.ts";

/** A region on the grid of an image, and sentences on what was assumed or changed. */
interface Placed<M> {
  readonly mask: M;
  readonly notes: string[];
}

/**
 * Reads a mask onto the grid of an image.
 *
 * @param imagePath  the image, for messages
 * @param ahead      what `readRegionAhead` gave, by whoever has it already
 * @returns the mask and sentences on what was assumed or changed
 * @throws IntakeError when there is no such region, it is empty, or most of it lies outside the image
 */
export async function readMask(
  source: ImageSource,
  image: Geometry,
  imagePath: string,
  options: MaskOptions = {},
  ahead?: RegionAhead | null,
): Promise<Placed<Mask>> {
  const found = ahead === undefined ? await readRegionAhead(source, options) : ahead;
  const { mask, notes } = await placeMask(source, image, imagePath, options, found);
  return { mask: "inside" in mask ? wholeMask(mask) : mask, notes };
}

/** As `readMask`, by who has the region already; it stays in its box where its grid is the image's. */
export async function placeMask(
  source: ImageSource,
  image: Geometry,
  imagePath: string,
  options: MaskOptions,
  ahead: RegionAhead | null,
): Promise<Placed<Mask | BoxedMask>> {
  if (ahead) {
    const { mask, notes, orientation } = ahead;
    const same = sameGrid(mask, image, source.path, imagePath);
    const { shape, spacing, origin, direction } = image;
    if (same) return { mask: { ...mask, shape, spacing, origin, direction }, notes: [...notes, ...same.notes] };
    const fitted = fitMask(wholeMask(mask), image, source.path, imagePath, options.resampling === "nearest" ? orientation : null);
    return { mask: fitted.mask, notes: [...notes, ...fitted.notes] };
  }
  const region = segmentationIn(source)!;
  const name = whichFile(source.path, region.file);
  const attributes = readAttributes(region.file, source.path, true);
  if (region.kind === "structures") return maskFromStructures(attributes, image, name, imagePath, options.structure);
  const segments = maskFromSegmentation(attributes, region.file, image, name, options);
  const fitted = fitMask(segments.mask, image, name, imagePath);
  return { mask: fitted.mask, notes: [...segments.notes, ...fitted.notes] };
}

/** A label map's region on its own grid, before any image is known. */
export interface RegionAhead {
  readonly mask: BoxedMask;
  readonly notes: readonly string[];
  /** Of the mask's file. */
  readonly orientation: string;
}

/**
 * What of a mask can be read before its image: the region of a label map. Null for a DICOM segmentation or structure set, which needs the image.
 *
 * @throws IntakeError when there is no such region
 */
export async function readRegionAhead(source: ImageSource, options: MaskOptions): Promise<RegionAhead | null> {
  if (segmentationIn(source)) return null;
  const { labels, warnings, orientation } = await readLabels(source);
  const { mask, notes } = maskFromLabels(labels, source.path, options);
  return { mask, notes: [...warnings, ...notes], orientation };
}

/** The one DICOM segmentation or structure set of a source, if it holds one. */
function segmentationIn(source: ImageSource) {
  const regions = source.files
    .filter(({ bytes }) => formatOf(bytes) === "dicom")
    .map((file) => ({ file, kind: kindOf(readAttributes(file, source.path)) }))
    .filter(({ kind }) => kind === "segmentation" || kind === "structures");
  if (regions.length > 1) {
    const names = regions.map(({ file, kind }) => `${file.name} (${kind === "structures" ? "RTSTRUCT" : "SEG"})`).join(", ");
    throw new IntakeError(source.path, `holds ${regions.length} segmentation files (${names}), expected one; name the file itself`);
  }
  return regions[0];
}
