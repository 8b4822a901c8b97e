// A finding of the guards, and what they look at.
import type { TrainingRecord } from "../../deep/training/record.ts";
import type { FailedCase, ModelOutcome } from "../results.ts";
import type { Cohort } from "../cohort.ts";
import type { StudyConfig } from "../config.ts";
import type { CaseResults, FeatureBlock } from "../features.ts";
import type { InputHash } from "../kept-case.ts";

/** Something a reader must know: what was found, and what it does to the results. */
export interface Finding {
  /** Stable: what `--strict` and a reviewer refer to. */
  readonly id: GuardId;
  /** A warning may make the results wrong; a note limits what they mean. `--strict` makes errors of warnings. */
  readonly level: "warning" | "note";
  readonly found: string;
  readonly consequence: string;
}

/** The guards, in the order of the report. */
export const GUARDS = [
  "duplicate-scans",
  "duplicate-features",
  "trained-on-evaluated",
  "outcome-derived",
  "fold-without-events",
  "scanner-and-outcome",
  "cohort-and-outcome",
  "events-per-feature",
  "untrained-network",
  "network-elsewhere",
  "early-censoring",
  "missing-values",
  "failed-cases",
  "inverted-model",
  "many-models",
  "tables-not-scans",
] as const;
type GuardId = (typeof GUARDS)[number];

/** What the guards look at. */
export interface GuardInput {
  readonly study: StudyConfig;
  readonly cohort: Cohort;
  readonly results: CaseResults;
  readonly inputs: readonly InputHash[];
  /** Patients without features of some phase or table. */
  readonly failures: readonly FailedCase[];
  readonly blocks: ReadonlyMap<string, FeatureBlock>;
  readonly models: readonly ModelOutcome[];
  /** The record of the network's training; null where there is none, undefined without deep features. */
  readonly training: TrainingRecord | null | undefined;
  /** Whether the network has never been trained. */
  readonly isSeeded: boolean;
}
