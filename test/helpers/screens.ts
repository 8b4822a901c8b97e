// An engine for tests of the terminal's screens: answers at once, and keeps what it was told.
import type { Engine } from "../../apps/cli/src/screens/engine.ts";

/** What a running study tells. */
type StudyEvent = Parameters<Parameters<Engine["run"]>[3]>[0];
type Told<Type extends StudyEvent["type"]> = Extract<StudyEvent, { type: Type }>;
type Recent = Awaited<ReturnType<Engine["recent"]>>[number];
type Finished = Awaited<ReturnType<Engine["results"]>>;
type Bundle = Awaited<ReturnType<Engine["describe"]>>;
type Score = Awaited<ReturnType<Engine["score"]>>;

/** An engine whose answers a test may replace. */
export function testEngine(answers: Partial<Engine> = {}): Engine & { readonly remembered: Omit<Recent, "when">[] } {
  const remembered: Omit<Recent, "when">[] = [];
  return {
    remembered,
    machine: async () => MACHINE,
    recent: async () => [],
    remember: async (study) => void remembered.push(study),
    check: async () => ({ name: "sarcoma", internal: 36, external: 15, models: 2, missing: [] }),
    run: async () => {},
    makeDemo: async (folder) => `${folder}/study.yaml`,
    isFinished: async () => true,
    results: async () => finishedStudy(),
    drivers: async () => [
      { feature: "deep_ct_3", value: 1, z: 2, share: 1, part: 0.5 },
      { feature: "deep_ct_7", value: 1, z: -1, share: 0.5, part: -0.25 },
    ],
    slice: async () => ({
      phase: "ct",
      picture: { width: 2, height: 2, rgb: new Uint8Array(12).fill(255) },
      drawn: { box: true, mask: false },
      slice: 4,
      slices: 9,
    }),
    describe: async () => bundleDescription(),
    score: async () => score(),
    complete: async () => [],
    ...answers,
  };
}

const MACHINE: Awaited<ReturnType<Engine["machine"]>> = {
  islet: "0.1.0",
  node: "v24",
  system: "linux x64, a processor",
  cores: 2,
  memoryGiB: 8,
  wasm: "relaxed SIMD",
  adapters: [],
  noAdapter: "no adapter",
  backend: "wasm",
};

const row = (model: string, cohort: "internal" | "external", n: number, auc: number) =>
  ({
    model,
    cohort,
    n,
    events: 1,
    acc: 0.5,
    sen: 0.5,
    spc: 0.5,
    auc,
    auc_lo: 0.4,
    auc_hi: 1,
    p: 0.04,
    threshold: 0.5,
    network: "",
  }) as const;

/** The start of a study of two patients with one model on one worker, unless it says otherwise. */
export function studyStarts(more: Partial<Told<"start">> = {}): Told<"start"> {
  return {
    type: "start",
    study: "sarcoma",
    internal: 2,
    external: 0,
    excluded: 0,
    cases: 2,
    models: 1,
    workers: 1,
    backend: "wasm",
    network: null,
    ...more,
  };
}

/** The end of the n-th case of a study, computed and without a fault unless it says otherwise. */
export function caseEnds(n: number, total: number, more: Partial<Told<"case">> = {}): Told<"case"> {
  return { type: "case", patient: `P${n}`, phase: "ct", done: n, total, cached: false, warnings: [], error: null, ...more };
}

/** A study of four patients with two models. */
export function finishedStudy(): Finished {
  const patient = (id: string, cohort: "internal" | "external", outcome: 0 | 1, risk: number) => ({
    id,
    cohort,
    outcome,
    timeMonths: 10 + 20 * (1 - outcome),
    risks: { "DLR-A": risk, "Radiomics-A": 1 - risk },
  });
  return {
    out: "out",
    study: {
      name: "sarcoma",
      outcome: { horizonMonths: 60 },
      models: [{ name: "DLR-A" }, { name: "Radiomics-A" }],
    } as unknown as Finished["study"],
    isSynthetic: false,
    backend: "wasm",
    finished: "2026-01-02T03:04:05.000Z",
    primary: "DLR-A",
    models: [row("DLR-A", "internal", 3, 0.9), row("DLR-A", "external", 1, 0.7), row("Radiomics-A", "internal", 3, 0.3)],
    patients: [
      patient("P1", "internal", 1, 0.9),
      patient("P2", "internal", 0, 0.2),
      patient("P3", "internal", 0, 0.6),
      patient("X9", "external", 1, 0.4),
    ],
    leftOut: [],
    roles: {},
    loaded: null,
    why: "",
  };
}

/** A bundle that asks for a scan, a box and two variables. */
export function bundleDescription(): Bundle {
  return {
    study: "sarcoma",
    model: "DLR-A + sa",
    synthetic: false,
    phases: [{ name: "ct", window: { level: 40, width: 400 }, percentiles: null, needs: { rough: true, mask: false } }],
    tables: [],
    clinical: [
      { name: "symptom", kind: "category", levels: ["no", "yes"] },
      { name: "age", kind: "number", levels: [] },
    ],
    findings: [],
    batch: null,
    fillsGaps: false,
    training: { n: 36, events: 12, horizonMonths: 60 },
    network: null,
  } as unknown as Bundle;
}

/** A score. */
function score(): Score {
  return {
    notice: "Research use only: not a medical device, not for decisions about patients.",
    model: "DLR-A + sa",
    study: "sarcoma",
    synthetic: false,
    risk: 0.734,
    group: "high",
    threshold: 0.5,
    percentile: 81,
    percentileAmong: "out-of-fold risks of the 36 internal patients",
    riskByFold: [0.734],
    neighbours: [{ distance: 0.5, outcome: 1, timeMonths: 12, risk: 0.7 }],
    shift: { distance: 0.5, percentile: 40, features: [] },
    contributions: {
      baseline: 0.3,
      unexplained: 0,
      groups: [
        { of: "deep.ct", contribution: 0.4 },
        { of: "age", contribution: 0.034 },
      ],
      features: [{ name: "deep_ct_3", of: "deep.ct", value: 1, z: 2, contribution: 0.4 }],
    },
    warnings: ["ct: slices are apart by 5 mm, those of the training scans are 1 mm"],
    provenance: {} as Score["provenance"],
  };
}
