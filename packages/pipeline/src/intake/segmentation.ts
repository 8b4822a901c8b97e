// Label maps: images whose values name regions.
import { IntakeError } from "../errors.ts";
import type { Mask } from "../volume.ts";
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
function wordsOf({ buffer, byteOffset, byteLength }: LabelMap["data"]): Uint32Array | null {
  return byteOffset % 4 === 0 && byteLength % 4 === 0 ? new Uint32Array(buffer, byteOffset, byteLength / 4) : null;
}

function areZero(words: Uint32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (words[i] !== 0) return false;
  return true;
}

/** Marks the voxels with a label, or all that are not zero or NaN for null; how many. Labels met are added to `present`, until there are too many to list. */
function markPiece(data: LabelMap["data"], from: number, to: number, label: number | null, out: Uint8Array, present: Set<number>): number {
  let marked = 0;
  let last = 0;
  for (let i = from; i < to; i++) {
    const value = data[i]!;
    if (value === 0 || value !== value) continue;
    if (value !== last) {
      last = value;
      if (present.size <= LISTED) present.add(value);
    }
    if (label !== null && value !== label) continue;
    out[i] = 1;
    marked++;
  }
  return marked;
}

/**
 * The region of a label map: every voxel with the wanted label, or every voxel that is not zero (NaN counts as zero).
 *
 * @throws IntakeError when the label is not there (those that are get listed), nothing is marked, or a structure's name is asked for
 */
export function maskFromLabels(labels: LabelMap, file: string, { label, structure }: MaskOptions): { mask: Mask; notes: string[] } {
  if (structure !== undefined)
    throw new IntakeError(
      file,
      `is an image without names of structures, so "${structure}" cannot be found in it; choose a value with --label`,
    );
  const { data, shape, spacing, origin, direction, stored } = labels;
  const present = new Set<number>();
  const out = new Uint8Array(data.length);
  let marked = 0;
  const words = wordsOf(data);
  const perWord = 4 / data.BYTES_PER_ELEMENT;
  for (let from = 0; from < data.length; from += PIECE) {
    const to = Math.min(from + PIECE, data.length);
    if (words === null || !areZero(words, from / perWord, to / perWord)) marked += markPiece(data, from, to, label ?? null, out, present);
  }
  const list = [...present].sort((a, b) => a - b);
  const shown = `${list.slice(0, LISTED).join(", ")}${list.length > LISTED ? ", ..." : ""}`;
  if (list.length === 0)
    throw new IntakeError(file, "is empty: every voxel is zero, expected a region; check that it is the mask and not a template");
  if (marked === 0) throw new IntakeError(file, `has no voxel with label ${label}; its labels are ${shown}`);
  const notes: string[] = [];
  if (label === undefined && list.length > LISTED)
    notes.push(
      `${file}: has more than ${LISTED} different values (${shown}); every voxel that is not zero was taken, but it looks like an image rather than a mask`,
    );
  else if (label === undefined && list.length > 1)
    notes.push(`${file}: holds labels ${shown}; every voxel that is not zero was taken, --label chooses one`);
  return { mask: { shape, spacing, origin, direction, ...(stored && { stored }), data: out }, notes };
}
