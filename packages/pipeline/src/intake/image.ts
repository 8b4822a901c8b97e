// Any image source as a volume.
import type { Volume } from "../volume.ts";
import { orientationOf, toCanonical, toCanonicalLabels, type LabelMap, type RawImage } from "./canonical.ts";
import { identify, type ImageFormat } from "./detect.ts";
import { readDicom } from "./dicom.ts";
import { readWithItk } from "./itk.ts";
import { readNifti } from "./nifti.ts";
import { labelWarnings, reportOn, type IntakeReport } from "./report.ts";
import { whichFile, type ImageSource } from "./source.ts";
import { checkTextHeader } from "./text-header.ts";

/** An image and what was learnt while reading it. */
export interface Intake {
  readonly volume: Volume;
  readonly report: IntakeReport;
}

/**
 * Reads a DICOM series, NIfTI, NRRD or MetaImage as a volume in the canonical frame: HU for CT, the file's values otherwise.
 *
 * @param options.series  which DICOM series, by number or UID, where there are several
 * @throws IntakeError with a sentence for everything that is not one sound volume
 */
export async function readImage(source: ImageSource, options: { readonly series?: string } = {}): Promise<Intake> {
  const { format, file } = await identify(source);
  if (format === "dicom") {
    const { volume, facts, orientation, warnings } = await readDicom(source, options.series);
    return { volume, report: reportOn(volume, "dicom", facts, orientation, warnings, source.path) };
  }
  const name = whichFile(source.path, file);
  const { image, warnings } = await readSingle(format, file.bytes, name);
  const isFloating = image.data instanceof Float32Array || image.data instanceof Float64Array;
  const volume = { ...toCanonical(image, name), isFloating };
  return { volume, report: reportOn(volume, format, null, orientationOf(image), warnings, name) };
}

/**
 * Reads an image as labels: as `readImage`, but whole numbers stay as narrow as the file has them.
 *
 * @throws IntakeError as `readImage`
 */
export async function readLabels(source: ImageSource): Promise<{ labels: LabelMap; warnings: string[]; orientation: string }> {
  const { format, file } = await identify(source, "mask");
  if (format === "dicom") {
    const { volume, report } = await readImage(source);
    return { labels: volume, warnings: report.warnings, orientation: report.orientation };
  }
  const name = whichFile(source.path, file);
  const { image, warnings } = await readSingle(format, file.bytes, name);
  const labels = toCanonicalLabels(image, name);
  const orientation = orientationOf(image);
  return { labels, warnings: labelWarnings(labels, format, orientation, warnings, name), orientation };
}

/** One file of a format that keeps a volume in one file. */
async function readSingle(
  format: Exclude<ImageFormat, "dicom">,
  bytes: Uint8Array,
  name: string,
): Promise<{ image: RawImage; warnings: string[] }> {
  if (format === "nifti") return readNifti(bytes, name);
  return { image: await readWithItk(format, await checkTextHeader(format, bytes, name), name), warnings: [] };
}
