// A scan that stays in memory between the questions of a person who looks at it.
import { IntakeError } from "../errors.ts";
import { identify } from "../intake/detect.ts";
import type { SeriesFacts } from "../intake/dicom-series.ts";
import { listSeries } from "../intake/dicom.ts";
import { readImage } from "../intake/image.ts";
import type { IntakeReport } from "../intake/report.ts";
import { SOURCE_LIMITS, isWorthReading, sourceFromFiles, tooMuch, type ImageSource, type SourceFile } from "../intake/source.ts";
import type { Volume } from "../volume.ts";

/** A file that was chosen and not yet read, as pages and Node know it. */
export interface ChosenFile {
  /** Path relative to what was chosen. */
  readonly name: string;
  readonly file: Blob;
}

/** What a person sees of a scan before anything is computed. */
export interface ScanView {
  readonly report: IntakeReport;
  /** The grid, for whoever places things on it. */
  readonly geometry: Pick<Volume, "shape" | "spacing" | "origin" | "direction">;
}

/** A source with several DICOM series asks which; every other one is open. */
export type Opening = { readonly kind: "series"; readonly series: readonly SeriesFacts[] } | ({ readonly kind: "scan" } & ScanView);

/** An open scan. */
export interface HeldScan extends ScanView {
  /** What messages call it. */
  readonly path: string;
  /** Every name that the source's files brought along: none of them may leave in a report, since a name may tell who the patient is. */
  readonly names: readonly string[];
  readonly volume: Volume;
}

/**
 * Reads chosen files as a source.
 *
 * @param path  what messages call it
 * @throws IntakeError when they hold too much, nothing, or can no longer be read
 */
export async function sourceOfFiles(path: string, chosen: readonly ChosenFile[]): Promise<ImageSource> {
  const wanted = chosen.length === 1 ? chosen : chosen.filter(({ name }) => isWorthReading(name));
  const total = wanted.reduce((sum, { file }) => sum + file.size, 0);
  if (wanted.length > SOURCE_LIMITS.files || total > SOURCE_LIMITS.bytes) throw tooMuch(path, SOURCE_LIMITS);
  const files = await Promise.all(
    wanted.map(async ({ name, file }): Promise<SourceFile> => ({ name, bytes: await readChosen(path, file) })),
  );
  return sourceFromFiles(path, files);
}

/**
 * The bytes of a chosen file.
 *
 * @param path  what messages call it
 * @throws IntakeError when it can no longer be read
 */
export async function readChosen(path: string, file: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    const why = "can no longer be read; it may have been moved, changed or deleted since it was chosen, or memory ran out: choose it again";
    throw new IntakeError(path, why, { cause });
  }
}

/**
 * Opens a scan, or says which series there are to choose from.
 *
 * @param series  number, UID or place in the list (`#2`) of the DICOM series to take
 * @throws IntakeError for everything that is not one sound volume
 */
export async function openScan(source: ImageSource, series?: string): Promise<{ series: readonly SeriesFacts[] } | { scan: HeldScan }> {
  const { format } = await identify(source);
  if (format === "dicom" && series === undefined) {
    const listed = listSeries(source).series;
    if (listed.length > 1) return { series: listed.map(({ facts }) => facts) };
  }
  const { volume, report } = await readImage(source, series === undefined ? {} : { series });
  const { shape, spacing, origin, direction } = volume;
  const names = [source.path, ...source.files.map(({ name }) => name)];
  return { scan: { path: source.path, names, volume, report, geometry: { shape, spacing, origin, direction } } };
}
