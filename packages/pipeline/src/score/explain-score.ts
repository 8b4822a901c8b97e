// Where in the tumour a patient's risk comes from: the slope of the fold models' mean, taken back to the network's maps.
import { explainPatient } from "../deep/explain-patient.ts";
import { drawHeat } from "../deep/heat-picture.ts";
import { processRoi } from "../deep/processed-roi.ts";
import { phaseSlope } from "../deep/score-slope.ts";
import { writeNifti } from "../intake/nifti-writer.ts";
import { riskSlope, type RiskSlope } from "../learn/risk-slope.ts";
import { ontoImage } from "../preprocess/onto-image.ts";
import { encodePng } from "../png.ts";
import type { Volume } from "../volume.ts";
import type { Bundle } from "../study/bundle/bundle.ts";
import { openCase } from "../study/case-inputs.ts";
import { kmeansStream, type CaseTask } from "../study/case.ts";
import type { ScoreEngine } from "./engine.ts";
import type { FeatureRow } from "./feature-row.ts";

/** Where one phase's part of a risk comes from. */
export interface ScoreExplanation {
  readonly phase: string;
  /** The heat on the image's grid, NIfTI (.nii.gz): positive raises the risk, negative lowers it. */
  readonly heat: Uint8Array;
  /** The same on the processed ROI's grid alone: small enough for a viewer to lay over the image at once. */
  readonly onBox: Volume;
  /** Up to five slices tinted by their heat, PNG: vermilion raises, blue lowers. */
  readonly picture: Uint8Array;
  /** Sum of the heat: to first order, what this phase's deep features add to the risk against the average training patient's. */
  readonly total: number;
}

/**
 * Explains a patient's risk for every phase with deep features; empty where the model has none.
 *
 * To first order at the patient: other features and phases, and the choice of slices, are held fixed.
 *
 * @param tasks  of every phase, as `planScore` gives them
 * @see docs/explanation.md
 */
export async function explainScore(
  bundle: Bundle,
  engine: ScoreEngine,
  tasks: readonly CaseTask[],
  { table }: FeatureRow,
): Promise<ScoreExplanation[]> {
  const slope = riskSlope(engine.core, bundle.model.folds, table);
  const explanations: ScoreExplanation[] = [];
  for (const task of tasks) if (task.wants.deep && engine.encoder) explanations.push(await explainPhase(engine, task, slope));
  return explanations;
}

async function explainPhase(engine: ScoreEngine, task: CaseTask, slope: RiskSlope): Promise<ScoreExplanation> {
  const { core } = engine;
  const encoder = engine.encoder!;
  const { volume, cuboid } = await openCase(engine, task);
  const { roi } = processRoi(core, volume, await cuboid(), task.preprocess);
  const own = phaseSlope(slope, task.phase, encoder.channels);
  const { heat, kept, totals } = await explainPatient(core, encoder, roi, task.inputSize, kmeansStream(task.seed), () => own);
  return {
    phase: task.phase,
    heat: await writeNifti(ontoImage(core, heat, volume)),
    onBox: heat,
    picture: encodePng(drawHeat(core, roi, heat, kept)),
    total: totals.reduce((a, b) => a + b, 0),
  };
}
