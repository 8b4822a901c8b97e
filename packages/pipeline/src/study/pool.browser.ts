// Workers as Web Workers, spoken to over comlink.
import { wrap, type Remote } from "comlink";
import { createPool, WorkerDeath, type Pool } from "../host/pool.ts";
import type { CaseWorker, WorkerSettings } from "./worker.ts";

/** A pool of case workers of this page, each prepared with the same settings. */
export function createWebWorkerPool(size: number, settings: WorkerSettings): Pool<Remote<CaseWorker>> {
  return createPool(size, async () => {
    const worker = new Worker(new URL("./worker.browser.js", import.meta.url), { type: "module" });
    const died = new Promise<never>((_, reject) => {
      worker.addEventListener("error", (event) => reject(new WorkerDeath(event.message)), { once: true });
    });
    const api = wrap<CaseWorker>(worker);
    try {
      await Promise.race([api.prepare(settings), died]);
    } catch (error) {
      worker.terminate();
      throw error;
    }
    return { api, died, terminate: () => worker.terminate() };
  });
}
