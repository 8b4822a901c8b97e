// What a worker does, in Node and in the browser alike.
import { loadCore } from "@islet/core-wasm";
import { transfer } from "comlink";
import { createSliceEncoder } from "../deep/encode.ts";
import { createSliceSegmenter } from "../deep/segmenter.ts";
import type { Tuning } from "../deep/tuning.ts";
import { loadWeights, type WeightsSource } from "../deep/weights.ts";
import { patientFiles, type DemoFile, type DemoFormat } from "../demo/patient-files.ts";
import type { DemoPatient } from "../demo/roster.ts";
import type { ImageSource } from "../intake/source.ts";
import { computeCase, type CaseResult, type CaseTask, type Engine } from "./case.ts";
import { computeExample, type Example, type ExampleTask } from "./example.ts";
import { computeModel, computePermutations, type ModelResult, type ModelTask } from "./model.ts";

/** What all cases of a worker share. */
export interface WorkerSettings {
  /** Absent where no model uses deep features. */
  readonly weights?: WeightsSource;
  readonly backend: "webgpu" | "wasm";
  readonly inputSize: number;
  /** The record whose blocks the WebGPU kernels take; the standard ones where it is absent. */
  readonly tuning?: Tuning;
}

/** The interface that a pool speaks to. */
export interface CaseWorker {
  /** Loads the engine; called once, before any case. */
  prepare(settings: WorkerSettings): Promise<{ readonly device: string }>;
  runCase(task: CaseTask): Promise<CaseResult>;
  runModel(task: ModelTask): Promise<ModelResult>;
  /** The AUCs of some draws of a model's permutation test. */
  runPermutations(task: ModelTask, from: number, to: number): Promise<number[]>;
  runExample(task: ExampleTask): Promise<Example>;
  /** Generates a patient of the demo cohort: synthetic. */
  makeDemoPatient(task: DemoTask): Promise<DemoFile[]>;
}

/** A patient of the demo cohort to be made. */
export interface DemoTask {
  readonly seed: number;
  readonly signal: number;
  readonly patient: DemoPatient;
  readonly format: DemoFormat;
}

/**
 * A worker's own side.
 *
 * @param open  reads a path; rejects where there are none (browser)
 */
export function createCaseWorker(open: (path: string) => Promise<ImageSource>): CaseWorker {
  let engine: Engine | null = null;
  let given: WorkerSettings | null = null;
  const ready = () => {
    if (!engine) throw new Error("a worker was given work before prepare()");
    return engine;
  };
  return {
    async prepare(settings) {
      const { weights, backend, inputSize, tuning } = settings;
      given = settings;
      const core = await loadCore();
      const encoder = weights
        ? await createSliceEncoder(
            core,
            loadWeights(weights),
            { height: inputSize, width: inputSize },
            backend,
            undefined,
            undefined,
            tuning,
          )
        : null;
      engine = { core, encoder, open };
      return { device: encoder?.device ?? `wasm (${core.build} SIMD)` };
    },
    async runCase(task) {
      return computeCase(ready(), task);
    },
    async runModel(task) {
      return computeModel(ready().core, task);
    },
    async runPermutations(task, from, to) {
      return computePermutations(ready().core, task, from, to);
    },
    async runExample(task) {
      const { weights, backend, inputSize, tuning } = given!;
      return computeExample(ready(), task, () =>
        createSliceSegmenter(loadWeights(weights!), { height: inputSize, width: inputSize }, backend, undefined, undefined, tuning),
      );
    },
    async makeDemoPatient({ seed, signal, patient, format }) {
      const files = await patientFiles({ seed, signal }, patient, format);
      return transfer(
        files,
        files.map(({ bytes }) => bytes.buffer as ArrayBuffer),
      );
    },
  };
}
