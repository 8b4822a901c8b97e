// What the user named, as bytes: a file, the files of a folder, or those packed in a zip.
import { unzipSync, type UnzipFileInfo } from "fflate";
import { IntakeError } from "../errors.ts";

/** One file; its name is the path relative to what the user named. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** An image or mask before anyone has looked inside. */
export interface ImageSource {
  /** What the user named, for messages. */
  readonly path: string;
  readonly files: readonly SourceFile[];
  /** Where the user named one file that is no zip: its content, as on the disk. */
  readonly content?: Uint8Array;
}

/** How a message names one file of a source. */
export function whichFile(path: string, file: SourceFile): string {
  return path.endsWith(file.name) ? path : `${path}/${file.name}`;
}

/** How much one source may hold: beyond it, the wrong folder was named, or a zip unpacks to more than any scan. */
export interface SourceLimits {
  readonly files: number;
  readonly bytes: number;
}

/** 50 000 files; 4 GiB, twice what a scan of 2000 slices of 1024 x 1024 takes. */
export const SOURCE_LIMITS: SourceLimits = { files: 50_000, bytes: 4 * 2 ** 30 };

/** Whether a file carries image data, judged by its name: index files, hidden files and the archives' own clutter do not. */
export function isWorthReading(name: string): boolean {
  const parts = name.split("/");
  return !parts.some((part) => part.startsWith(".") || part === "__MACOSX") && parts.at(-1)!.toUpperCase() !== "DICOMDIR";
}

/** The sentence for a source beyond its limits. */
export function tooMuch(path: string, limits: SourceLimits): IntakeError {
  return new IntakeError(
    path,
    `holds more than ${limits.files} files or ${(limits.bytes / 2 ** 30).toPrecision(2)} GiB, expected the files of one scan; name the folder of the series itself`,
  );
}

/**
 * A source from files in memory, as a browser or a test has them. A single zip is unpacked (zips inside it are not);
 * DICOMDIR, hidden files and folders are left out.
 *
 * @throws IntakeError when nothing is left, the zip is damaged, or it unpacks to more than the limits
 */
export function sourceFromFiles(path: string, files: readonly SourceFile[], limits: SourceLimits = SOURCE_LIMITS): ImageSource {
  const [only] = files;
  const unpacked = files.length === 1 && isZip(only!.bytes) ? unzip(path, only!.bytes, limits) : files;
  const kept = unpacked.length === 1 ? unpacked : unpacked.filter(({ name }) => isWorthReading(name));
  if (kept.length === 0)
    throw new IntakeError(path, "holds no files, expected a scan: a DICOM series, or a .nii, .nii.gz, .nrrd or .mha file");
  const sorted = [...kept].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { path, files: sorted, ...(files.length === 1 && unpacked === files && { content: only!.bytes }) };
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5) && (bytes[3] === 4 || bytes[3] === 6);
}

/** Unpacks a zip. The sizes its directory declares are added up before a byte is unpacked, and no entry may unpack to more than it declared. */
function unzip(path: string, bytes: Uint8Array, limits: SourceLimits): SourceFile[] {
  let count = 0;
  let total = 0;
  const wanted = ({ name, originalSize }: UnzipFileInfo) => {
    if (name.endsWith("/") || !isWorthReading(name)) return false;
    count += 1;
    total += originalSize;
    if (count > limits.files || total > limits.bytes) throw tooMuch(path, limits);
    return true;
  };
  try {
    const entries = unzipSync(bytes, { filter: wanted });
    return Object.entries(entries).map(([name, content]) => ({ name, bytes: content }));
  } catch (cause) {
    if (cause instanceof IntakeError) throw cause;
    throw new IntakeError(
      path,
      "is a zip that could not be unpacked; it may be cut short, damaged or protected by a password: pack it again, or name the unpacked folder",
      { cause },
    );
  }
}
