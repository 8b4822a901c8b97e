// What is said of an image: plain facts, without anything that identifies a patient.
import { IntakeError } from "../errors.ts";
import { inPieces } from "../pieces.ts";
import { voxelCount, type Geometry, type Triple } from "../volume.ts";
import type { LabelMap } from "./canonical.ts";
import type { ImageFormat } from "./detect.ts";
import type { SeriesFacts } from "./dicom-series.ts";

/** Facts about an image, plain JSON, without anything that identifies a patient. */
export interface IntakeReport {
  readonly format: ImageFormat;
  /** The DICOM series, null for other formats. */
  readonly series: SeriesFacts | null;
  /** Voxels, (z, y, x). */
  readonly shape: Triple;
  /** mm, (z, y, x). */
  readonly spacing: Triple;
  /** Centre of the first voxel, LPS, mm, (z, y, x). */
  readonly origin: Triple;
  /** Sides towards which the file's own axes grow, fastest first; the volume itself is always LPS. */
  readonly orientation: string;
  /** Lowest and highest finite value. */
  readonly valueRange: readonly [number, number];
  /** Voxels that hold NaN or an infinity. */
  readonly notFinite: number;
  /** Sentences, each naming the file and what was corrected or assumed. */
  readonly warnings: string[];
}

/**
 * The report of a volume, after one pass over its values.
 *
 * @param warnings  sentences gathered so far; more may be added
 * @param name      the file, for messages
 * @throws IntakeError when no value is finite
 */
export function reportOn(
  volume: Geometry & { readonly data: Float32Array },
  format: ImageFormat,
  series: SeriesFacts | null,
  orientation: string,
  warnings: string[],
  name: string,
): IntakeReport {
  const found = extremes(volume.data);
  const all = [...warnings, ...sentencesOn(found, voxelCount(volume), name)];
  const { shape, spacing, origin } = volume;
  return {
    format,
    series,
    shape,
    spacing,
    origin,
    orientation,
    valueRange: [found.low, found.high],
    notFinite: found.notFinite,
    warnings: all,
  };
}

/** What must be said of an image's values. @throws IntakeError when none is finite */
function sentencesOn({ low, high, notFinite }: Extremes, count: number, name: string): string[] {
  if (notFinite === count)
    throw new IntakeError(name, `holds no finite value (${count} voxels of NaN or infinity), expected intensities; export it again`);
  return [
    ...(notFinite > 0
      ? [
          `${name}: ${notFinite} of ${count} voxels hold NaN or an infinity and were kept as they are; where they touch a region, its features have no value`,
        ]
      : []),
    ...(low === high ? [flatImage(name, low)] : []),
  ];
}

/**
 * What `reportOn` would say of the values of an image besides what has been said, without their range: a look at values as the file stores them.
 *
 * @param data  of a kind that 32-bit floats hold exactly
 * @throws IntakeError when no value is finite
 */
export function valueWarnings(data: StoredValues, name: string): string[] {
  if (data instanceof Float32Array && !allFinite(data)) return sentencesOn(extremes(data), data.length, name);
  const [first] = data;
  return data.every((value) => value === first) ? [flatImage(name, first! + 0)] : [];
}

/** Values of a file that 32-bit floats hold exactly. */
export type StoredValues = Float32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

function allFinite(data: Float32Array): boolean {
  let isSound = true;
  inPieces(data.length, (from, to) => (isSound = isSound && areFinite(data, from, to)));
  return isSound;
}

/** Whether a piece of values is finite: x - x is 0 for each of them that is. */
function areFinite(data: Float32Array, from: number, to: number): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = from;
  for (; i + 3 < to; i += 4) {
    a += data[i]! - data[i]!;
    b += data[i + 1]! - data[i + 1]!;
    c += data[i + 2]! - data[i + 2]!;
    d += data[i + 3]! - data[i + 3]!;
  }
  for (; i < to; i++) a += data[i]! - data[i]!;
  return a + b + c + d === 0;
}

/**
 * What must be said of the values of a label map. A map of nothing but background is left to whoever looks for a region in it.
 *
 * @param name  the file, for messages
 * @throws IntakeError when no value is finite
 */
export function labelWarnings(labels: LabelMap, format: ImageFormat, orientation: string, warnings: string[], name: string): string[] {
  const { values } = labels;
  if (values instanceof Float32Array) return reportOn({ ...labels, data: values }, format, null, orientation, warnings, name).warnings;
  const [first] = values;
  return first !== 0 && values.every((value) => value === first) ? [...warnings, flatImage(name, first!)] : warnings;
}

const flatImage = (name: string, value: number) => `${name}: every voxel holds the same value, ${value}`;

/** Lowest and highest finite value, and how many values are not finite. */
interface Extremes {
  readonly low: number;
  readonly high: number;
  readonly notFinite: number;
}

function extremes(data: Float32Array): Extremes {
  const found = Float64Array.of(Infinity, -Infinity);
  let notFinite = 0;
  inPieces(data.length, (from, to) => {
    if (!widen(data, from, to, found)) notFinite += widenFinite(data, from, to, found);
  });
  // Adding 0 turns -0 into 0, which JSON and comparisons prefer.
  return { low: found[0]! + 0, high: found[1]! + 0, notFinite };
}

/** Widens lowest and highest by a piece of values; false, and nothing is changed, where one of them is not finite. */
function widen(data: Float32Array, from: number, to: number, found: Float64Array): boolean {
  // Plain comparisons: the engine's Math.min takes five times as long over zeros of either sign.
  let low = found[0]!;
  let high = found[1]!;
  let zero = 0;
  for (let i = from; i < to; i++) {
    const value = data[i]!;
    zero += value - value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (zero !== 0) return false;
  found[0] = low;
  found[1] = high;
  return true;
}

/** Widens lowest and highest by the finite values of a piece; how many are not. */
function widenFinite(data: Float32Array, from: number, to: number, found: Float64Array): number {
  let notFinite = 0;
  for (let i = from; i < to; i++) {
    const value = data[i]!;
    if (value - value !== 0) {
      notFinite++;
      continue;
    }
    if (value < found[0]!) found[0] = value;
    if (value > found[1]!) found[1] = value;
  }
  return notFinite;
}
