// The files of a source as series, and the slices of a series as one stack: duplicates and tilt.
import { IntakeError } from "../errors.ts";
import type { Xyz } from "./canonical.ts";
import { pixelsOf, type DicomHeader } from "./dicom-header.ts";
import { judgeSpacing, missingSlices, type Gap } from "./dicom-spacing.ts";
import type { Stack } from "./rectify.ts";

/** What a person needs to tell one series from another; plain JSON, without anything that identifies a patient. */
export interface SeriesFacts {
  readonly number: number | null;
  readonly uid: string;
  readonly modality: string;
  readonly description: string;
  readonly files: number;
  readonly slices: number;
  /** Pixels of a slice. */
  readonly rows: number;
  readonly columns: number;
  /** Distance between rows, and between columns, mm. */
  readonly pixelSpacing: readonly [number, number] | null;
  /** Usual distance between slices, mm; null for a single slice. */
  readonly sliceSpacing: number | null;
  readonly sliceThickness: number | null;
  /** The plane of the slices: axial, coronal or sagittal, by the nearest. */
  readonly plane: "axial" | "coronal" | "sagittal" | null;
  /** Angle of the slices' normal to that plane's, degrees: of an oblique scan or a tilted gantry. */
  readonly obliqueDegrees: number;
  /** Angle between the slices' normal and the way from slice to slice, degrees: what a tilted gantry shears. */
  readonly tiltDegrees: number;
  /** Images that repeat another's position and pixels. */
  readonly duplicates: number;
  readonly gaps: readonly Gap[];
  /** Smallest and largest distance between slices where they differ, mm; null where they are even. */
  readonly unevenMm: readonly [number, number] | null;
  /** Why the series cannot be read as a volume, null when it can. */
  readonly problem: string | null;
}

/** A series whose slices are known. */
export interface Series {
  readonly facts: SeriesFacts;
  /** The files of the stack in its order, each once; empty when there is a problem. */
  readonly files: readonly DicomHeader[];
  /** Where the slices lie; null when there is a problem. */
  readonly stack: Omit<Stack, "data"> | null;
  /** The error that the problem is, when the series is asked for. */
  readonly error: IntakeError | null;
}

/** Directions that differ by less are the same (about 0.06 degrees). */
const SAME_DIRECTION = 1e-3;
/** Positions closer than this are the same, mm: headers round to 1e-2 or better. */
const SAME_POSITION_MM = 0.01;
/** Slices may drift this part of a pixel across the whole stack before the stack counts as sheared. */
const UPRIGHT = 0.1;
const dot = (a: Xyz, b: Xyz) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const minus = (a: Xyz, b: Xyz): Xyz => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const cross = (a: Xyz, b: Xyz): Xyz => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/** Headers by series, in the order of the series' numbers; those without a series UID belong together. */
export function groupSeries(headers: readonly DicomHeader[]): DicomHeader[][] {
  const groups = new Map<string, DicomHeader[]>();
  for (const header of headers) groups.set(header.seriesUid, [...(groups.get(header.seriesUid) ?? []), header]);
  return [...groups.values()].sort(
    (a, b) => (a[0]!.seriesNumber ?? 0) - (b[0]!.seriesNumber ?? 0) || (a[0]!.seriesUid < b[0]!.seriesUid ? -1 : 1),
  );
}

/** A slice on its way into the stack. */
interface Slice {
  readonly header: DicomHeader;
  readonly position: Xyz;
  readonly along: number;
}

/**
 * Lays the slices of one series in a stack, and says what is wrong with it. Nothing is thrown: the error is kept for
 * whoever asks for the series.
 *
 * @param path  what the user named, for messages
 */
export function planSeries(headers: readonly DicomHeader[], path: string): Series {
  const first = headers[0]!;
  const base = {
    number: first.seriesNumber,
    uid: first.seriesUid,
    modality: first.modality,
    description: first.description,
    files: headers.length,
    slices: headers.reduce((n, { positions }) => n + (positions?.length ?? 1), 0),
    rows: first.rows,
    columns: first.columns,
    pixelSpacing: first.pixelSpacing,
    sliceSpacing: null,
    sliceThickness: first.sliceThickness,
    plane: null,
    obliqueDegrees: 0,
    tiltDegrees: 0,
    duplicates: 0,
    gaps: [],
    unevenMm: null,
    problem: null,
  } satisfies SeriesFacts;
  try {
    const { orientation, pixelSpacing } = checkAlike(headers, path);
    const [u, v] = orientation;
    const normal = cross(u, v);
    const { slices, duplicates } = distinctSlices(headers, normal, path);
    const origin = slices[0]!.position;
    const along = slices.map((slice) => slice.along - slices[0]!.along);
    const spacing = judgeSpacing(along);
    const last = minus(slices.at(-1)!.position, origin);
    const drift = Math.hypot(dot(last, u), dot(last, v));
    const isSheared = drift > UPRIGHT * Math.min(...pixelSpacing);
    const plane = ([0, 1, 2] as const).reduce((best, a) => (Math.abs(normal[a]) > Math.abs(normal[best]) ? a : best), 0 as 0 | 1 | 2);
    const facts: SeriesFacts = {
      ...base,
      slices: slices.length,
      sliceSpacing: spacing.usual,
      plane: (["sagittal", "coronal", "axial"] as const)[plane],
      obliqueDegrees: degrees(Math.acos(Math.min(1, Math.abs(normal[plane])))),
      tiltDegrees: isSheared ? degrees(Math.atan2(drift, along.at(-1)!)) : 0,
      duplicates,
      gaps: spacing.gaps,
      unevenMm: spacing.uneven,
    };
    if (spacing.gaps.length > 0) {
      const error = missingSlices(spacing.gaps, spacing.usual!, (place) => slices[place - 1]!.header.instanceNumber, path);
      return { facts: { ...facts, problem: bare(error, path) }, files: [], stack: null, error };
    }
    const files = [...new Set(slices.map(({ header }) => header))];
    return {
      facts,
      files,
      error: null,
      stack: {
        positions: slices.map(({ position }) => position),
        row: u,
        column: v,
        normal,
        pixelSpacing,
        isSheared,
        isUneven: spacing.uneven !== null,
      },
    };
  } catch (error) {
    if (!(error instanceof IntakeError)) throw error;
    return { facts: { ...base, problem: bare(error, path) }, files: [], stack: null, error };
  }
}

const degrees = (radians: number) => Math.round((radians * 1800) / Math.PI) / 10;
const bare = (error: IntakeError, path: string) => error.message.replace(`${path}: `, "");

/** All images have one size, one orientation, one pixel spacing, and know where they lie. */
function checkAlike(
  headers: readonly DicomHeader[],
  path: string,
): { orientation: readonly [Xyz, Xyz]; pixelSpacing: readonly [number, number] } {
  const [{ orientation, pixelSpacing, rows, columns }] = headers as [DicomHeader];
  if (headers.some((h) => h.samplesPerPixel !== 1))
    throw new IntakeError(path, "holds colour pictures, expected grey levels; name the series of the scan itself");
  const placed = headers.every((h) => h.positions && h.orientation && h.pixelSpacing);
  if (!orientation || !pixelSpacing || !placed || !(Math.min(...pixelSpacing) > 0)) {
    throw new IntakeError(
      path,
      "its images do not say where they lie in the patient (position, orientation or pixel spacing is absent), expected slices of a scan; a screenshot or secondary capture cannot be measured",
    );
  }
  const apart = (a: Xyz, b: Xyz) => Math.hypot(...minus(a, b));
  const isAlike = (h: DicomHeader) =>
    h.rows === rows &&
    h.columns === columns &&
    apart(h.orientation![0], orientation[0]) < SAME_DIRECTION &&
    apart(h.orientation![1], orientation[1]) < SAME_DIRECTION &&
    Math.abs(h.pixelSpacing![0] - pixelSpacing[0]) < 1e-4 &&
    Math.abs(h.pixelSpacing![1] - pixelSpacing[1]) < 1e-4;
  const odd = headers.filter((h) => !isAlike(h)).length;
  if (odd > 0) {
    throw new IntakeError(
      path,
      `${odd} of its ${headers.length} images differ from the others in size, orientation or pixel spacing, expected one stack; a localizer may be mixed in: leave those images out`,
    );
  }
  return { orientation, pixelSpacing };
}

/** The slices in the order of the stack, each position once. */
function distinctSlices(headers: readonly DicomHeader[], normal: Xyz, path: string): { slices: Slice[]; duplicates: number } {
  const all = headers
    .flatMap((header) => header.positions!.map((position): Slice => ({ header, position, along: dot(position, normal) })))
    .sort((a, b) => a.along - b.along || (a.header.instanceNumber ?? 0) - (b.header.instanceNumber ?? 0));
  const slices: Slice[] = [];
  let duplicates = 0;
  let different = 0;
  for (const slice of all) {
    const previous = slices.at(-1);
    if (!previous || Math.hypot(...minus(slice.position, previous.position)) > SAME_POSITION_MM) slices.push(slice);
    else if (slice.header !== previous.header && samePixels(slice.header, previous.header, path)) duplicates += 1;
    else different += 1;
  }
  if (different > 0) {
    throw new IntakeError(
      path,
      `holds ${all.length} images at ${slices.length} ${slices.length === 1 ? "position" : "positions"}, and those at the same position differ, expected one image a position; it mixes phases, echoes or acquisitions: export the one you want by itself`,
    );
  }
  return { slices, duplicates };
}

function samePixels(a: DicomHeader, b: DicomHeader, path: string): boolean {
  const [x, y] = [pixelsOf(a, path).bytes, pixelsOf(b, path).bytes];
  return x.length === y.length && x.every((byte, i) => byte === y[i]);
}

/** How a list of series shows one: number, modality, description, slices, spacing. */
export function describeSeries({ number, uid, modality, description, slices, rows, columns, sliceSpacing }: SeriesFacts): string {
  const what = [modality, description && `"${description}"`].filter(Boolean).join(" ");
  const spacing = sliceSpacing === null ? "" : ` every ${sliceSpacing.toFixed(2).replace(/0$/, "")} mm`;
  return `series ${number ?? "without a number"} (${what}, ${slices} ${slices === 1 ? "slice" : "slices"} of ${columns} x ${rows}${spacing}, UID ${uid || "absent"})`;
}
