// Any image source as a volume.
import type { Geometry, Triple, Volume } from "../volume.ts";
import { cutRows, orientationOf, toCanonical, viewCanonical, viewLabels, type LabelMap, type RawImage } from "./canonical.ts";
import { identify, type ImageFormat } from "./detect.ts";
import { readDicom } from "./dicom.ts";
import { readWithItk } from "./itk.ts";
import { readNifti } from "./nifti.ts";
import { labelWarnings, reportOn, valueWarnings, type IntakeReport, type StoredValues } from "./report.ts";
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
  const volume = withKind(toCanonical(image, name), image);
  return { volume, report: reportOn(volume, format, null, orientationOf(image), warnings, name) };
}

/** An image whose voxels stay as the file has them until some are asked for. */
export interface StoredImage {
  readonly geometry: Geometry;
  readonly orientation: string;
  /** The values of a half-open box of the canonical frame, x fastest. */
  part(from: Triple, shape: Triple): Float32Array;
  /** The image as a volume. */
  whole(): Volume;
  /** Every sentence that `readImage` would have in its report; takes a look at all values. Throws what `readImage` throws of them. */
  warnings(): readonly string[];
}

/**
 * Reads an image as `readImage`, but copies no more of it than is asked for.
 *
 * @throws IntakeError as `readImage`, but for what it says of values, which waits for `warnings`
 */
export async function readStored(source: ImageSource): Promise<StoredImage> {
  const { format, file } = await identify(source);
  if (format === "dicom") return storedVolume(await readImage(source));
  const name = whichFile(source.path, file);
  const { image, warnings } = await readSingle(format, file.bytes, name);
  const { data } = image;
  const { geometry, stored, part } = viewCanonical(image, name);
  const whole = () => withKind({ ...geometry, stored, data: part([0, 0, 0], geometry.shape) }, image);
  const orientation = orientationOf(image);
  const isExact = EXACT.some((Kind) => data instanceof Kind);
  return {
    geometry,
    orientation,
    part,
    whole,
    warnings: () =>
      isExact
        ? [...warnings, ...valueWarnings(data as StoredValues, name)]
        : reportOn(whole(), format, null, orientation, warnings, name).warnings,
  };
}

/** Kinds of stored values that 32-bit floats hold exactly. */
const EXACT = [Float32Array, Int16Array, Uint16Array, Int8Array, Uint8Array] as const;

function storedVolume({ volume, report }: Intake): StoredImage {
  const { shape, spacing, origin, direction } = volume;
  const strides = stridesOf(shape);
  return {
    geometry: { shape, spacing, origin, direction },
    orientation: report.orientation,
    part: (from, size) =>
      cutRows(
        volume.data,
        from.reduce((at, k, a) => at + k * strides[a]!, 0),
        size,
        strides,
      ),
    whole: () => volume,
    warnings: () => report.warnings,
  };
}

const stridesOf = ([, ny, nx]: Triple): Triple => [ny * nx, nx, 1];

/** A volume with what numbers its file can hold. */
function withKind(volume: Volume, { data }: RawImage): Volume {
  if (data instanceof Float64Array) return { ...volume, isFloating: true, doubles: { values: data, of: volume.data } };
  if (data instanceof Float32Array) return { ...volume, isFloating: true };
  const bits = 8 * data.BYTES_PER_ELEMENT;
  const isUnsigned = data.constructor.name.includes("Uint");
  return { ...volume, isFloating: false, range: isUnsigned ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] };
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
    const { data: values, shape } = volume;
    const labels = { ...volume, values, start: 0, strides: stridesOf(shape), axes: [2, 1, 0] as Triple };
    return { labels, warnings: report.warnings, orientation: report.orientation };
  }
  const name = whichFile(source.path, file);
  const { image, warnings } = await readSingle(format, file.bytes, name);
  const labels = viewLabels(image, name);
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
