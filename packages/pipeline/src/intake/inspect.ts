// What a source is, without guessing: every series, every reason.
import { IntakeError } from "../errors.ts";
import { decode } from "./decode.ts";
import { FORMAT_NAMES, identify, type ImageFormat } from "./detect.ts";
import { listSeries } from "./dicom.ts";
import type { SeriesFacts } from "./dicom-series.ts";
import { readImage } from "./image.ts";
import { reportOn, type IntakeReport } from "./report.ts";
import type { ImageSource } from "./source.ts";

/** What a source holds, plain JSON. */
export interface Inspection {
  readonly path: string;
  readonly format: ImageFormat;
  readonly formatName: string;
  readonly files: number;
  /** Files that are no part of an image. */
  readonly ignored: number;
  /** Every DICOM series, also those that cannot be read; empty for other formats. */
  readonly series: readonly InspectedSeries[];
  /** The image, where there is exactly one and it can be read. */
  readonly image: IntakeReport | null;
}

/** A series with the image that it decodes to, or the sentence that says why not. */
export interface InspectedSeries extends SeriesFacts {
  readonly image: IntakeReport | null;
}

/**
 * Looks at a source without guessing: all series are listed and each is decoded to see its values.
 *
 * @throws IntakeError when there is nothing that could be an image
 */
export async function inspectImage(source: ImageSource): Promise<Inspection> {
  const { format } = await identify(source);
  const base = { path: source.path, format, formatName: FORMAT_NAMES[format], files: source.files.length };
  if (format !== "dicom") {
    return { ...base, ignored: source.files.length - 1, series: [], image: (await readImage(source)).report };
  }
  const { series, ignored } = listSeries(source);
  const inspected: InspectedSeries[] = [];
  for (const one of series) {
    try {
      const { volume, facts, orientation, warnings } = await decode(one, source.path);
      inspected.push({ ...facts, image: reportOn(volume, "dicom", null, orientation, warnings, source.path) });
    } catch (error) {
      if (!(error instanceof IntakeError)) throw error;
      inspected.push({ ...one.facts, problem: one.facts.problem ?? error.message.replace(`${source.path}: `, ""), image: null });
    }
  }
  const only = inspected.length === 1 ? inspected[0]! : null;
  return { ...base, ignored, series: inspected, image: only?.image ? { ...only.image, series: series[0]!.facts } : null };
}
