// Which slices an epoch shows, in which order, and how they are changed.
import { randomFor, randomInt, shuffled } from "../../random.ts";
import { drawChange } from "./augment.ts";
import type { LabelledCase, SliceChoice } from "./labelled-case.ts";
import type { TrainingSettings } from "./settings.ts";

/**
 * The batches of an epoch: of every case all its slices, or `slicesPerPatient` of them drawn anew without replacement, in one random order.
 *
 * Every draw has a stream of its own, named by the epoch and the case, so an epoch is the same whatever came before it:
 * that is why a training that was killed needs no random state to go on.
 *
 * @param epoch  counted from 1
 * @returns batches of `batch` slices; the last may be smaller
 */
export function drawEpoch(
  cases: readonly LabelledCase[],
  epoch: number,
  { seed, batch, slicesPerPatient, augment }: Pick<TrainingSettings, "seed" | "batch" | "slicesPerPatient" | "augment">,
): SliceChoice[][] {
  const chosen = cases.flatMap((one) => {
    const [count] = one.roi.shape;
    const zs = draw(count, slicesPerPatient ?? count, randomFor(seed, "slices", epoch, one.patient, one.phase));
    return zs.map((z) => ({
      case: one,
      z,
      change: augment.length ? drawChange(randomFor(seed, "augment", epoch, one.patient, one.phase, z), augment) : null,
    }));
  });
  const order = shuffled(randomFor(seed, "order", epoch), chosen);
  return Array.from({ length: Math.ceil(order.length / batch) }, (_, i) => order.slice(i * batch, (i + 1) * batch));
}

/** `wanted` of 0 .. count - 1, each at most once (all where there are no more), in rising order. */
function draw(count: number, wanted: number, random: () => number): number[] {
  const all = Array.from({ length: count }, (_, z) => z);
  if (wanted >= count) return all;
  for (let i = 0; i < wanted; i++) {
    const j = i + randomInt(random, count - i);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all.slice(0, wanted).sort((a, b) => a - b);
}

/** `wanted` of 0 .. count - 1 evenly spread, in the middle of equal parts; all where there are no more. */
export function spread(count: number, wanted: number): number[] {
  if (wanted >= count) return Array.from({ length: count }, (_, z) => z);
  return Array.from({ length: wanted }, (_, i) => Math.floor(((i + 0.5) * count) / wanted));
}
