// A DICOM source: which series there are, and one of them as a volume.
import { IntakeError } from "../errors.ts";
import { decode, type DicomImage } from "./decode.ts";
import { formatOf } from "./detect.ts";
import { headerOf, kindOf, readAttributes, type DicomHeader } from "./dicom-header.ts";
import { describeSeries, groupSeries, planSeries, type Series } from "./dicom-series.ts";
import { whichFile, type ImageSource } from "./source.ts";

/**
 * The image series of a source, by their headers alone.
 *
 * @returns the series in the order of their numbers, and how many files are not DICOM at all
 * @throws IntakeError when a DICOM file's header cannot be read
 */
export function listSeries(source: ImageSource): { series: Series[]; ignored: number } {
  const dicom = source.files.filter(({ bytes }) => formatOf(bytes) === "dicom");
  const headers: DicomHeader[] = [];
  for (const file of dicom) {
    const attributes = readAttributes(file, source.path);
    if (kindOf(attributes) === "image") headers.push(headerOf(file, attributes));
    else if (kindOf(attributes) === "other" && dicom.length === 1) {
      throw new IntakeError(
        whichFile(source.path, file),
        "is DICOM but holds no image of a patient, or ends before it begins, expected the slices of a scan; name the series itself",
      );
    }
  }
  return { series: groupSeries(headers).map((group) => planSeries(group, source.path)), ignored: source.files.length - dicom.length };
}

/**
 * One series as a volume.
 *
 * @param wanted  series number, UID or place in the list as `#2`; may be left out when there is only one
 * @throws IntakeError listing the series when there are several and none is chosen, or none has that number
 */
export async function readDicom(source: ImageSource, wanted?: string): Promise<DicomImage> {
  const { series, ignored } = listSeries(source);
  const chosen = chooseSeries(series, source.path, wanted);
  const image = await decode(chosen, source.path);
  if (ignored > 0)
    image.warnings.push(
      `${source.path}: ${ignored === 1 ? "one file is" : `${ignored} files are`} not DICOM and ${ignored === 1 ? "was" : "were"} left out`,
    );
  return image;
}

function chooseSeries(series: readonly Series[], path: string, wanted?: string): Series {
  // A series without a number and a UID can be named by its place only.
  const isNameless = ({ facts }: Series) => facts.number === null && !facts.uid;
  const list = series.map((one, i) => `${isNameless(one) ? `#${i + 1}, ` : ""}${describeSeries(one.facts)}`).join("; ");
  const orPlace = series.some(isNameless) ? ", or by its place in this list, such as --series '#1'" : "";
  if (series.length === 0)
    throw new IntakeError(path, "holds DICOM files but no image series, expected the slices of a scan; name the folder of the series");
  if (wanted === undefined) {
    if (series.length === 1) return series[0]!;
    throw new IntakeError(
      path,
      `holds ${series.length} image series, expected one: ${list}. Choose one with --series NUMBER or --series UID${orPlace}, or name its own folder`,
    );
  }
  const matches = series.filter(
    ({ facts }, i) => facts.uid === wanted || String(facts.number) === wanted.trim() || `#${i + 1}` === wanted.trim(),
  );
  if (matches.length === 1) return matches[0]!;
  throw new IntakeError(
    path,
    `${matches.length === 0 ? "holds no" : `holds ${matches.length}`} image series "${wanted}"; it has ${list}. Choose one by its ${matches.length === 0 ? "number or " : ""}UID${orPlace}`,
  );
}
