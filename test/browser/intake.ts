// Every kind of file that intake reads with a compiled tool, read by the same lines in Node and in the page.
import { readImage, writeNifti } from "@islet/pipeline";

/** Files as they travel to the page. */
export type TravellingFiles = readonly { readonly name: string; readonly base64: string }[];

/** What a scan is, and the file that it was written to. */
export interface ScanSummary {
  readonly format: string;
  readonly shape: readonly number[];
  readonly origin: readonly number[];
  readonly spacing: readonly number[];
  readonly values: number[];
  readonly nifti: number[];
}

/** Reads one source, writes it as NIfTI, and gives both back. */
export async function readAndWrite(path: string, files: TravellingFiles): Promise<ScanSummary> {
  const bytes = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const { volume, report } = await readImage({ path, files: files.map(({ name, base64 }) => ({ name, bytes: bytes(base64) })) });
  const { shape, origin, spacing, data } = volume;
  return { format: report.format, shape, origin, spacing, values: [...data], nifti: [...(await writeNifti(volume))] };
}
