// One patient from scans to a score: the core that the terminal, the page and the service share.
import type { Bundle } from "../study/bundle/bundle.ts";
import { computeCase, type CaseResult } from "../study/case.ts";
import type { ScoreEngine } from "./engine.ts";
import { explainScore, type ScoreExplanation } from "./explain-score.ts";
import { featureRow } from "./feature-row.ts";
import { planScore, type PatientInputs } from "./inputs.ts";
import { scoreOf, type Score } from "./score.ts";

/** A patient's score and, where it was asked for, where in the tumour the risk comes from. */
export interface ExplainedScore {
  readonly score: Score;
  /** One for each phase with deep features; empty where it was not asked for. */
  readonly explanation: readonly ScoreExplanation[];
}

/** What is being done, for a screen. */
export interface ScoreStage {
  readonly stage: "features" | "score" | "explanation";
  readonly phase: string | null;
  readonly done: number;
  readonly total: number;
}

/**
 * Scores a patient as the study would have: the same preprocessing, features and fold models, to the last digit on the same backend and build.
 *
 * @throws ConfigError where the inputs are not those that the bundle asks for; IntakeError where a file cannot be used
 */
export async function scorePatient(
  bundle: Bundle,
  engine: ScoreEngine,
  inputs: PatientInputs,
  tell: (stage: ScoreStage) => void = () => {},
): Promise<Score> {
  return (await explainedScore(bundle, engine, inputs, false, tell)).score;
}

/** Scores a patient as `scorePatient` does, and explains the risk where that is asked for. */
export async function explainedScore(
  bundle: Bundle,
  engine: ScoreEngine,
  inputs: PatientInputs,
  explain: boolean,
  tell: (stage: ScoreStage) => void = () => {},
): Promise<ExplainedScore> {
  const tasks = await planScore(bundle, inputs);
  const total = tasks.length;
  const results = new Map<string, CaseResult>();
  for (const [done, task] of tasks.entries()) {
    tell({ stage: "features", phase: task.phase, done, total });
    results.set(task.phase, await computeCase(engine, task));
  }
  tell({ stage: "score", phase: null, done: total, total });
  const score = scoreOf(engine.core, bundle, inputs, results, engine.place);
  if (!explain) return { score, explanation: [] };
  tell({ stage: "explanation", phase: null, done: total, total });
  return { score, explanation: await explainScore(bundle, engine, tasks, featureRow(bundle, inputs, results)) };
}
