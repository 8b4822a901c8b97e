// DICOM structure sets: contours on the slices of an image.
import type { Naturalized } from "dcmjs";
import { IntakeError } from "../errors.ts";
import { indexOf, voxelCount, type Geometry, type Mask, type Triple } from "../volume.ts";
import { items, number, text } from "./dicom-header.ts";
import { eachPixelInside, type RasterPoint } from "./rasterise.ts";

/** Contours that enclose a region; points and open lines do not. */
const CLOSED = new Set(["CLOSED_PLANAR", "CLOSEDPLANAR_XOR"]);

/** A contour may lean out of its plane, or lie off the nearest slice without a note, by this part of the slice spacing. */
const IN_PLANE = 0.1;

/** The part of the contours' points that must lie in the image; below it, they are taken to belong to another. */
const LEAST_INSIDE = 0.5;

/** A contour in fractional indices (z, y, x) of the image. */
type Contour = readonly Triple[];

/**
 * A structure as a mask on the image: each contour is drawn on its nearest slice, a voxel is inside when its centre is, and
 * contours on one slice are combined by exclusive or, so that an inner contour cuts a hole.
 *
 * @param structure  the structure's name; may be left out when only one has closed contours
 * @param file, imagePath  for messages
 * @throws IntakeError listing the structures when the name is missing or not there; when there are no closed contours, they
 *   are not parallel to the slices, less than half of them lies in the image, or no voxel centre is inside
 * @see DICOM PS3.3 C.8.8.6 (ROI Contour Module)
 */
export function maskFromStructures(
  attributes: Naturalized,
  image: Geometry,
  file: string,
  imagePath: string,
  structure?: string,
): { mask: Mask; notes: string[] } {
  const notes: string[] = [];
  const { name, contours: points } = chooseStructure(attributes, file, structure);
  const contours = points.map((contour): Contour => contour.map((p) => snap(indexOf(image, p))));
  const axis = planeAxis(contours, file, imagePath);

  const inside = contours.flat().filter((p) => p.every((v, c) => v >= -0.5 && v < image.shape[c]! - 0.5)).length;
  const total = contours.reduce((n, contour) => n + contour.length, 0);
  const outside = ((100 * (total - inside)) / total).toFixed(0);
  if (inside < LEAST_INSIDE * total) {
    throw new IntakeError(
      file,
      `its structure "${name}" lies ${inside === 0 ? "outside" : `${outside}% outside`} the image ${imagePath}, expected contours drawn on it; check that they belong to the same patient and scan`,
    );
  }
  if (inside < total)
    notes.push(`${file}: ${outside}% of the contour points of "${name}" lie outside ${imagePath}; what lies there was cut off`);

  const [rowAxis, columnAxis] = ([0, 1, 2] as const).filter((a) => a !== axis) as [0 | 1 | 2, 0 | 1 | 2];
  const { shape, spacing, origin, direction } = image;
  const strides = [shape[1] * shape[2], shape[2], 1];
  const data = new Uint8Array(voxelCount(image));
  const slices = new Set<number>();
  let off = 0;
  for (const contour of contours) {
    const level = contour.reduce((sum, p) => sum + p[axis], 0) / contour.length;
    const slice = Math.round(level);
    off = Math.max(off, Math.abs(level - slice));
    if (slice < 0 || slice >= shape[axis]) continue;
    slices.add(slice);
    const raster = contour.map((p): RasterPoint => [p[rowAxis], p[columnAxis]]);
    eachPixelInside(raster, shape[rowAxis], shape[columnAxis], (row, column) => {
      const i = slice * strides[axis]! + row * strides[rowAxis]! + column * strides[columnAxis]!;
      data[i] = 1 - data[i]!;
    });
  }
  if (!data.includes(1))
    throw new IntakeError(
      file,
      `its structure "${name}" holds no voxel centre of ${imagePath}, expected a region; it is smaller than a voxel, or empty`,
    );
  if (off > IN_PLANE)
    notes.push(
      `${file}: contours of "${name}" lie up to ${(off * spacing[axis]).toFixed(2)} mm off the slices of ${imagePath} and were drawn on the nearest one`,
    );
  const skipped = skippedSlices([...slices].sort((a, b) => a - b));
  if (skipped > 0)
    notes.push(`${file}: "${name}" has no contour on ${skipped} slices between its first and its last; they were left empty`);
  return { mask: { shape, spacing, origin, direction, data }, notes };
}

/** A millionth of a voxel is what text coordinates lose: a point that far from a centre lies on it. */
const snap = (index: Triple) => index.map((v) => Math.round(v * 1e4) / 1e4) as unknown as Triple;

function skippedSlices(slices: readonly number[]): number {
  return slices.length === 0 ? 0 : slices.at(-1)! - slices[0]! + 1 - slices.length;
}

/** The structure's closed contours as positions (z, y, x), LPS, mm. */
function chooseStructure(attributes: Naturalized, file: string, wanted?: string): { name: string; contours: Triple[][] } {
  const names = new Map(items(attributes["StructureSetROISequence"]).map((roi) => [number(roi["ROINumber"]), text(roi["ROIName"])]));
  const structures = items(attributes["ROIContourSequence"]).map((roi) => ({
    name: names.get(number(roi["ReferencedROINumber"])) ?? "",
    contours: items(roi["ContourSequence"])
      .filter((contour) => CLOSED.has(text(contour["ContourGeometricType"])))
      .map((contour) => pointsOf(contour["ContourData"], file)),
  }));
  const closed = structures.filter(({ contours }) => contours.length > 0);
  const list = closed.map(({ name }) => `"${name}"`).join(", ");
  if (closed.length === 0)
    throw new IntakeError(
      file,
      "has no structure with closed contours, expected one drawn around the tumour; check that the contours were exported",
    );
  if (wanted === undefined) {
    if (closed.length === 1) return closed[0]!;
    throw new IntakeError(file, `holds ${closed.length} structures, expected the name of one: ${list}; choose it with --structure NAME`);
  }
  const matches = closed.filter(({ name }) => name === wanted);
  if (matches.length === 1) return matches[0]!;
  const isOpen = structures.some(({ name }) => name === wanted) && matches.length === 0;
  throw new IntakeError(
    file,
    matches.length > 1
      ? `has ${matches.length} structures "${wanted}", expected one; rename them`
      : `${isOpen ? `its structure "${wanted}" has no closed contours` : `has no structure "${wanted}"`}; it has ${list}`,
  );
}

function pointsOf(data: unknown, file: string): Triple[] {
  const values = Array.isArray(data) ? data.map(Number) : [];
  if (values.length < 9 || values.length % 3 !== 0 || !values.every(Number.isFinite)) {
    throw new IntakeError(
      file,
      `has a contour of ${values.length} numbers, expected three for each of at least three points; export the structures again`,
    );
  }
  return Array.from({ length: values.length / 3 }, (_, i): Triple => [values[3 * i + 2]!, values[3 * i + 1]!, values[3 * i]!]);
}

/** The image axis that all contours are perpendicular to. */
function planeAxis(contours: readonly Contour[], file: string, imagePath: string): 0 | 1 | 2 {
  const leans = ([0, 1, 2] as const).map((a) => Math.max(...contours.map((contour) => extent(contour.map((p) => p[a])))));
  const axis = ([0, 1, 2] as const).reduce((best, a) => (leans[a]! < leans[best]! ? a : best));
  if (leans[axis]! > IN_PLANE) {
    throw new IntakeError(
      file,
      `its contours lean up to ${leans[axis]!.toFixed(1)} slices out of the slices of ${imagePath}, expected contours drawn on them; check that they belong to this series`,
    );
  }
  return axis;
}

function extent(values: readonly number[]): number {
  let [low, high] = [Infinity, -Infinity];
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return high - low;
}
