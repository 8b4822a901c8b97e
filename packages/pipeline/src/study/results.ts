// What a study has when its models are learnt: all that tables, figures and the report are made from.
import type { TrainingRecord } from "../deep/training/record.ts";
import type { Cohort, CohortName } from "./cohort.ts";
import type { StudyConfig } from "./config.ts";
import type { ShownExample } from "./example.ts";
import type { FeatureBlock } from "./features.ts";
import type { ModelResult, ModelTask } from "./model.ts";

/** A case that gave no features, and why. */
export interface FailedCase {
  readonly patient: string;
  readonly cohort: CohortName;
  readonly phase: string;
  readonly reason: string;
}

/** A model's task and its result. */
export interface ModelOutcome {
  readonly model: string;
  readonly task: ModelTask;
  readonly result: ModelResult;
  /** What network its deep features come from, in words; null for a model without deep features. */
  readonly network: string | null;
}

/** The results of a study. */
export interface StudyResults {
  readonly study: StudyConfig;
  readonly cohort: Cohort;
  readonly blocks: ReadonlyMap<string, FeatureBlock>;
  readonly models: readonly ModelOutcome[];
  readonly failures: readonly FailedCase[];
  /** What network the deep features come from, in words; null without deep features. */
  readonly network: string | null;
  /** Patients to look at. */
  readonly examples?: readonly ShownExample[];
  /** How that network was trained, where its weights say so. */
  readonly training?: (Pick<TrainingRecord, "curve" | "best"> & { readonly settings?: Partial<TrainingRecord["settings"]> }) | null;
}

/** The model that stratifies risk: the one the study names, else the first; of models that were learnt, or of anything else that is said of each. */
export function primaryModel<Of extends { readonly model: string }>({
  study,
  models,
}: {
  readonly study: Pick<StudyConfig, "report">;
  readonly models: readonly Of[];
}): Of {
  return models.find(({ model }) => model === study.report?.primaryModel) ?? models[0]!;
}

/** Whether the study says that its data are generated: its name has the word "synthetic". Every output repeats it. */
export function isSynthetic({ name }: Pick<StudyConfig, "name">): boolean {
  return /\bsynthetic\b/i.test(name);
}
