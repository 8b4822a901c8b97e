// One patient from scans to a score: the core that the terminal, the page and the service share.
import type { Bundle } from "../study/bundle.ts";
import { computeCase, type CaseResult } from "../study/case.ts";
import type { ScoreEngine } from "./engine.ts";
import { planScore, type PatientInputs } from "./inputs.ts";
import { scoreOf, type Score } from "./score.ts";

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
  const tasks = await planScore(bundle, inputs);
  const results = new Map<string, CaseResult>();
  for (const [done, task] of tasks.entries()) {
    tell({ stage: "features", phase: task.phase, done, total: tasks.length });
    results.set(task.phase, await computeCase(engine, task));
  }
  tell({ stage: "score", phase: null, done: tasks.length, total: tasks.length });
  return scoreOf(engine.core, bundle, inputs, results, engine.place);
}
