// What a file is, by its first bytes; names are not trusted.
import { IntakeError } from "../errors.ts";
import { gunzip, isGzip } from "./gzip.ts";
import { isNifti, isNifti2 } from "./nifti-header.ts";
import { whichFile, type ImageSource, type SourceFile } from "./source.ts";

/** The formats an image or mask may come in. */
export type ImageFormat = "dicom" | "nifti" | "nrrd" | "mha";

/** What is shown to a person. */
export const FORMAT_NAMES: Readonly<Record<ImageFormat, string>> = { dicom: "DICOM", nifti: "NIfTI", nrrd: "NRRD", mha: "MetaImage" };

/** What a refusal of a file says was expected. */
const EXPECTED = {
  scan: "expected a scan: a DICOM series, or a .nii, .nii.gz, .nrrd or .mha file",
  mask: "expected a mask: a .nii, .nii.gz, .nrrd or .mha file, or a DICOM SEG or RTSTRUCT",
};

/** Bytes as text, one character each: binary files survive it, unlike any encoding that TextDecoder offers. */
export function byteText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

const text = (bytes: Uint8Array, from: number, to: number) => byteText(bytes.subarray(from, to));

/** The format of a file's content, "gzip" for a compressed file of any kind, or null. */
export function formatOf(bytes: Uint8Array): ImageFormat | "gzip" | null {
  if (text(bytes, 128, 132) === "DICM") return "dicom";
  if (isNifti(bytes) || isNifti2(bytes)) return "nifti";
  if (/^NRRD000[1-6]/.test(text(bytes, 0, 8))) return "nrrd";
  if (/^\s*(ObjectType|NDims|Comment|ObjectSubType)\s*=/.test(text(bytes, 0, 64)) && /\bNDims\s*=/.test(text(bytes, 0, 4096))) return "mha";
  return isGzip(bytes) ? "gzip" : null;
}

const SIGNATURES: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/^\xff\xd8\xff/, "a JPEG picture"],
  [/^\x89PNG/, "a PNG picture"],
  [/^(II\*\0|MM\0\*)/, "a TIFF picture"],
  [/^GIF8/, "a GIF picture"],
  [/^BM/, "a bitmap picture"],
  [/^%PDF/, "a PDF document"],
  [/^PK/, "a zip archive"],
  [/^\x93NUMPY/, "a NumPy array"],
  [/^\x89HDF/, "an HDF5 file"],
  [/^(Rar!|7z\xbc)/, "an archive that we cannot open"],
  [/^\s*[{[]\s*["{\]}]/, "JSON"],
  [/^\s*<(\?xml|!doctype|html)/i, "a web page or XML"],
];

/** What a file that is no image seems to be, for a sentence. */
function describeContent(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  // A data set begins with group 8 and an element up to 0x18, the SOP instance.
  if (bytes[0] === 8 && bytes[1] === 0 && bytes[2]! <= 0x18 && bytes[3] === 0) {
    return "DICOM data without the DICM mark of a file (write it anew with a DICOM tool)";
  }
  const head = text(bytes, 0, 512);
  const known = SIGNATURES.find(([pattern]) => pattern.test(head));
  if (known) return known[1];
  const printable = [...head].filter((c) => c >= " " || c === "\n" || c === "\r" || c === "\t").length;
  if (head.length > 0 && printable === head.length) return "text";
  return "a file of a kind we do not know";
}

/** Most bytes that one compressed image may unpack to. */
const UNPACKED_LIMIT = 4 * 2 ** 30;

/**
 * The format of a source and, unless it is DICOM, its only image, unpacked.
 *
 * @param role  what the source is to be, for messages
 * @throws IntakeError when there is no image, more than one, or a format that we do not read
 */
export async function identify(source: ImageSource, role: "scan" | "mask" = "scan"): Promise<{ format: ImageFormat; file: SourceFile }> {
  const formats = source.files.map(({ bytes }) => formatOf(bytes));
  if (formats.includes("dicom")) return { format: "dicom", file: source.files[0]! };
  const images = source.files.filter((_, i) => formats[i] !== null);
  if (images.length === 0) {
    const kinds = [...new Set(source.files.map(({ bytes }) => describeContent(bytes)))];
    const what =
      source.files.length === 1
        ? `is ${kinds[0]}`
        : `holds ${source.files.length} files and none is an image (${kinds.slice(0, 3).join(", ")}${kinds.length > 3 ? ", ..." : ""})`;
    throw new IntakeError(source.path, `${what}, ${EXPECTED[role]}`);
  }
  if (images.length > 1) {
    const names = images
      .slice(0, 5)
      .map(({ name }) => name)
      .join(", ");
    throw new IntakeError(
      source.path,
      `holds ${images.length} images (${names}${images.length > 5 ? ", ..." : ""}), expected one; name the file itself`,
    );
  }
  let file = images[0]!;
  const name = whichFile(source.path, file);
  if (formatOf(file.bytes) === "gzip") file = { name: file.name, bytes: await gunzip(file.bytes, name, UNPACKED_LIMIT) };
  const format = formatOf(file.bytes);
  if (format === null || format === "gzip") throw new IntakeError(name, `unpacks to ${describeContent(file.bytes)}, ${EXPECTED[role]}`);
  if (format === "dicom")
    throw new IntakeError(name, "is a gzipped DICOM file, expected plain DICOM, a folder or a zip of it; unpack it first");
  if (format === "nifti" && isNifti2(file.bytes))
    throw new IntakeError(name, "is NIfTI-2, expected NIfTI-1; save it as NIfTI-1, the usual .nii.gz");
  return { format, file };
}
