// What a service keeps of a patient's files: voxels and their place, nothing that tells who it is.
import { IntakeError } from "../errors.ts";
import { isSameGrid, voxelCount, wholeMask } from "../volume.ts";
import { readImage } from "./image.ts";
import { readMask, readRegionAhead } from "./mask.ts";
import { writeMetaImage } from "./metaimage-writer.ts";
import { parseRoughRoi } from "./rough-roi.ts";
import { sourceFromFiles, type SourceFile, type SourceLimits } from "./source.ts";

/** The files of one phase of one patient, as they were sent. */
export interface SentCase {
  readonly image: readonly SourceFile[];
  readonly mask?: readonly SourceFile[];
  /** A rough annotation, JSON. */
  readonly rough?: SourceFile;
  /** Which DICOM series, where there are several. */
  readonly series?: string;
  /** Which label or structure of the mask. */
  readonly label?: number;
  readonly structure?: string;
}

/** How much a case may hold: files and bytes once unpacked, and voxels. */
export interface DepositLimits extends SourceLimits {
  readonly voxels: number;
}

/** A case without its headers and names. */
export interface DepositedCase {
  /** MetaImage files in the order of those that were sent, to the last digit of the geometry; a mask on its own grid, where it has one. */
  readonly image: Uint8Array;
  readonly mask: Uint8Array | null;
  /** islet-rough-roi/1 without the names of image and annotator. */
  readonly rough: string | null;
  readonly facts: {
    readonly format: string;
    readonly modality: string | null;
    readonly shape: readonly number[];
    readonly spacingMm: readonly number[];
    readonly valueRange: readonly [number, number];
    /** Voxels of the mask; null where none was sent. */
    readonly maskVoxels: number | null;
    readonly warnings: readonly string[];
  };
}

/**
 * Reads what was sent and keeps voxels, geometry and annotation alone. Messages call the files by their role ("image", "mask", "rough"), since
 * a file's own name may tell who the patient is.
 *
 * @throws IntakeError with the sentence of whatever reader refuses
 */
export async function depositCase(sent: SentCase, limits: DepositLimits): Promise<DepositedCase> {
  const { volume, report } = await readImage(
    sourceFromFiles("image", numbered(sent.image), limits),
    sent.series === undefined ? {} : { series: sent.series },
  );
  if (voxelCount(volume) > limits.voxels) {
    throw new IntakeError(
      "image",
      `holds ${voxelCount(volume)} voxels (${volume.shape.join(" x ")}), expected at most ${limits.voxels}; crop it, or ask who runs the service for a higher limit`,
    );
  }
  const { stored } = volume;
  const warnings = [...report.warnings];
  let mask: Uint8Array | null = null;
  let maskVoxels: number | null = null;
  if (sent.mask) {
    const pick = {
      ...(sent.label !== undefined && { label: sent.label }),
      ...(sent.structure !== undefined && { structure: sent.structure }),
    };
    const source = sourceFromFiles("mask", numbered(sent.mask), limits);
    const ahead = await readRegionAhead(source, pick);
    const found = await readMask(source, volume, "image", pick, ahead);
    warnings.push(...found.notes);
    maskVoxels = found.mask.data.reduce((sum, value) => sum + value, 0);
    // How a mask comes onto the image's grid is for the job to say, as for the command: PyRadiomics takes the nearest neighbour.
    mask = ahead
      ? writeMetaImage(wholeMask(ahead.mask), ahead.orientation)
      : writeMetaImage({ ...found.mask, ...(stored && { stored }) }, report.orientation);
    if (ahead && !isSameGrid(ahead.mask, volume))
      warnings.push(
        "mask: is kept on its own grid, from which each job brings it onto the image's: by the nearest neighbour for pyradiomics",
      );
  }
  return {
    image: writeMetaImage(volume, report.orientation),
    mask,
    rough: sent.rough ? anonymous(new TextDecoder().decode(sent.rough.bytes)) : null,
    facts: {
      format: report.format,
      modality: report.series?.modality ?? null,
      shape: volume.shape,
      spacingMm: volume.spacing,
      valueRange: report.valueRange,
      maskVoxels,
      warnings,
    },
  };
}

/** The annotation as its reader drew it, without the names that its file may hold. */
function anonymous(text: string): string {
  const { format, coordinateSystem, unit, slices } = parseRoughRoi(text, "rough");
  return `${JSON.stringify({ format, image: "", coordinateSystem, unit, slices })}\n`;
}

/** The same files under their numbers; what kind they are is told by their first bytes. */
function numbered(files: readonly SourceFile[]): SourceFile[] {
  return files.map(({ bytes }, i) => ({ name: String(i + 1).padStart(6, "0"), bytes }));
}
