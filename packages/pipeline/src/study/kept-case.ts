// A case from the cache, or computed and kept: what makes a run that was stopped go on where it was.
import type { Remote } from "comlink";
import type { Tuning } from "../deep/tuning.ts";
import { cacheKey, type Cache } from "../host/cache.ts";
import type { CaseResult, CaseTask } from "./case.ts";
import type { Json } from "../host/json.ts";
import type { Pool } from "../host/pool.ts";
import type { CaseWorker } from "./worker.ts";

/** What cases need of the world. */
export interface CaseHost {
  readonly cache: Cache;
  /** Identifies the engine's code, so that results of another version are never taken for this one's. */
  readonly engine: string;
  readonly backend: "webgpu" | "wasm";
  /** The record whose blocks the network's WebGPU kernels take. */
  readonly tuning?: Tuning;
  readonly pool: Pool<Remote<CaseWorker>>;
  /** SHA-256 over a file or over all files of a folder; rejects with an IntakeError where there is none. */
  hashInput(path: string): Promise<string>;
  readonly signal?: AbortSignal;
}

/** What became of a case. */
export interface KeptCase {
  /** Null where the case's own files are at fault. */
  readonly result: CaseResult | null;
  /** Whether an earlier run had computed it. */
  readonly cached: boolean;
  readonly hashes: readonly InputHash[];
  /** The sentence about the fault, with paths as the task has them. */
  readonly fault: string | null;
}

/** A case that could not even start. */
export const NOT_STARTED: KeptCase = { result: null, cached: false, hashes: [], fault: null };

/**
 * Runs a case on the pool unless the cache has it.
 *
 * A fault of the case's files becomes its `fault`; anything else (no disk, no adapter, a bug) rejects and so ends the run.
 *
 * @param network  identifies the weights; null where the case needs none
 */
export async function runKeptCase(task: CaseTask, network: string | null, host: CaseHost): Promise<KeptCase> {
  let hashes: InputHash[] = [];
  try {
    const { key, ...inputs } = await caseKey(task, network, host);
    hashes = inputs.hashes;
    const kept = (await host.cache.get(key)) as CaseResult | null;
    if (kept) return { result: kept, cached: true, hashes, fault: null };
    host.signal?.throwIfAborted();
    const result = await host.pool.run((worker) => worker.runCase(task));
    await host.cache.put(key, result as unknown as Json);
    return { result, cached: false, hashes, fault: null };
  } catch (failure) {
    if (!isOfThisCase(failure)) throw failure;
    return { result: null, cached: false, hashes, fault: (failure as Error).message };
  }
}

/** A fault of this patient's files is the patient's; anything else (no disk, no adapter, a bug) ends the run. */
function isOfThisCase(error: unknown): boolean {
  return (error as Error)?.name === "IntakeError" || (error as Error)?.name === "ConfigError";
}

/** The content of one input of one case; named by its role, since a path may tell who the patient is. */
export interface InputHash {
  readonly patient: string;
  readonly phase: string;
  readonly role: "image" | "mask" | "rough" | "roughFrom";
  readonly sha256: string;
}

/** The key of a case in the cache: its settings and the content of its files, whatever these are called. */
async function caseKey(
  task: CaseTask,
  network: string | null,
  host: Pick<CaseHost, "hashInput" | "engine" | "backend" | "tuning">,
): Promise<{ key: string; hashes: InputHash[] }> {
  const hashes: InputHash[] = [];
  const hashed = async (role: InputHash["role"], input: CaseTask["image"] | undefined) => {
    if (typeof input !== "string") return null;
    const sha = await host.hashInput(input);
    hashes.push({ patient: task.patient, phase: task.phase, role, sha256: sha });
    return sha;
  };
  const key = await cacheKey({
    kind: "case",
    engine: host.engine,
    backend: host.backend,
    network: task.wants.deep ? network : null,
    ...(host.tuning && task.wants.deep && { tuning: host.tuning as unknown as Json }),
    task: {
      ...task,
      image: await hashed("image", task.image),
      mask: task.mask && { ...task.mask, input: await hashed("mask", task.mask.input) },
      rough: task.rough && (await hashed("rough", task.rough)),
      roughFrom: task.roughFrom && { ...task.roughFrom, mask: await hashed("roughFrom", task.roughFrom.mask) },
    } as unknown as Json,
  });
  return { key, hashes };
}

/** Runs jobs with a bounded number in flight, started in order; the first failure stops the rest. */
export async function inOrder<T>(jobs: readonly T[], inFlight: number, run: (job: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (next < jobs.length && !failed) {
      try {
        await run(jobs[next++]!);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}
