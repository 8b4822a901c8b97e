// What an engine process is asked, and what it answers: plain data, by the kind of task.
import type { DepositedCase, DepositLimits } from "@islet/pipeline";

/** Which backend the network runs on. */
export type Backend = "auto" | "webgpu" | "wasm";

/** Intensities of the network's input. */
export type Window = { readonly level: number; readonly width: number } | { readonly percentiles: readonly [number, number] };

/** Files of one case in the data folder. */
export interface CaseAt {
  readonly image: string;
  readonly mask: string;
  readonly rough: string;
}

/** Every kind of task: what is given, and what comes back. */
export interface Tasks {
  /** Files that were sent become a case in `to`, a folder. */
  readonly deposit: {
    readonly given: {
      readonly files: readonly { readonly field: string; readonly path: string }[];
      readonly series?: string;
      readonly label?: number;
      readonly structure?: string;
      readonly to: CaseAt;
      readonly limits: DepositLimits;
    };
    readonly result: DepositedCase["facts"] & { readonly hasMask: boolean; readonly hasRough: boolean };
  };
  /** What a file of a model is: a bundle, or weights of a network. */
  readonly describe: {
    readonly given: { readonly file: string };
    readonly result: { readonly kind: "bundle" | "network"; readonly sha256: string; readonly description: Record<string, unknown> };
  };
  readonly radiomics: {
    readonly given: {
      readonly image: string;
      readonly mask: string;
      readonly preset: string;
      readonly window?: { readonly level: number; readonly width: number };
      readonly config?: string;
    };
    readonly result: Record<string, unknown>;
  };
  readonly deep: {
    readonly given: {
      readonly image: string;
      readonly roi: string;
      readonly weights: string;
      readonly window: Window;
      readonly backend: Backend;
      readonly seed: number;
      readonly inputSize: number;
    };
    readonly result: Record<string, unknown>;
  };
  readonly segment: {
    readonly given: {
      readonly image: string;
      readonly roi: string;
      readonly weights: string;
      readonly out: string;
      readonly window: Window | null;
      readonly inputSize: number | null;
      readonly flips: boolean;
      readonly backend: Backend;
    };
    readonly result: Record<string, unknown>;
  };
  readonly score: {
    readonly given: {
      readonly model: string;
      /** Cases by phase. */
      readonly cases: Readonly<Record<string, CaseAt>>;
      readonly clinical: Readonly<Record<string, string>>;
      /** Texts of CSVs of one row, by table. */
      readonly features: Readonly<Record<string, string>>;
      readonly batch?: string;
      readonly backend: Backend;
      /** The network, where the bundle has its hash alone. */
      readonly weights?: string;
      /** The job's folder of files, and whether what explains the risk is written there. */
      readonly folder: string;
      readonly explain: boolean;
    };
    readonly result: Record<string, unknown>;
  };
  /** A study that was sent is placed in a folder and checked; gives its cases. */
  readonly place: {
    readonly given: {
      readonly study: string;
      readonly tables: Readonly<Record<string, string>>;
      readonly folder: string;
      readonly casesFolder: string;
      readonly modelsFolder: string;
      readonly cache: string;
    };
    readonly result: {
      readonly name: string;
      readonly models: readonly string[];
      readonly cases: readonly { readonly patient: string; readonly phase: string }[];
      /** Ids of the cases that its tables name. */
      readonly uses: readonly string[];
    };
  };
  /** One case of a placed study, into the cache. */
  readonly part: {
    readonly given: { readonly study: string; readonly cache: string; readonly backend: Backend; readonly part: number };
    readonly result: { readonly cached: boolean; readonly warnings: number; readonly error: string | null };
  };
  /** A placed study whose cases lie in the cache: models, tables, report. */
  readonly reduce: {
    readonly given: {
      readonly study: string;
      readonly out: string;
      readonly cache: string;
      readonly backend: Backend;
      readonly workers: number;
      readonly strict: boolean;
    };
    readonly result: Record<string, unknown>;
  };
}

/** The kinds of tasks. */
export type TaskKind = keyof Tasks;

/** A task on its way to a process. */
export interface TaskMessage<K extends TaskKind = TaskKind> {
  readonly id: number;
  readonly kind: K;
  readonly given: Tasks[K]["given"];
}

/** A process's answer. */
export type TaskAnswer =
  | { readonly id: number; readonly type: "progress"; readonly data: Record<string, unknown> }
  | { readonly id: number; readonly type: "done"; readonly result: unknown }
  | { readonly id: number; readonly type: "failed"; readonly name: string; readonly message: string; readonly stack: string };
