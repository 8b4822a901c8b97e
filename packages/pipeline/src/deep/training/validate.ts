// How well the network in training segments patients that it does not train on.
import type { Core } from "@islet/core-wasm";
import { diceScore, labelsOf } from "@islet/gpu-unet";
import { spread } from "./epoch.ts";
import { labelledSlices, type LabelledCase } from "./labelled-case.ts";
import type { TrainingSettings } from "./settings.ts";
import type { SliceTrainer } from "./slice-trainer.ts";

/** The DSC of one validation case. */
export interface CaseDice {
  readonly patient: string;
  readonly phase: string;
  /** Over all looked-at slices together, on the network's pixels; 0 where neither the mask nor the network marks any. */
  readonly dsc: number;
}

/**
 * The Dice coefficient of each case, by volume: over all its pixels together, not averaged over slices.
 *
 * @param batch  slices that are sent through the network at once
 */
export async function validate(
  core: Core,
  trainer: SliceTrainer,
  cases: readonly LabelledCase[],
  { inputSize, batch, validationSlices }: Pick<TrainingSettings, "inputSize" | "batch" | "validationSlices">,
  signal?: AbortSignal,
): Promise<CaseDice[]> {
  const result: CaseDice[] = [];
  for (const one of cases) {
    const [count] = one.roi.shape;
    const zs = spread(count, validationSlices ?? count);
    const [predicted, truth] = [new Uint8Array(zs.length * inputSize ** 2), new Uint8Array(zs.length * inputSize ** 2)];
    for (let first = 0; first < zs.length; first += batch) {
      signal?.throwIfAborted();
      const choices = zs.slice(first, first + batch).map((z) => ({ case: one, z, change: null }));
      const { slices, labels } = labelledSlices(core, choices, inputSize);
      const logits = await trainer.logits(slices, choices.length);
      predicted.set(labelsOf(logits, logits.length / labels.length, inputSize ** 2), first * inputSize ** 2);
      truth.set(labels, first * inputSize ** 2);
    }
    const dsc = diceScore(predicted, truth);
    result.push({ patient: one.patient, phase: one.phase, dsc: Number.isNaN(dsc) ? 0 : dsc });
  }
  return result;
}

/** Mean over patients of the mean over a patient's cases, so that nobody counts more for having more phases. */
export function meanDice(cases: readonly CaseDice[]): number {
  const patients = Map.groupBy(cases, ({ patient }) => patient);
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  return mean([...patients.values()].map((group) => mean(group.map(({ dsc }) => dsc))));
}
