// The readers whom a study is put before again: the same scans, other annotations.
import type { CaseTask } from "../case.ts";
import type { PhaseConfig } from "../config.ts";

/** How many readers there are and how far apart they draw. */
export interface ReaderSettings {
  readonly readers: number;
  /** Standard deviation of a rough annotation's corner along each axis of its slice, mm. */
  readonly jitterMm: number;
  /** Standard deviation of the shift of a fine mask's surface, mm; one shift a mask. */
  readonly maskSdMm: number;
  /** Every drawing comes from it. */
  readonly seed: number;
}

/** The defaults: the jitter is the one that studies simulate a reader with. */
export const READER_DEFAULTS: Omit<ReaderSettings, "seed"> = { readers: 3, jitterMm: 2, maskSdMm: 1 };

/**
 * A case as one more reader would annotate it.
 *
 * The rough annotation is simulated from the phase's mask where it has one, so that readers differ from the tumour and not from the first reader; else the study's own annotation is drawn again. The fine mask's surface is moved.
 *
 * @param reader  1 .. readers
 * @param mask    the phase's mask of this patient; null where there is none
 */
export function taskOfReader(
  task: CaseTask,
  reader: number,
  { seed, jitterMm, maskSdMm }: ReaderSettings,
  mask: MaskOfPhase | null,
): CaseTask {
  const { rough, roughFrom, mask: fine, ...rest } = task;
  const own = { seed: seed * READERS_APART + reader };
  const isDrawn = rough !== undefined || roughFrom !== undefined;
  const from = roughFrom ?? mask;
  return {
    ...rest,
    ...(fine && { mask: { ...fine, reader: { ...own, sdMm: maskSdMm } } }),
    ...(isDrawn && (from ? { roughFrom: { ...from, ...own, jitterMm } } : { rough: rough!, redrawn: { ...own, jitterMm } })),
  };
}

/** Seeds of studies that differ by less than this many readers share no reader. */
const READERS_APART = 10_000;

/** A mask that a reader is simulated from. */
type MaskOfPhase = Omit<NonNullable<CaseTask["roughFrom"]>, "seed" | "jitterMm">;

/** The mask of a phase that readers are simulated from, where the study names one for this patient. */
export function maskOfPhase(phase: PhaseConfig, path: (column: string) => string | null): MaskOfPhase | null {
  const mask = phase.mask === undefined ? null : path(phase.mask);
  if (mask === null) return null;
  return {
    mask,
    ...(phase.label !== undefined && { label: phase.label }),
    ...(phase.structure !== undefined && { structure: phase.structure }),
  };
}
