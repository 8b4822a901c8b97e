// A whole training of a tiny network: it learns, it stops, it goes on after a stop, and the number of threads changes nothing.
import { loadCore, type Core } from "@islet/core-wasm";
import { requestGpu } from "@islet/gpu-unet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ballScan } from "../../../../../test/helpers/ball.ts";
import { testDevice } from "../../../../../test/helpers/device.ts";
import { randomFor } from "../../random.ts";
import { seededWeights } from "../weights.ts";
import type { CaseRow } from "./cases.ts";
import { labelledCase } from "./load-case.ts";
import type { LabelledCase } from "./labelled-case.ts";
import { trainingSettings, type TrainingSettings } from "./settings.ts";
import type { TrainerMaker } from "./slice-trainer.ts";
import { createWasmTrainer } from "./wasm-trainer.ts";
import { webGpuTrainer } from "./webgpu-trainer.ts";
import { decodeState, encodeState, type TrainingState } from "./state.ts";
import { threadedTrainer } from "./threads.node.ts";
import { train, type TrainingEvent } from "./train.ts";
import { meanDice } from "./validate.ts";

const gpu = await testDevice(() => requestGpu({ allowSoftware: true }));
afterAll(() => gpu?.destroy());

let core: Core;
let cases: LabelledCase[];
beforeAll(async () => {
  core = await loadCore();
  const { preprocess } = settings({});
  cases = ["a", "b", "c"].map((patient) => {
    const { volume, mask } = ballScan(randomFor(1, "ball", patient), [8, 26, 28]);
    // A box that is larger than the ball, so that there is background to tell apart.
    const around = { mask: { ...mask, data: mask.data.map((_, i) => Number(isInBox(i))) } };
    return labelledCase(core, { patient, phase: "" } as CaseRow, { volume, mask, around, warnings: [] }, { preprocess }).labelled;
  });
});
/** Whether a voxel of the 8 x 26 x 28 scan lies in the box: rows 3 to 22 and columns 5 to 22 of every slice. */
const isInBox = (i: number) => {
  const [y, x] = [Math.floor(i / 28) % 26, i % 28];
  return y >= 3 && y < 23 && x >= 5 && x < 23;
};

function settings(changes: Partial<TrainingSettings>): TrainingSettings {
  const preprocess = { window: { level: 20, width: 200 }, spacing: 1, interpolation: "cubic", order: "resample-window" } as const;
  return trainingSettings({
    preprocess,
    inputSize: 16,
    batch: 3,
    learningRate: 5e-3,
    epochs: 4,
    augment: ["flip", "rotate"],
    slicesPerPatient: 4,
    ...changes,
  });
}

async function run(changes: Partial<TrainingSettings>, from: TrainingState | null = null, createTrainer: TrainerMaker = createWasmTrainer) {
  const events: TrainingEvent[] = [];
  const saved: TrainingState[] = [];
  const chosen = settings(changes);
  const { state, end } = await train(
    { training: cases.slice(0, 2), validation: cases.slice(2), settings: chosen, identity: "test", start: seededWeights(2, 1), from },
    {
      core,
      createTrainer,
      save: async (next) => void saved.push(decodeState(encodeState(next), "state")),
      now: () => 0,
      tell: (event) => void events.push(event),
    },
  );
  return { state, end, events, saved };
}

describe("a training", () => {
  it("learns balls in noise: the loss falls and a patient it has not seen is segmented", async () => {
    const { state, end } = await run({ epochs: 25, learningRate: 1e-2, augment: [], slicesPerPatient: null });
    expect(end).toBe("epochs");
    expect(state.curve).toHaveLength(25);
    expect(state.curve.at(-1)!.loss).toBeLessThan(state.curve[0]!.loss / 3);
    expect(state.best.dsc).toBeGreaterThan(0.9);
    expect(state.best.dsc).toBe(Math.max(...state.curve.map(({ dsc }) => dsc)));
  });

  it("goes on from a saved state to the weights, the optimiser's memory and the curve of one that was not stopped, bit for bit", async () => {
    const whole = await run({});
    const goneOn = await run({}, whole.saved[1]!);
    expect(goneOn.state).toEqual(whole.state);
    expect(goneOn.events.filter(({ kind }) => kind === "epoch")).toHaveLength(2);
    // and the epochs that were not run again did matter
    expect(whole.saved[1]!.weights).not.toEqual(whole.state.weights);
  });

  it("learns them by soft Dice too, alone and with cross-entropy", async () => {
    const settings = { epochs: 12, learningRate: 1e-2, augment: [], slicesPerPatient: null };
    const kinds = ["dice", "cross-entropy+dice"] as const;
    const runs = await Promise.all(kinds.map((kind) => run({ ...settings, loss: { kind, smooth: 1 } })));
    for (const { state } of runs) {
      expect(state.curve.at(-1)!.loss).toBeLessThan(state.curve[0]!.loss / 2);
      expect(state.best.dsc).toBeGreaterThan(0.9);
    }
    expect(runs[0]!.state.weights).not.toEqual(runs[1]!.state.weights);
  });

  it("gives the same bits on one, two and three threads, by either loss", async () => {
    const loss = { kind: "cross-entropy+dice", smooth: 1 } as const;
    for (const settings of [{ epochs: 2 }, { epochs: 1, loss }]) {
      const [here, ...threads] = await Promise.all([run(settings), ...[1, 2, 3].map((n) => run(settings, null, threadedTrainer(n)))]);
      for (const { state } of threads) expect(state).toEqual(here.state);
    }
  });

  it.skipIf(!gpu)("takes the same steps on WebGPU, to float32's rounding", async () => {
    const loss = { kind: "cross-entropy+dice", smooth: 1 } as const;
    const [here, there] = await Promise.all([run({ epochs: 1, loss }), run({ epochs: 1, loss }, null, webGpuTrainer(null))]);
    // Three steps at a high rate: Adam divides by the root of a gradient's square, which magnifies the rounding of gradients near 0.
    expect(Math.abs(there.state.curve[0]!.loss / here.state.curve[0]!.loss - 1)).toBeLessThan(1e-4);
    expect(there.events[0]).toMatchObject({ kind: "device", backend: "webgpu" });
  });

  it("stops after epochs without a better validation DSC, and stays stopped", async () => {
    // A rate this small changes no label, so the first epoch stays the best.
    const stopped = await run({ epochs: 9, learningRate: 1e-9, patience: 2 });
    expect(stopped).toMatchObject({ end: "patience", state: { best: { epoch: 1 } } });
    expect(stopped.state.curve).toHaveLength(3);
    const again = await run({ epochs: 9, learningRate: 1e-9, patience: 2 }, stopped.state);
    expect(again.state).toEqual(stopped.state);
    expect(again.end).toBe("patience");
  });

  it("follows the schedule and tells every step", async () => {
    const { state, events } = await run({ schedule: { kind: "step", every: 2, factor: 0.1 } });
    expect(state.curve.map(({ learningRate }) => learningRate)).toEqual([5e-3, 5e-3, 5e-4, 5e-4]);
    const steps = events.filter((event) => event.kind === "step");
    expect(steps.slice(0, 3)).toMatchObject([1, 2, 3].map((done) => ({ epoch: 1, done, total: 3 })));
    expect(steps).toHaveLength(12);
  });

  it("says when it has diverged, and what to do", async () => {
    const broken: TrainerMaker = async (...given) => ({ ...(await createWasmTrainer(...given)), step: async () => ({ loss: Number.NaN }) });
    await expect(run({}, null, broken)).rejects.toThrow(/learning rate: the loss is NaN at step 1 of epoch 1.*choose a smaller one/);
  });
});

describe("the mean validation DSC", () => {
  it("counts each patient once, however many phases there are", () => {
    const dice = [
      { patient: "a", phase: "1", dsc: 0.2 },
      { patient: "a", phase: "2", dsc: 0.4 },
      { patient: "b", phase: "1", dsc: 0.9 },
    ];
    expect(meanDice(dice)).toBeCloseTo(0.6, 12);
  });
});

describe("a saved state", () => {
  it("is refused where it is another file", () => {
    expect(() => decodeState(new TextEncoder().encode("no state at all, but long enough"), "w.checkpoint")).toThrow(/w\.checkpoint/);
    const { tensors } = seededWeights(1, 1);
    const state: TrainingState = {
      architecture: seededWeights(1, 1).architecture,
      identity: "x",
      curve: [],
      weights: tensors,
      optimiser: { steps: 3, mean: tensors, square: tensors },
      best: { epoch: 0, dsc: 0, weights: tensors },
    };
    expect(decodeState(encodeState(state), "f")).toEqual(state);
  });
});
