// What a study needs of the world, and what it tells it.
import type { WeightsSource } from "../deep/weights.ts";
import type { Finding } from "./guards/finding.ts";
import type { CaseHost } from "./kept-case.ts";
import type { ModelRow } from "./model-rows.ts";
import type { FailedCase } from "./results.ts";

/** What a study needs of the world. */
export interface StudyHost extends CaseHost {
  readonly weights: WeightsSource | null;
  /** Joins a table's folder and a path of the table. */
  resolve(folder: string, path: string): string;
  /** Writes one output, whole or not at all. */
  write(path: string, data: string | Uint8Array): Promise<void>;
  /** Whether a warning of the guards ends the run. */
  readonly strict?: boolean;
  /** A PNG of a figure's SVG. */
  rasterise(svg: string): Promise<Uint8Array>;
  now(): string;
}

/** What happened, as it happens. */
export type StudyEvent =
  | {
      readonly type: "start";
      readonly study: string;
      readonly internal: number;
      readonly external: number;
      readonly excluded: number;
      readonly cases: number;
      readonly models: number;
      readonly workers: number;
      readonly backend: string;
      readonly network: string | null;
    }
  | {
      readonly type: "case";
      readonly patient: string;
      readonly phase: string;
      readonly done: number;
      readonly total: number;
      readonly cached: boolean;
      readonly warnings: readonly string[];
      readonly error: string | null;
    }
  | { readonly type: "model"; readonly model: string; readonly done: number; readonly total: number; readonly cached: boolean }
  | { readonly type: "warning"; readonly message: string }
  | {
      readonly type: "end";
      readonly rows: readonly ModelRow[];
      readonly failures: readonly FailedCase[];
      readonly findings: readonly Finding[];
      readonly cachedCases: number;
      readonly cachedModels: number;
    };
