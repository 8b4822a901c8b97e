// Workers as Node's worker threads, spoken to over comlink.
import type { Remote } from "comlink";
import { createPool, type Pool } from "../host/pool.ts";
import { startThread } from "../host/thread.node.ts";
import type { CaseWorker, WorkerSettings } from "./worker.ts";

/** A pool of case workers on threads of this process, each prepared with the same settings. */
export function createThreadPool(size: number, settings: WorkerSettings): Pool<Remote<CaseWorker>> {
  return createPool(size, () => startThread<CaseWorker>(new URL("./worker.node.ts", import.meta.url), (api) => api.prepare(settings)));
}
