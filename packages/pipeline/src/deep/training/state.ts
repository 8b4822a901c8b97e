// What a training is after an epoch: all that it needs to go on as if it had not stopped, in one file.
import { readSafetensors, writeSafetensors, type TrainerState, type UNetArchitecture, type Weights } from "@islet/gpu-unet";
import { IntakeError } from "../../errors.ts";
import type { CaseDice } from "./validate.ts";

/** One epoch's row of the curve. */
export interface EpochRow {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean loss of the training slices, each batch before its step. */
  readonly loss: number;
  /** Mean DSC of the validation patients. */
  readonly dsc: number;
  readonly cases: readonly CaseDice[];
  readonly learningRate: number;
  readonly seconds: number;
}

/** A training after an epoch. */
export interface TrainingState {
  readonly architecture: UNetArchitecture;
  /** Names the data, the settings and the first weights: a state goes on only where it is the same. */
  readonly identity: string;
  readonly curve: readonly EpochRow[];
  /** The weights after the last epoch of the curve. */
  readonly weights: Weights;
  readonly optimiser: TrainerState;
  /** The epoch of the best validation DSC so far, the earliest of equals, and its weights. */
  readonly best: { readonly epoch: number; readonly dsc: number; readonly weights: Weights };
}

const GROUPS = ["weights", "mean", "square", "best"] as const;

/** The bytes of a state: safetensors with the tensors `weights/NAME`, `mean/NAME`, `square/NAME`, `best/NAME`. */
export function encodeState({ architecture, identity, curve, weights, optimiser, best }: TrainingState): Uint8Array {
  const groups = { weights, mean: optimiser.mean, square: optimiser.square, best: best.weights };
  const tensors: Weights = new Map();
  for (const group of GROUPS) for (const [name, tensor] of groups[group]) tensors.set(`${group}/${name}`, tensor);
  const facts = {
    format: "islet-training/1",
    identity,
    architecture,
    curve,
    steps: optimiser.steps,
    best: { epoch: best.epoch, dsc: best.dsc },
  };
  return writeSafetensors({ metadata: { training: JSON.stringify(facts) }, tensors });
}

/**
 * Reads a state.
 *
 * @throws IntakeError where the file is no state of a training
 */
export function decodeState(bytes: Uint8Array, file: string): TrainingState {
  const { metadata, tensors } = readSafetensors(bytes, file);
  const facts = parse(metadata["training"]);
  if (facts?.format !== "islet-training/1") {
    throw new IntakeError(
      file,
      "expected the checkpoint of a training and it is something else; remove it, or train with --fresh to replace it",
    );
  }
  const group = (wanted: (typeof GROUPS)[number]): Weights =>
    new Map([...tensors].flatMap(([name, tensor]) => (name.startsWith(`${wanted}/`) ? [[name.slice(wanted.length + 1), tensor]] : [])));
  const { identity, architecture, curve, steps, best } = facts;
  return {
    architecture,
    identity,
    curve,
    weights: group("weights"),
    optimiser: { steps, mean: group("mean"), square: group("square") },
    best: { ...best, weights: group("best") },
  };
}

interface Facts extends Pick<TrainingState, "architecture" | "identity" | "curve"> {
  readonly format: string;
  readonly steps: number;
  readonly best: { readonly epoch: number; readonly dsc: number };
}

function parse(text: string | undefined): Facts | null {
  try {
    return text === undefined ? null : (JSON.parse(text) as Facts);
  } catch {
    return null;
  }
}
