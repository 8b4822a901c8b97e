// Workers as Node's worker threads, spoken to over comlink.
import { Worker } from "node:worker_threads";
import { wrap, type Remote } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { createPool, WorkerDeath, type Pool } from "./pool.ts";
import type { CaseWorker, WorkerSettings } from "./worker.ts";

/** A pool of case workers on threads of this process, each prepared with the same settings. */
export function createThreadPool(size: number, settings: WorkerSettings): Pool<Remote<CaseWorker>> {
  return createPool(size, async () => {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const thread = new Worker(new URL(`./worker.node.${extension}`, import.meta.url));
    let ending = false;
    const died = new Promise<never>((_, reject) => {
      thread.once("error", (error) => reject(new WorkerDeath(error.message, { cause: error })));
      thread.once("exit", (code) => ending || reject(new WorkerDeath(`exit code ${code}`)));
    });
    const api = wrap<CaseWorker>(nodeEndpoint(thread));
    const terminate = () => {
      ending = true;
      void thread.terminate();
    };
    try {
      await Promise.race([api.prepare(settings), died]);
    } catch (error) {
      terminate();
      throw error;
    }
    return { api, died, terminate };
  });
}
