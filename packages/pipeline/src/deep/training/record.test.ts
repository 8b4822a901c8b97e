import { describe, expect, it } from "vitest";
import { readWeights, seededWeights, writeWeights } from "../weights.ts";
import { curveTable, recordedWeights, recordOf, type TrainingRecord } from "./record.ts";
import { trainingSettings } from "./settings.ts";
import type { EpochRow, TrainingState } from "./state.ts";

const curve: EpochRow[] = [0.7, 0.4, 0.35].map((loss, i) => ({
  epoch: i + 1,
  loss,
  dsc: [0.5, 0.8, 0.75][i]!,
  cases: [
    { patient: "P1", phase: "ct", dsc: [0.4, 0.7, 0.6][i]! },
    { patient: "P2", phase: "", dsc: [0.6, 0.9, 0.9][i]! },
  ],
  learningRate: 1e-4,
  seconds: 12.34,
}));
const { architecture, tensors } = seededWeights(1, 1);
const best = { epoch: 2, dsc: 0.8, weights: tensors };
const state: TrainingState = {
  architecture,
  identity: "x",
  curve,
  weights: tensors,
  optimiser: { steps: 9, mean: tensors, square: tensors },
  best,
};
const record: TrainingRecord = {
  format: "islet-training-record/1",
  islet: "0.1.0",
  engine: "e",
  backend: "wasm",
  device: "wasm (plain SIMD), 2 threads",
  settings: trainingSettings({
    preprocess: { window: { level: 50, width: 400 }, spacing: 1, interpolation: "cubic", order: "resample-window" },
  }),
  network: architecture,
  start: { seed: 1 },
  cases: [],
  excluded: [],
  split: { training: ["P3", "P4"], validation: ["P1", "P2"] },
  curve,
  best: { epoch: 2, dsc: 0.8 },
  end: "epochs",
  seconds: 37,
};

describe("the record of a training", () => {
  it("travels in the weights' metadata and is read back, in words and whole", () => {
    const read = readWeights(writeWeights(recordedWeights(state, record)), "w");
    expect(recordOf(read)).toEqual(record);
    expect(read.metadata["training"]).toBe("2 patients, checked on 2 others: mean DSC 0.800 after epoch 2 of 3 (seed 1, on wasm)");
    const one = { ...record, split: { training: ["P3"], validation: ["P1"] } };
    expect(recordedWeights(state, one).metadata["training"]).toMatch(/^1 patient, checked on 1 other: /);
    expect(read.tensors).toEqual(tensors);
  });

  it("is null where weights have none, or one that is not ours", () => {
    expect(recordOf({ metadata: {} })).toBeNull();
    expect(recordOf({ metadata: { trainingRecord: "{" } })).toBeNull();
    expect(recordOf({ metadata: { trainingRecord: '{"format":"other"}' } })).toBeNull();
  });

  it("has its curve as a table with a column for each validation case", () => {
    expect(curveTable(curve).split("\n").slice(0, 2)).toEqual([
      "epoch,learning_rate,train_loss,validation_dsc,seconds,dsc_P1_ct,dsc_P2",
      "1,0.0001,0.7,0.5,12.3,0.4,0.6",
    ]);
  });
});
