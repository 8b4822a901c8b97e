// What of a scan the cohort's guards compare: is it another patient's, and do its voxels go with the outcome?
import type { IntakeReport } from "../intake/report.ts";
import { voxelCount, type Triple, type Volume } from "../volume.ts";

/** Facts of a scan that identify its pixels, but no person. Plain JSON. */
export interface ScanFacts {
  /** Voxels, (z, y, x). */
  readonly shape: Triple;
  /** mm, (z, y, x). */
  readonly spacing: Triple;
  /** Lowest and highest finite value. */
  readonly values: readonly [low: number, high: number];
  /** As a DICOM header has it, such as CT or MR; null for other formats. */
  readonly modality: string | null;
  /** Of the shape and of up to 65536 voxels spread over the volume: equal for the same scan in another format or under another name. */
  readonly fingerprint: string;
}

/** Voxels that a fingerprint looks at. */
const SAMPLES = 65536;

/**
 * The facts of a volume in the canonical frame.
 *
 * The fingerprint is FNV-1a over the shape and evenly spread voxels, in two halves of 32 bits. Scans that differ anywhere but between the samples
 * have different ones but for chance; a change of one voxel may go unseen, which is no other scan.
 *
 * @see Fowler, Noll & Vo, The FNV non-cryptographic hash algorithm
 */
export function scanFacts(volume: Volume, { valueRange, series }: Pick<IntakeReport, "valueRange" | "series">): ScanFacts {
  const count = voxelCount(volume);
  const step = Math.max(1, Math.floor(count / SAMPLES));
  const bits = new Uint32Array(volume.data.buffer, volume.data.byteOffset, count);
  let [a, b] = [0x811c9dc5, 0x01000193];
  const add = (word: number) => {
    a = Math.imul(a ^ word, 0x01000193);
    a ^= a >>> 15;
    b = Math.imul(b ^ (word + 0x9e3779b9), 0x85ebca6b);
    b ^= b >>> 13;
  };
  for (const size of volume.shape) add(size);
  for (let i = 0; i < count; i += step) add(bits[i]!);
  const hex = (word: number) => (word >>> 0).toString(16).padStart(8, "0");
  const { shape, spacing } = volume;
  return { shape, spacing, values: valueRange, modality: series?.modality ?? null, fingerprint: hex(a) + hex(b) };
}
