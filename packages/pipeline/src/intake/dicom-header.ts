// What the headers of DICOM files say, in our own words; nothing that identifies a patient is read out of them.
import dcmjs, { type Naturalized } from "dcmjs";
import { IntakeError } from "../errors.ts";
import type { Xyz } from "./canonical.ts";
import { findPixelData, type PixelData } from "./dicom-elements.ts";
import { whichFile, type SourceFile } from "./source.ts";

// dcmjs quotes values in its warnings, and a value may be a name.
dcmjs.log.setLevel("silent", false);
dcmjs.log.getLogger("validation.dcmjs").setLevel("silent", false);

/** One file of a series. */
export interface DicomHeader {
  readonly file: SourceFile;
  readonly seriesUid: string;
  readonly seriesNumber: number | null;
  readonly modality: string;
  readonly description: string;
  readonly instanceNumber: number | null;
  readonly transferSyntax: string;
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** Gantry tilt that the scanner noted, degrees. */
  readonly gantryTilt: number;
  /** Distance between rows and between columns, mm; null where absent. */
  readonly pixelSpacing: readonly [row: number, column: number] | null;
  readonly sliceThickness: number | null;
  /** Directions of a row (column index growing) and of a column, LPS. */
  readonly orientation: readonly [row: Xyz, column: Xyz] | null;
  /** Centre of the first pixel of each frame, LPS, mm; null where absent. */
  readonly positions: readonly Xyz[] | null;
  /** Whether the header says how stored values become HU (or whatever the modality's unit is). */
  readonly hasRescale: boolean;
  /** Uncompressed length that the header promises, bytes. */
  readonly pixelBytes: number;
}

/** SOP classes that are no image of the patient although they may carry pixels. */
const SEGMENTATIONS = new Set(["1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"]);
const STRUCTURE_SET = "1.2.840.10008.5.1.4.1.1.481.3";
const NO_IMAGES = new Set(["SEG", "RTSTRUCT", "RTPLAN", "RTDOSE", "RTRECORD", "PR", "KO", "SR", "REG", "FID", "DOC"]);

/** What a DICOM file is to us. */
export type DicomKind = "image" | "segmentation" | "structures" | "other";

/**
 * The attributes of a file, by keyword, up to its pixel data or with them.
 *
 * @throws IntakeError when the header cannot be read
 */
export function readAttributes(file: SourceFile, path: string, withPixels = false): Naturalized & { readonly transferSyntax: string } {
  const { bytes } = file;
  try {
    // A Buffer's own slice() would share memory with its neighbours.
    const buffer = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : new Uint8Array(bytes).buffer;
    const options = withPixels ? { ignoreErrors: true } : { ignoreErrors: true, untilTag: "7FE00010", includeUntilTagValue: false };
    const dicom = dcmjs.data.DicomMessage.readFile(buffer, options);
    const transferSyntax = String(dicom.meta["00020010"]?.Value[0] ?? "");
    return { ...dcmjs.data.DicomMetaDictionary.naturalizeDataset(dicom.dict), transferSyntax };
  } catch (cause) {
    throw new IntakeError(whichFile(path, file), "its DICOM header is cut short or damaged; copy or export it again", { cause });
  }
}

/** What a file is, from its SOP class, or its modality where the class is missing. */
export function kindOf(attributes: Naturalized): DicomKind {
  const sopClass = text(attributes["SOPClassUID"]);
  const modality = text(attributes["Modality"]);
  if (SEGMENTATIONS.has(sopClass) || modality === "SEG") return "segmentation";
  if (sopClass === STRUCTURE_SET || modality === "RTSTRUCT") return "structures";
  const hasPixels = number(attributes["Rows"]) !== null && number(attributes["Columns"]) !== null;
  return hasPixels && !NO_IMAGES.has(modality) ? "image" : "other";
}

/** The header of one image file. */
export function headerOf(file: SourceFile, attributes: ReturnType<typeof readAttributes>): DicomHeader {
  const rows = number(attributes["Rows"]) ?? 0;
  const columns = number(attributes["Columns"]) ?? 0;
  const samplesPerPixel = number(attributes["SamplesPerPixel"]) ?? 1;
  const shared = items(attributes["SharedFunctionalGroupsSequence"])[0] ?? {};
  const frames = items(attributes["PerFrameFunctionalGroupsSequence"]);
  const frameCount = number(attributes["NumberOfFrames"]) ?? 1;
  const group = (frame: Naturalized | undefined, sequence: string): Naturalized =>
    items(frame?.[sequence])[0] ?? items(shared[sequence])[0] ?? {};

  const measures = group(frames[0], "PixelMeasuresSequence");
  const spacing = numbers(attributes["PixelSpacing"] ?? measures["PixelSpacing"], 2);
  const directions = numbers(
    attributes["ImageOrientationPatient"] ?? group(frames[0], "PlaneOrientationSequence")["ImageOrientationPatient"],
    6,
  );
  const single = numbers(attributes["ImagePositionPatient"], 3);
  const positions = single ? [single] : frames.map((frame) => numbers(group(frame, "PlanePositionSequence")["ImagePositionPatient"], 3));
  return {
    file,
    seriesUid: text(attributes["SeriesInstanceUID"]),
    seriesNumber: number(attributes["SeriesNumber"]),
    modality: text(attributes["Modality"]),
    description: text(attributes["SeriesDescription"]).slice(0, 64),
    instanceNumber: number(attributes["InstanceNumber"]),
    transferSyntax: attributes.transferSyntax,
    rows,
    columns,
    samplesPerPixel,
    gantryTilt: number(attributes["GantryDetectorTilt"]) ?? 0,
    pixelSpacing: spacing && [spacing[0]!, spacing[1]!],
    sliceThickness: number(attributes["SliceThickness"] ?? measures["SliceThickness"]),
    orientation: directions && [unit(directions.slice(0, 3)), unit(directions.slice(3, 6))],
    positions: positions.length === frameCount && positions.every((p) => p !== null) ? (positions as unknown as Xyz[]) : null,
    hasRescale: number(attributes["RescaleIntercept"] ?? group(frames[0], "PixelValueTransformationSequence")["RescaleIntercept"]) !== null,
    pixelBytes: (rows * columns * samplesPerPixel * frameCount * (number(attributes["BitsAllocated"]) ?? 16)) / 8,
  };
}

/** Transfer syntaxes whose pixels are stored as they are. */
const NATIVE = new Set(["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"]);
const DEFLATED = "1.2.840.10008.1.2.1.99";

/** Whether a transfer syntax stores pixels as they are, neither compressed nor deflated. */
export function isNative(transferSyntax: string): boolean {
  return NATIVE.has(transferSyntax);
}

/**
 * The pixel data of a file, all of them.
 *
 * @throws IntakeError when the file ends before its pixels do, or is deflated as a whole
 */
export function pixelsOf(header: DicomHeader, path: string): PixelData {
  const name = whichFile(path, header.file);
  if (header.transferSyntax === DEFLATED)
    throw new IntakeError(
      name,
      "is stored deflated (transfer syntax 1.2.840.10008.1.2.1.99), which the decoder does not read; export it as explicit little endian",
    );
  const pixels = findPixelData(header.file.bytes, header.transferSyntax);
  const has = pixels?.bytes.length ?? 0;
  if (!pixels?.isWhole || (isNative(header.transferSyntax) && has < header.pixelBytes)) {
    const expected = isNative(header.transferSyntax) ? `${header.pixelBytes} bytes of pixels` : "its compressed pixels to their end";
    throw new IntakeError(
      name,
      `is cut short: expected ${expected}, and the file ends after ${has} bytes of them; copy or export it again`,
    );
  }
  return pixels;
}

/** The text of an attribute, "" where absent; line breaks and control characters become spaces. */
export function text(value: unknown): string {
  const first = Array.isArray(value) ? value[0] : value;
  // oxlint-disable-next-line no-control-regex -- control characters are what is to be removed
  return typeof first === "string" ? first.replaceAll(/[\x00-\x1f\x7f]+/g, " ").trim() : "";
}

/** The first number of an attribute, null where absent. */
export function number(value: unknown): number | null {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === "number" && Number.isFinite(first) ? first : null;
}

/** Exactly n numbers of an attribute, null where they are not there. */
function numbers(value: unknown, n: number): number[] | null {
  if (!Array.isArray(value) || value.length !== n) return null;
  const list = value.map(Number);
  return list.every(Number.isFinite) ? list : null;
}

/** The items of a sequence, [] where absent. */
export function items(value: unknown): Naturalized[] {
  if (Array.isArray(value)) return value.filter((item): item is Naturalized => typeof item === "object" && item !== null);
  return typeof value === "object" && value !== null ? [value as Naturalized] : [];
}

function unit(v: readonly number[]): Xyz {
  const length = Math.hypot(...v) || 1;
  return [v[0]! / length, v[1]! / length, v[2]! / length];
}
