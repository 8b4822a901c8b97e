// A network in training, whatever runs it.
import type { Checkpoint, TrainerState, TrainingLoss, Weights } from "@islet/gpu-unet";

/** The optimiser's part of the settings, and the size of a step. */
export interface SliceTrainerSettings {
  /** Pixels of a side of a slice. */
  readonly size: number;
  /** Slices a step at most. */
  readonly batch: number;
  readonly optimiser: "adam" | "adamw";
  readonly classWeights: readonly number[];
  readonly loss: TrainingLoss;
  /** The optimiser's memory of an earlier training, which then goes on as if it had not stopped. */
  readonly state: TrainerState | null;
}

/** A network in training on one backend. */
export interface SliceTrainer {
  readonly backend: "webgpu" | "wasm";
  /** The adapter or the WASM build and its threads, for the record. */
  readonly device: string;
  /**
   * One step of the optimiser.
   *
   * @param slices  (count, 1, size, size), 1 to `batch` of them
   * @param labels  (count, size, size): a class, or IGNORED_LABEL
   * @returns       the loss before the step
   */
  step(slices: Float32Array, labels: Uint8Array, learningRate: number): Promise<{ loss: number }>;
  /** (count, classes, size, size) by the weights as they are now. */
  logits(slices: Float32Array, count: number): Promise<Float32Array>;
  weights(): Promise<Weights>;
  state(): Promise<TrainerState>;
  destroy(): void;
}

/** Makes a trainer that starts from a network. */
export type TrainerMaker = (checkpoint: Checkpoint, settings: SliceTrainerSettings) => Promise<SliceTrainer>;
