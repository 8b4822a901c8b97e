// The training itself: epochs of steps, a look at the validation patients after each, the best weights kept.
import type { Core } from "@islet/core-wasm";
import type { Checkpoint, Weights } from "@islet/gpu-unet";
import { ConfigError } from "../../errors.ts";
import { drawEpoch } from "./epoch.ts";
import { labelledSlices, type LabelledCase } from "./labelled-case.ts";
import { learningRateAt } from "./schedule.ts";
import type { TrainingSettings } from "./settings.ts";
import type { SliceTrainer, TrainerMaker } from "./slice-trainer.ts";
import type { EpochRow, TrainingState } from "./state.ts";
import { meanDice, validate } from "./validate.ts";

/** What a training tells while it runs. */
export type TrainingEvent =
  | { readonly kind: "device"; readonly backend: "webgpu" | "wasm"; readonly device: string }
  | { readonly kind: "step"; readonly epoch: number; readonly done: number; readonly total: number; readonly loss: number }
  | { readonly kind: "epoch"; readonly row: EpochRow; readonly best: { readonly epoch: number; readonly dsc: number } };

/** What a training needs of the world. */
export interface TrainingHost {
  readonly core: Core;
  readonly createTrainer: TrainerMaker;
  /** Keeps the state after each epoch, whole or not at all. */
  save(state: TrainingState): Promise<void>;
  /** Milliseconds, for the time an epoch takes; nothing else depends on it. */
  now(): number;
  readonly signal?: AbortSignal;
  tell(event: TrainingEvent): void;
}

/** What a training is made from. */
export interface TrainingJob {
  readonly training: readonly LabelledCase[];
  readonly validation: readonly LabelledCase[];
  readonly settings: TrainingSettings;
  readonly identity: string;
  /** The network before the first step. */
  readonly start: Checkpoint;
  /** The state to go on from, of the same identity. */
  readonly from: TrainingState | null;
}

/** Why a training ended. */
export type TrainingEnd = "epochs" | "patience";

/**
 * Trains to the last epoch, or until `patience` epochs brought no better validation DSC.
 *
 * Every random choice is named by the seed, the epoch and the case, so a training that goes on from a saved state gives the weights of one
 * that was never stopped: bit for bit on WASM, and on WebGPU on the same adapter.
 *
 * @throws ConfigError where the loss is no longer finite
 */
export async function train(
  job: TrainingJob,
  host: TrainingHost,
): Promise<{ state: TrainingState; end: TrainingEnd; trainer: Pick<SliceTrainer, "backend" | "device"> }> {
  const { settings, start, from, identity } = job;
  const { inputSize: size, batch, optimiser, classWeights, loss } = settings;
  const network: Checkpoint = from ? { ...start, tensors: from.weights } : start;
  const trainer = await host.createTrainer(network, { size, batch, optimiser, classWeights, loss, state: from?.optimiser ?? null });
  host.tell({ kind: "device", backend: trainer.backend, device: trainer.device });
  try {
    let state = from;
    for (let epoch = (from?.curve.length ?? 0) + 1; !endOf(state, settings); epoch++) {
      const began = host.now();
      const learningRate = learningRateAt(settings.schedule, settings.learningRate, epoch - 1, settings.epochs);
      const loss = await runEpoch(trainer, job, epoch, learningRate, host);
      const cases = await validate(host.core, trainer, job.validation, settings, host.signal);
      const row: EpochRow = { epoch, loss, dsc: meanDice(cases), cases, learningRate, seconds: (host.now() - began) / 1000 };
      const weights = await trainer.weights();
      state = {
        architecture: start.architecture,
        identity,
        curve: [...(state?.curve ?? []), row],
        weights,
        optimiser: await trainer.state(),
        best: betterOf(state, row, weights),
      };
      await host.save(state);
      host.tell({ kind: "epoch", row, best: state.best });
    }
    return { state: state!, end: endOf(state, settings)!, trainer };
  } finally {
    trainer.destroy();
  }
}

/** One epoch's steps; returns the mean loss of its slices. */
async function runEpoch(
  trainer: SliceTrainer,
  { training, settings }: TrainingJob,
  epoch: number,
  learningRate: number,
  host: TrainingHost,
): Promise<number> {
  const batches = drawEpoch(training, epoch, settings);
  let [sum, count] = [0, 0];
  let next = prepare(0);
  for (const [i, choices] of batches.entries()) {
    host.signal?.throwIfAborted();
    const stepping = trainer.step(next.slices, next.labels, learningRate);
    // The next batch is made while this one is computed elsewhere.
    if (i + 1 < batches.length) next = prepare(i + 1);
    const { loss } = await stepping;
    if (!Number.isFinite(loss)) {
      throw new ConfigError(
        "learning rate",
        `the loss is ${loss} at step ${i + 1} of epoch ${epoch}: the training has diverged at a learning rate of ${learningRate}; choose a smaller one (the epochs before are kept)`,
      );
    }
    sum += loss * choices.length;
    count += choices.length;
    host.tell({ kind: "step", epoch, done: i + 1, total: batches.length, loss });
  }
  return sum / count;

  function prepare(i: number) {
    return labelledSlices(host.core, batches[i]!, settings.inputSize);
  }
}

function betterOf(before: TrainingState | null, { epoch, dsc }: EpochRow, weights: Weights): TrainingState["best"] {
  return before && before.best.dsc >= dsc ? before.best : { epoch, dsc, weights };
}

/** Why nothing is left to train after a state (null: before the first epoch), or null where the next epoch follows. */
export function endOf(state: TrainingState | null, { epochs, patience }: TrainingSettings): TrainingEnd | null {
  if (state === null) return null;
  if (patience !== null && state.curve.length - state.best.epoch >= patience) return "patience";
  return state.curve.length >= epochs ? "epochs" : null;
}
