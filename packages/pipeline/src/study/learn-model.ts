// One model over the worker pool: its cross-validation on one worker, its permutation test dealt over all.
import type { Remote } from "comlink";
import type { Pool } from "../host/pool.ts";
import { judgedByPermutations } from "../learn/validate/permutation.ts";
import type { ModelResult, ModelTask } from "./model.ts";
import type { CaseWorker } from "./worker.ts";

/** What learning needs of the world. */
interface Learners {
  readonly pool: Pool<Remote<CaseWorker>>;
  readonly signal?: AbortSignal;
}

/** So many shares a worker: the last ones end nearly together, and a run that is stopped waits for no more than one of them. */
const SHARES = 8;

/** Computes a model; to the bits of `computeModel` on one thread, whatever the number of workers. */
export async function learnModel(task: ModelTask, host: Learners): Promise<ModelResult> {
  const { learn } = task;
  const result = await host.pool.run((worker) => worker.runModel({ ...task, learn: { ...learn, permutations: 0 } }));
  if (learn.permutations === 0) return result;
  return { ...result, permutation: judgedByPermutations(result.crossValidation.auc.value, await permutedOver(task, host)) };
}

/**
 * The AUCs of all draws of a task's permutation test, in their order.
 *
 * @param onDone  called after each share
 */
export async function permutedOver(
  task: ModelTask,
  { pool, signal }: Learners,
  onDone: (done: number, of: number) => void = () => {},
): Promise<number[]> {
  const { permutations } = task.learn;
  const each = Math.ceil(permutations / (SHARES * pool.size));
  let done = 0;
  const shares = Array.from({ length: Math.ceil(permutations / each) }, async (_, i) => {
    const [from, to] = [i * each, Math.min(permutations, (i + 1) * each)];
    const aucs = await pool.run((worker) => {
      signal?.throwIfAborted();
      return worker.runPermutations(task, from, to);
    });
    onDone((done += to - from), permutations);
    return aucs;
  });
  return (await Promise.all(shares)).flat();
}
