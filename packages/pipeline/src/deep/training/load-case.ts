// From a row of the table to its image, mask and box.
import type { Core } from "@islet/core-wasm";
import { readImage } from "../../intake/image.ts";
import { readMask } from "../../intake/mask.ts";
import { simulateRough } from "../../preprocess/simulate-rough.ts";
import type { ImageSource } from "../../intake/source.ts";
import { boxAround, readBoxSource, type BoxSource } from "../../preprocess/box.ts";
import { randomFor } from "../../random.ts";
import type { Mask, Volume } from "../../volume.ts";
import { processRoi } from "../processed-roi.ts";
import { caseName, type CaseRow } from "./cases.ts";
import { fractionInside, type LabelledCase } from "./labelled-case.ts";
import type { TrainingSettings } from "./settings.ts";

/** A scan with its tumour and what its box is drawn around. */
export interface LoadedCase {
  readonly volume: Volume;
  readonly mask: Mask;
  readonly around: BoxSource;
  /** Sentences on what was corrected or assumed. */
  readonly warnings: readonly string[];
}

/**
 * Reads a case. Where it has no rough annotation, a reader is simulated from the mask: the one that a study with the same seed, jitter
 * and phase simulates.
 *
 * @throws IntakeError that names the file at fault
 */
export async function loadCase(
  row: CaseRow,
  { seed, jitterMm }: Pick<TrainingSettings, "seed" | "jitterMm">,
  open: (path: string) => Promise<ImageSource>,
): Promise<LoadedCase> {
  const image = await open(row.image);
  const { volume, report } = await readImage(image);
  const { mask, notes } = await readMask(await open(row.mask), volume, image.path, row.label === null ? {} : { label: row.label });
  const warnings = [...report.warnings, ...notes];
  if (row.rough === null) {
    const rough = simulateRough(mask, randomFor(seed, "rough", row.patient, row.phase), jitterMm);
    return { volume, mask, around: { rough, file: `simulated annotation of ${caseName(row)}` }, warnings };
  }
  const { around, notes: more } = await readBoxSource(await open(row.rough), volume, image.path);
  return { volume, mask, around, warnings: [...warnings, ...more] };
}

/** A loaded case as training material. */
export function labelledCase(
  core: Core,
  { patient, phase }: CaseRow,
  { volume, mask, around }: LoadedCase,
  { preprocess }: Pick<TrainingSettings, "preprocess">,
): { labelled: LabelledCase; notes: readonly string[] } {
  const notes: string[] = [];
  const boxed = processRoi(
    core,
    volume,
    (grid) => {
      const found = boxAround(core, around, grid);
      notes.push(...found.notes);
      return found.box;
    },
    preprocess,
  );
  return { labelled: { patient, phase, roi: boxed.roi, inside: fractionInside(core, mask, boxed) }, notes };
}
