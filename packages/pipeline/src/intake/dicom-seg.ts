// DICOM segmentations: frames of bits, fractions or labels, each with its own place in the patient.
import type { Naturalized } from "dcmjs";
import { IntakeError } from "../errors.ts";
import type { Geometry, Mask } from "../volume.ts";
import { toCanonical, type Xyz } from "./canonical.ts";
import { findPixelData } from "./dicom-elements.ts";
import { headerOf, isNative, items, number, text } from "./dicom-header.ts";
import type { MaskOptions } from "./segmentation.ts";
import type { SourceFile } from "./source.ts";

/** Frames lie on slices to this part of the spacing. */
const ON_SLICE = 0.1;

/**
 * The chosen segment (by number or name), or all segments together, on the segmentation's own grid.
 *
 * Binary frames count where the bit is 1, fractional frames where the fraction reaches 0.5, label maps where the label is
 * that of the segment.
 *
 * @param image  gives the slice spacing where the segmentation itself does not
 * @throws IntakeError for compressed or truncated frames, unknown segments (those that are there get listed), or frames without a place
 * @see DICOM PS3.3 C.8.20 (Segmentation)
 */
export function maskFromSegmentation(
  attributes: Naturalized & { readonly transferSyntax: string },
  file: SourceFile,
  image: Geometry,
  name: string,
  options: MaskOptions,
): { mask: Mask; notes: string[] } {
  if (!isNative(attributes.transferSyntax)) {
    throw new IntakeError(
      name,
      `is a compressed segmentation (transfer syntax ${attributes.transferSyntax}), expected uncompressed frames; export it as explicit little endian`,
    );
  }
  const { wanted, notes } = chooseSegments(attributes, name, options);
  const header = headerOf(file, attributes);
  const { orientation, pixelSpacing, positions, rows, columns } = header;
  const frames = items(attributes["PerFrameFunctionalGroupsSequence"]);
  if (!orientation || !pixelSpacing || !positions) {
    throw new IntakeError(
      name,
      "its frames do not say where they lie in the patient, expected position, orientation and pixel spacing; export it again",
    );
  }
  const inside = frameReader(attributes, file, name);

  const [u, v] = orientation;
  const normal: Xyz = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const along = positions.map((p) => p[0] * normal[0] + p[1] * normal[1] + p[2] * normal[2]);
  const spacing = sliceSpacing(attributes, along, image);
  const first = along.indexOf(Math.min(...along));
  const slot = along.map((t) => (t - along[first]!) / spacing);
  if (slot.some((s) => Math.abs(s - Math.round(s)) > ON_SLICE)) {
    throw new IntakeError(
      name,
      `its frames are not a whole number of slices (${spacing.toFixed(2)} mm) apart, expected frames on the slices of one scan; export it again`,
    );
  }

  const slices = Math.round(Math.max(...slot)) + 1;
  const data = new Uint8Array(slices * rows * columns);
  for (let f = 0; f < positions.length; f++) {
    const segment = number(items(frames[f]?.["SegmentIdentificationSequence"])[0]?.["ReferencedSegmentNumber"]);
    const target = data.subarray(Math.round(slot[f]!) * rows * columns, (Math.round(slot[f]!) + 1) * rows * columns);
    for (let i = 0; i < target.length; i++) if (inside(f * rows * columns + i, segment, wanted)) target[i] = 1;
  }
  const scaled = (d: Xyz, s: number): Xyz => [d[0] * s, d[1] * s, d[2] * s];
  const canonical = toCanonical(
    {
      data,
      size: [columns, rows, slices],
      steps: [scaled(u, pixelSpacing[1]), scaled(v, pixelSpacing[0]), scaled(normal, spacing)],
      origin: positions[first]!,
    },
    name,
  );
  return { mask: { ...canonical, data: Uint8Array.from(canonical.data) }, notes };
}

/** The numbers of the wanted segments. */
function chooseSegments(
  attributes: Naturalized,
  file: string,
  { label, structure }: MaskOptions,
): { wanted: Set<number>; notes: string[] } {
  const segments = items(attributes["SegmentSequence"]).map((s) => ({
    number: number(s["SegmentNumber"]),
    label: text(s["SegmentLabel"]),
  }));
  const list = segments.map((s) => `${s.number} "${s.label}"`).join(", ");
  const matches = segments.filter((s) => (label === undefined || s.number === label) && (structure === undefined || s.label === structure));
  if (matches.length === 0) {
    const asked = structure === undefined ? `number ${label}` : `"${structure}"`;
    throw new IntakeError(
      file,
      segments.length === 0 ? "describes no segment, expected at least one; export it again" : `has no segment ${asked}; it has ${list}`,
    );
  }
  const notes =
    matches.length > 1 ? [`${file}: holds segments ${list}; all were taken together, --label NUMBER or --structure NAME chooses one`] : [];
  return { wanted: new Set(matches.flatMap((s) => (s.number === null ? [] : [s.number]))), notes };
}

type Inside = (pixel: number, segment: number | null, wanted: ReadonlySet<number>) => boolean;

/** How to tell whether pixel i of all frames in a row belongs to a wanted segment. */
function frameReader(attributes: Naturalized, file: SourceFile, name: string): Inside {
  const transferSyntax = text(attributes["transferSyntax"]);
  const pixels = findPixelData(file.bytes, transferSyntax);
  const bits = number(attributes["BitsAllocated"]) ?? 1;
  const count = (number(attributes["Rows"]) ?? 0) * (number(attributes["Columns"]) ?? 0) * (number(attributes["NumberOfFrames"]) ?? 1);
  const needed = Math.ceil((count * bits) / 8);
  if (!pixels?.isWhole || pixels.bytes.length < needed) {
    throw new IntakeError(
      name,
      `is cut short: expected ${needed} bytes of frames, and the file ends after ${pixels?.bytes.length ?? 0}; copy or export it again`,
    );
  }
  const { bytes } = pixels;
  const isIn = (segment: number | null, wanted: ReadonlySet<number>) => segment !== null && wanted.has(segment);
  if (bits === 1) return (i, segment, wanted) => isIn(segment, wanted) && ((bytes[i >> 3]! >> (i & 7)) & 1) === 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = transferSyntax !== "1.2.840.10008.1.2.2";
  const value = bits === 8 ? (i: number) => bytes[i]! : (i: number) => view.getUint16(2 * i, isLittle);
  const type = text(attributes["SegmentationType"]);
  if (type === "LABELMAP") return (i, _segment, wanted) => wanted.has(value(i));
  const half = type === "FRACTIONAL" ? (number(attributes["MaximumFractionalValue"]) ?? 255) / 2 : 1;
  return (i, segment, wanted) => isIn(segment, wanted) && value(i) >= half;
}

/** The distance between slices: the image's where the frames fit its slices, else what the segmentation says, else the smallest gap. */
function sliceSpacing(attributes: Naturalized, along: readonly number[], image: Geometry): number {
  const gaps = [...along]
    .sort((a, b) => a - b)
    .map((t, i, sorted) => t - (sorted[i - 1] ?? t))
    .filter((gap) => gap > 1e-3);
  const fits = (spacing: number) => gaps.every((gap) => Math.abs(gap / spacing - Math.round(gap / spacing)) <= ON_SLICE);
  const shared = items(attributes["SharedFunctionalGroupsSequence"])[0] ?? {};
  const measures = items(shared["PixelMeasuresSequence"])[0] ?? {};
  const stated = [number(measures["SpacingBetweenSlices"]), number(measures["SliceThickness"])];
  const candidates = [...stated, image.spacing[0], Math.min(...gaps)].filter((s): s is number => s !== null && s > 0 && Number.isFinite(s));
  return candidates.find(fits) ?? candidates[0] ?? 1;
}
