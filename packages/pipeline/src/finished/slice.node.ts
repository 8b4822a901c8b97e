// One slice of a patient of a study, with the rough box and the mask drawn on it.
import { loadCore } from "@islet/core-wasm";
import { BOX_COLOUR, drawSlices, threeSlices, TRUTH_COLOUR, type Outline } from "../deep/overlay.ts";
import { processRoi } from "../deep/processed-roi.ts";
import { pathFrom } from "../intake/named-file.node.ts";
import { readSource } from "../intake/source.node.ts";
import { ontoVoxels } from "../preprocess/onto-image.ts";
import { rangeFor } from "../preprocess/region.ts";
import { boundingBox, maskOfBox } from "../preprocess/roi.ts";
import type { Picture } from "../png.ts";
import { openCase } from "../study/case-inputs.ts";
import { planCases } from "../study/plan-cases.ts";
import type { LoadedStudy } from "../study/run.node.ts";

/** A slice to look at. */
export interface SlicePicture {
  readonly phase: string;
  readonly picture: Picture;
  /** White: the rough box; orange: the fine mask. */
  readonly drawn: { readonly box: boolean; readonly mask: boolean };
  /** The slice's place among the image's, from inferior, and how many there are. */
  readonly slice: number;
  readonly slices: number;
}

/**
 * The middle slice of a patient's tumour in one phase.
 *
 * @param phase  the phase; the first that the models use where it is left out
 * @param side   pixels of the picture's longer side
 * @returns null where the study has no image of the patient
 * @throws IntakeError naming the file that cannot be read
 */
export async function patientSlice(
  { study, cohort }: Pick<LoadedStudy, "study" | "cohort">,
  patient: string,
  side: number,
  phase?: string,
): Promise<SlicePicture | null> {
  const jobs = planCases(study, cohort, { resolve: pathFrom });
  const own = jobs.filter((job) => job.patient.id === patient && job.missing === null);
  const job = phase === undefined ? own[0] : own.find((one) => one.phase === phase);
  if (!job) return null;
  const core = await loadCore();
  const { volume, fineMask, cuboid } = await openCase({ core, open: readSource }, job.task);
  const fine = await fineMask();
  const outlines: Outline[] = [];
  const hasBox = job.task.rough !== undefined || job.task.roughFrom !== undefined;
  const box = hasBox
    ? maskOfBox(volume, ontoVoxels(core, processRoi(core, volume, await cuboid(), job.task.preprocess).roi, volume).box)
    : null;
  if (fine) outlines.push({ mask: fine, colour: TRUTH_COLOUR, thickness: 1 });
  if (box) outlines.push({ mask: box, colour: BOX_COLOUR, thickness: 1 });
  const shown = box ?? fine;
  if (!shown) return null;
  const slice = threeSlices(fine ?? shown)[1]!;
  const picture = drawSlices(volume, boundingBox(shown), [slice], rangeFor(volume, job.task.preprocess.window), outlines, side);
  return { phase: job.phase, picture, drawn: { box: box !== null, mask: fine !== null }, slice, slices: volume.shape[0] };
}
