// How a network is trained: every choice, its default and its limits.
import type { TrainingLoss } from "@islet/gpu-unet";
import { ConfigError } from "../../errors.ts";
import type { PreprocessSettings } from "../../preprocess/region.ts";
import { AUGMENTATIONS, type Augmentation } from "./augment.ts";
import type { Schedule } from "./schedule.ts";

/** The losses that a training may have. */
export const LOSSES: readonly TrainingLoss["kind"][] = ["cross-entropy", "dice", "cross-entropy+dice"];

/** All that decides a training besides its data; the same settings, data, backend and engine give the same weights. */
export interface TrainingSettings {
  readonly preprocess: PreprocessSettings;
  /** Pixels that slices are stretched to, a multiple of 16. */
  readonly inputSize: number;
  /** Standard deviation of a simulated reader's corners, mm, for cases without a rough annotation. */
  readonly jitterMm: number;
  /** Seeds the split, the weights, the order of slices, their augmentation and the simulated readers. */
  readonly seed: number;
  /** Share of the patients that are kept for validation, 0 to 1. */
  readonly validationShare: number;
  readonly epochs: number;
  /** Slices a step. */
  readonly batch: number;
  readonly learningRate: number;
  readonly schedule: Schedule;
  readonly optimiser: "adam" | "adamw";
  /** What is made small; soft Dice is of the tumour, slice by slice. */
  readonly loss: TrainingLoss;
  /** A factor for the cross-entropy of background and tumour pixels. */
  readonly classWeights: readonly [background: number, tumour: number];
  /** Slices drawn from each case for an epoch, or null for all. */
  readonly slicesPerPatient: number | null;
  /** Slices of each validation case that are looked at after an epoch, evenly spread, or null for all. */
  readonly validationSlices: number | null;
  /** Epochs without a better validation DSC after which training stops, or null for never. */
  readonly patience: number | null;
  /** What is done to training slices at random; nothing by default, as in the paper. */
  readonly augment: readonly Augmentation[];
}

/**
 * The defaults: Adam at 1e-5 and cross-entropy are the paper's; batch, epochs and the absence of a schedule it leaves open.
 *
 * @see Song et al. 2021, doi 10.21037/atm-21-25
 */
export const TRAINING_DEFAULTS: Omit<TrainingSettings, "preprocess"> = {
  inputSize: 256,
  jitterMm: 2,
  seed: 1,
  validationShare: 0.1,
  epochs: 100,
  batch: 4,
  learningRate: 1e-5,
  schedule: { kind: "constant" },
  optimiser: "adam",
  loss: { kind: "cross-entropy", smooth: 1 },
  classWeights: [1, 1],
  slicesPerPatient: null,
  validationSlices: null,
  patience: null,
  augment: [],
};

/**
 * Settings with what was not given taken from the defaults.
 *
 * @throws ConfigError naming the setting, what was expected and what came
 */
export function trainingSettings(
  given: Pick<TrainingSettings, "preprocess"> & { readonly [K in keyof TrainingSettings]?: TrainingSettings[K] | undefined },
): TrainingSettings {
  const settings = Object.fromEntries(
    Object.entries({ ...TRAINING_DEFAULTS, preprocess: given.preprocess }).map(([key, value]) => [
      key,
      given[key as keyof TrainingSettings] ?? value,
    ]),
  ) as unknown as TrainingSettings;
  const { inputSize, learningRate, validationShare, classWeights, loss, augment, schedule } = settings;
  const refuse = (where: string, expected: string, came: unknown): never => {
    throw new ConfigError(where, `expected ${expected}; got ${String(came)}`);
  };
  if (!Number.isInteger(inputSize) || inputSize < 16 || inputSize > 1024 || inputSize % 16)
    refuse("input size", "a multiple of 16 from 16 to 1024", inputSize);
  for (const key of ["epochs", "batch", "slicesPerPatient", "validationSlices", "patience"] as const) {
    const value = settings[key];
    if (value !== null && (!Number.isInteger(value) || value < 1)) refuse(NAMES[key], "a whole number, 1 or more", value);
  }
  if (!(learningRate > 0 && learningRate < 1)) refuse("learning rate", "a number above 0 and below 1, such as 1e-5", learningRate);
  if (!(validationShare > 0 && validationShare < 1)) refuse("validation share", "a number above 0 and below 1", validationShare);
  if (classWeights.length !== 2 || !classWeights.every((w) => w > 0 && Number.isFinite(w)))
    refuse("class weights", "two positive numbers, of background and tumour", classWeights);
  if (!LOSSES.includes(loss.kind)) refuse("loss", LOSSES.join(", "), loss.kind);
  if (!(loss.smooth > 0 && Number.isFinite(loss.smooth)))
    refuse("loss", "a smoothing constant of soft Dice above 0, such as 1", loss.smooth);
  if (schedule.kind === "step" && !(Number.isInteger(schedule.every) && schedule.every >= 1 && schedule.factor > 0 && schedule.factor <= 1))
    refuse("schedule", "step:EPOCHS,FACTOR with whole epochs and 0 < factor <= 1", `step:${schedule.every},${schedule.factor}`);
  const stranger = augment.find((name) => !AUGMENTATIONS.includes(name));
  if (stranger !== undefined) refuse("augment", AUGMENTATIONS.join(", "), stranger);
  return settings;
}

const NAMES = {
  epochs: "epochs",
  batch: "batch",
  slicesPerPatient: "slices per patient",
  validationSlices: "validation slices",
  patience: "patience",
};
