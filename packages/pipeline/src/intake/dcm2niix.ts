// dcm2niix in WebAssembly: the slices of one series in, one decoded stack out.
import { startDcm2niix } from "#tools";
import { IntakeError } from "../errors.ts";
import type { SourceFile } from "./source.ts";

/** A decoded series. */
export interface Decoded {
  /** Uncompressed NIfTI-1, slices in spatial order, values as the rescale slope and intercept of the slices make them. */
  readonly nifti: Uint8Array;
  /** Sentences on what the decoder found odd. */
  readonly warnings: string[];
}

/**
 * Names under which dcm2niix also saves its own corrections of gantry tilt and uneven spacing. We do not use them:
 * version v1.0.20241231 leaves the origin where it was for tilts of one sign, and its even spacing drops the end of the scan
 * (see `rectify.ts`, which has the test).
 */
const CORRECTED = /_(Tilt|Eq)(_|\.)/;

/**
 * Decodes the slices of one series.
 *
 * @param slices          the files of the series, each position once; they are given to dcm2niix under numbers, never their names
 * @param file            what the user named, for messages
 * @param transferSyntax  UID of how the pixels are stored, for messages
 * @throws IntakeError when nothing, or more than one volume, comes out
 */
export async function decodeSeries(slices: readonly SourceFile[], file: string, transferSyntax: string): Promise<Decoded> {
  const undecodable = (what: string, cause?: unknown) =>
    new IntakeError(
      file,
      `could not be decoded (${what}); its pixels are damaged, or stored in a way that is not supported (transfer syntax ${transferSyntax}): export the series again, uncompressed if you can choose`,
      { cause },
    );
  const log: string[] = [];
  const tool = await startDcm2niix((line) => log.push(line));
  tool.FS.mkdir("/in");
  tool.FS.mkdir("/out");
  slices.forEach(({ bytes }, i) => tool.FS.writeFile(`/in/${String(i).padStart(6, "0")}.dcm`, bytes));
  let status: number;
  try {
    // One uncompressed volume (-z n, -m y), no sidecar (-b n), the standard rescale and not a vendor's own (-p n), every image (-i n).
    status = tool.callMain(["-o", "/out", "-f", "series", "-z", "n", "-b", "n", "-m", "y", "-p", "n", "-i", "n", "-l", "o", "/in"]);
  } catch (cause) {
    throw undecodable("the decoder stopped on it", cause);
  }
  if (log.some((line) => DAMAGE.test(line))) throw undecodable("the decoder reports unreadable pixels");
  const volumes = tool.FS.readdir("/out").filter((name) => name.endsWith(".nii") && !CORRECTED.test(name));
  if (volumes.length === 0) throw undecodable(`dcm2niix ended with ${status}`);
  if (volumes.length > 1) {
    throw new IntakeError(
      file,
      `decodes to ${volumes.length} volumes, expected one; its images differ in kind, echo, contrast or time of study: export those you want by themselves`,
    );
  }
  return { nifti: tool.FS.readFile(`/out/${volumes[0]!}`), warnings: warningsIn(log) };
}

/** Lines that dcm2niix writes when a slice's pixels could not be decoded; it may still write a volume, with the slice left black. */
const DAMAGE =
  /unable to (decode|load|open|read)|decoding error|decompression error|CharLS error|unsupported DICOM bit-depth|RLE header error|error with|error reading|catastrophic/i;

/**
 * What other lines of its log mean for us. Those that concern neither values nor geometry, or that `dicom-series.ts`
 * judges from the headers, are left out; the lines themselves may quote a header and never leave this file.
 */
const MEANINGS: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [
    /slope\/intercept varies|slope, intercept or bits allocated varies/i,
    "the rescale slope or intercept varies between slices; each slice was rescaled with its own",
  ],
  [/slice dimensions or bit depth varies/i, "the size or bit depth varies between slices"],
];

/** Our own sentences for the lines of a log. */
export function warningsIn(log: readonly string[]): string[] {
  return MEANINGS.filter(([pattern]) => log.some((line) => pattern.test(line))).map(([, sentence]) => sentence);
}
