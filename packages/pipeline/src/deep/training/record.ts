// What a training was: in the weights' metadata, as JSON and as a table.
import type { Checkpoint, UNetArchitecture } from "@islet/gpu-unet";
import { stringify } from "#csv-stringify";
import type { Tuning } from "../tuning.ts";
import type { PatientSplit } from "./split.ts";
import type { TrainingSettings } from "./settings.ts";
import type { TrainingState } from "./state.ts";
import type { TrainingEnd } from "./train.ts";
import { caseName } from "./cases.ts";

/** One scan of a training, by its content. */
export interface RecordedCase {
  readonly patient: string;
  readonly phase: string;
  readonly slices: number;
  readonly sha256: { readonly image: string; readonly mask: string; readonly rough?: string };
}

/** All that made the weights. */
export interface TrainingRecord {
  readonly format: "islet-training-record/1";
  readonly islet: string;
  /** SHA-256 of the code that computed. */
  readonly engine: string;
  readonly backend: "webgpu" | "wasm";
  readonly device: string;
  /** The record whose workgroups the WebGPU kernels took; absent for the standard ones. */
  readonly tuning?: Tuning;
  readonly settings: TrainingSettings;
  readonly network: UNetArchitecture;
  /** The weights before the first step: the seed they were drawn from, or the SHA-256 of a file. */
  readonly start: { readonly seed: number } | { readonly sha256: string };
  readonly cases: readonly RecordedCase[];
  readonly excluded: readonly { readonly patient: string; readonly phase: string; readonly reason: string }[];
  readonly split: PatientSplit;
  readonly curve: TrainingState["curve"];
  readonly best: { readonly epoch: number; readonly dsc: number };
  /** `running` in the weights of a training that has not come to its end. */
  readonly end: TrainingEnd | "running";
  /** Time of all epochs together, on whatever else the machine did. */
  readonly seconds: number;
}

/** A network's weights with the record of their training in the metadata. */
export function recordedWeights({ architecture, best }: TrainingState, record: TrainingRecord): Checkpoint {
  const { split, settings, curve, end } = record;
  const words =
    `${split.training.length} ${split.training.length === 1 ? "patient" : "patients"}, checked on ${split.validation.length} ${split.validation.length === 1 ? "other" : "others"}: mean DSC ${record.best.dsc.toFixed(3)} ` +
    `after epoch ${record.best.epoch} of ${curve.length}${end === "running" ? " so far" : ""} (seed ${settings.seed}, on ${record.backend})`;
  return { architecture, metadata: { training: words, trainingRecord: JSON.stringify(record) }, tensors: best.weights, parts: "unet" };
}

/** The record in a network's metadata, or null where it has none that can be read. */
export function recordOf({ metadata }: Pick<Checkpoint, "metadata">): TrainingRecord | null {
  try {
    const record = JSON.parse(metadata["trainingRecord"] ?? "null") as TrainingRecord | null;
    return record?.format === "islet-training-record/1" ? record : null;
  } catch {
    return null;
  }
}

/** The curve as CSV: one row an epoch, and a column for the DSC of each validation case. */
export function curveTable(curve: TrainingState["curve"]): string {
  const cases = curve[0]?.cases ?? [];
  return stringify([
    ["epoch", "learning_rate", "train_loss", "validation_dsc", "seconds", ...cases.map((one) => `dsc_${caseName(one)}`)],
    ...curve.map(({ epoch, learningRate, loss, dsc, seconds, cases: each }) => [
      epoch,
      learningRate,
      loss,
      dsc,
      seconds.toFixed(1),
      ...each.map((one) => one.dsc),
    ]),
  ] as string[][]);
}
