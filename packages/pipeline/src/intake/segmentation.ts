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
}

/** Labels listed in a sentence before the list is cut. */
const LISTED = 20;

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
  const { data, shape, spacing, origin, direction } = labels;
  const present = new Set<number>();
  const out = new Uint8Array(data.length);
  let last = 0;
  let marked = 0;
  const look = (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      const value = data[i]!;
      if (value === 0 || Number.isNaN(value)) continue;
      if (value !== last && present.size <= LISTED) present.add((last = value));
      if (label !== undefined && value !== label) continue;
      out[i] = 1;
      marked++;
    }
  };
  // Most of a label map is background: whole numbers are passed over a word at a time.
  const perWord = 4 / data.BYTES_PER_ELEMENT;
  const words = perWord >= 1 && data.byteOffset % 4 === 0 ? Math.floor(data.length / perWord) : 0;
  const view = new Uint32Array(data.buffer, words > 0 ? data.byteOffset : 0, words);
  for (let w = 0; w < words; w++) if (view[w] !== 0) look(w * perWord, (w + 1) * perWord);
  look(words * perWord, data.length);
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
  return { mask: { shape, spacing, origin, direction, data: out }, notes };
}
