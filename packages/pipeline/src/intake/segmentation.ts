// Label maps: images whose values name regions.
import { IntakeError } from "../errors.ts";
import type { BoxedMask, Triple } from "../volume.ts";
import type { LabelMap } from "./canonical.ts";

/** Which region of a file that holds several. */
export interface MaskOptions {
  /** Value of a label map, or segment number of a DICOM segmentation; without it, everything that is not background. */
  readonly label?: number;
  /** Name of a structure (RTSTRUCT) or segment (SEG); needed where a structure set holds several. */
  readonly structure?: string;
  /** How a label map on another grid comes onto the image's: `nearest` as PyRadiomics' correctMask does; without it, linearly with threshold 0.5. */
  readonly resampling?: "nearest";
}

/** Labels listed in a sentence before the list is cut. */
const LISTED = 20;

/** Voxels looked at by one call: few enough that most pieces of a mask hold nothing at all, a multiple of four. */
const PIECE = 512;

/** An array as words of 32 bits, or null where it does not begin and end with one. */
function wordsOf({ buffer, byteOffset, byteLength }: LabelMap["values"]): Uint32Array | null {
  return byteOffset % 4 === 0 && byteLength % 4 === 0 ? new Uint32Array(buffer, byteOffset, byteLength / 4) : null;
}

function areZero(words: Uint32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (words[i] !== 0) return false;
  return true;
}

/** Lowest and highest place along each axis of the file, fastest first, of what has been met. */
interface Reach {
  readonly low: [number, number, number];
  readonly high: [number, number, number];
}

/** Widens the reach by the voxels of a row, or of a part of one, that have a label, or are not zero or NaN for null. Labels met are added to `present`, until there are too many to list. */
function meetRow(
  values: LabelMap["values"],
  from: number,
  to: number,
  x: number,
  label: number | null,
  present: Set<number>,
  { low, high }: Reach,
): boolean {
  let first = to;
  let end = from;
  let last = 0;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value === 0 || value !== value) continue;
    if (value !== last) {
      last = value;
      if (present.size <= LISTED) present.add(value);
    }
    if (label !== null && value !== label) continue;
    if (i < first) first = i;
    end = i;
  }
  if (first === to) return false;
  low[0] = Math.min(low[0], x + first - from);
  high[0] = Math.max(high[0], x + end - from);
  return true;
}

/** What the wanted voxels reach, and the labels met. */
function reachOf({ values, shape, axes }: LabelMap, label: number | null): { reach: Reach; present: Set<number> } {
  const [nx, ny] = [shape[axes.indexOf(0)]!, shape[axes.indexOf(1)]!];
  const present = new Set<number>();
  const reach: Reach = { low: [Infinity, Infinity, Infinity], high: [-1, -1, -1] };
  const words = wordsOf(values);
  const perWord = 4 / values.BYTES_PER_ELEMENT;
  for (let from = 0; from < values.length; from += PIECE) {
    const to = Math.min(from + PIECE, values.length);
    if (words !== null && areZero(words, from / perWord, to / perWord)) continue;
    for (let at = from; at < to;) {
      const row = Math.floor(at / nx);
      const end = Math.min(to, (row + 1) * nx);
      if (meetRow(values, at, end, at - row * nx, label, present, reach)) {
        const [y, z] = [row % ny, Math.floor(row / ny)];
        reach.low[1] = Math.min(reach.low[1], y);
        reach.high[1] = Math.max(reach.high[1], y);
        reach.low[2] = Math.min(reach.low[2], z);
        reach.high[2] = z;
      }
      at = end;
    }
  }
  return { reach, present };
}

/** Marks a row of voxels `step` apart that have a label, or are not zero or NaN for null. */
function markRow(
  values: LabelMap["values"],
  first: number,
  step: number,
  label: number | null,
  out: Uint8Array,
  at: number,
  nx: number,
): void {
  for (let x = 0, i = first; x < nx; x++, i += step) {
    const value = values[i]!;
    out[at + x] = (label === null ? value !== 0 && value === value : value === label) ? 1 : 0;
  }
}

/** The wanted voxels in the smallest box of the canonical frame that holds them. */
function boxed(labels: LabelMap, label: number | null, { low, high }: Reach): BoxedMask {
  const { values, shape, spacing, origin, direction, stored, start, strides, axes } = labels;
  const lowest = (c: 0 | 1 | 2) => (strides[c] > 0 ? low[axes[c]]! : shape[c] - 1 - high[axes[c]]!);
  const size = (c: 0 | 1 | 2) => high[axes[c]]! - low[axes[c]]! + 1;
  const from: Triple = [lowest(0), lowest(1), lowest(2)];
  const [nz, ny, nx]: Triple = [size(0), size(1), size(2)];
  const inside = new Uint8Array(nz * ny * nx);
  for (let z = 0, at = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, at += nx) {
      const first = start + (z + from[0]) * strides[0] + (y + from[1]) * strides[1] + from[2] * strides[2];
      markRow(values, first, strides[2], label, inside, at, nx);
    }
  }
  const to: Triple = [from[0] + nz, from[1] + ny, from[2] + nx];
  return { shape, spacing, origin, direction, ...(stored && { stored }), from, to, inside };
}

/**
 * The region of a label map: every voxel with the wanted label, or every voxel that is not zero (NaN counts as zero).
 *
 * @throws IntakeError when the label is not there (those that are get listed), nothing is marked, or a structure's name is asked for
 */
export function maskFromLabels(labels: LabelMap, file: string, { label, structure }: MaskOptions): { mask: BoxedMask; notes: string[] } {
  if (structure !== undefined)
    throw new IntakeError(
      file,
      `is an image without names of structures, so "${structure}" cannot be found in it; choose a value with --label`,
    );
  const { reach, present } = reachOf(labels, label ?? null);
  const list = [...present].sort((a, b) => a - b);
  const shown = `${list.slice(0, LISTED).join(", ")}${list.length > LISTED ? ", ..." : ""}`;
  if (list.length === 0)
    throw new IntakeError(file, "is empty: every voxel is zero, expected a region; check that it is the mask and not a template");
  if (reach.high[0] < 0) throw new IntakeError(file, `has no voxel with label ${label}; its labels are ${shown}`);
  const notes: string[] = [];
  if (label === undefined && list.length > LISTED)
    notes.push(
      `${file}: has more than ${LISTED} different values (${shown}); every voxel that is not zero was taken, but it looks like an image rather than a mask`,
    );
  else if (label === undefined && list.length > 1)
    notes.push(`${file}: holds labels ${shown}; every voxel that is not zero was taken, --label chooses one`);
  return { mask: boxed(labels, label ?? null, reach), notes };
}
