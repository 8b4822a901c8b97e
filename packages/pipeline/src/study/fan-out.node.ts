// The cases of a study one by one, for who spreads them over machines: each goes to the cache that the study's own run then finds it in.
import type { Remote } from "comlink";
import { resolveBackend, type BackendChoice } from "../deep/encode.ts";
import { loadWeights, weightsHash } from "../deep/weights.ts";
import { pathFrom } from "../intake/named-file.node.ts";
import { readSource } from "../intake/source.node.ts";
import { folderCache } from "../host/cache.node.ts";
import { engineHash, hashInput } from "../host/hash.node.ts";
import { runKeptCase, type CaseHost } from "./kept-case.ts";
import { planCases } from "./plan-cases.ts";
import type { Pool } from "../host/pool.ts";
import { loadStudy, weightsOf } from "./run.node.ts";
import { createCaseWorker, type CaseWorker, type WorkerSettings } from "./worker.ts";

/** The cases of a study, to be run in any order and by several processes that share the cache's folder. */
export interface StudyCases {
  readonly cases: readonly { readonly patient: string; readonly phase: string }[];
  /** Computes one case, or finds it. `error` is the sentence where its files are at fault; anything else rejects. */
  run(index: number): Promise<{ readonly cached: boolean; readonly warnings: number; readonly error: string | null }>;
}

/**
 * Opens a study for its cases alone.
 *
 * @param options.cache  the folder that `runStudyFile` is given as well
 */
export async function openStudyCases(
  file: string,
  options: { readonly cache: string; readonly backend?: BackendChoice },
): Promise<StudyCases> {
  const { study, cohort, folder } = await loadStudy(file);
  const weights = await weightsOf(study, folder);
  const backend = weights ? await resolveBackend(options.backend ?? "auto") : "wasm";
  const jobs = planCases(study, cohort, { resolve: pathFrom });
  const host: CaseHost = {
    cache: folderCache(options.cache),
    engine: await engineHash(),
    backend,
    pool: inThisThread({ backend, inputSize: study.deep.inputSize, ...(weights && { weights }) }),
    hashInput,
  };
  if (weights) loadWeights(weights);
  const network = weights ? await weightsHash(weights) : null;
  return {
    cases: jobs.map(({ patient, phase }) => ({ patient: patient.id, phase })),
    async run(index) {
      const { task, missing } = jobs[index]!;
      if (missing !== null) return { cached: false, warnings: 0, error: missing };
      const { result, cached, fault } = await runKeptCase(task, network, host);
      return { cached, warnings: result?.warnings.length ?? 0, error: fault };
    },
  };
}

/** A pool of one, in this very thread, made ready when its first case comes. */
function inThisThread(settings: WorkerSettings): Pool<Remote<CaseWorker>> {
  const worker = createCaseWorker(readSource);
  let ready: Promise<unknown> | null = null;
  return {
    size: 1,
    async run(job) {
      await (ready ??= worker.prepare(settings));
      return job(worker as unknown as Remote<CaseWorker>);
    },
    close() {},
  };
}
