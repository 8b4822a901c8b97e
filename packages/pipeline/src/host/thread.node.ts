// One worker thread of this process, spoken to over comlink.
import { Worker } from "node:worker_threads";
import { wrap, type Remote } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { WorkerDeath, type PoolWorker } from "./pool.ts";

/** A thread that has been started, and need not be ready yet. */
export interface StartingThread<Api> extends PoolWorker<Remote<Api>> {
  /** Lets the process end while the thread runs. */
  unref(): void;
}

/**
 * Starts a thread without waiting for it: what is asked of `api` is answered once it is ready, or never where `died` rejects.
 *
 * @param entry  the source of the module that the thread runs, such as `new URL("../study/worker.node.ts", import.meta.url)`; a built package runs what was built of it
 */
export function openThread<Api>(entry: URL): StartingThread<Api> {
  const thread = new Worker(import.meta.url.endsWith(".ts") ? entry : new URL(entry.href.replace(/\.ts$/, ".js")));
  let ending = false;
  const died = new Promise<never>((_, reject) => {
    thread.once("error", (error) => reject(new WorkerDeath(error.message, { cause: error })));
    thread.once("exit", (code) => ending || reject(new WorkerDeath(`exit code ${code}`)));
  });
  died.catch(() => {});
  const terminate = () => {
    ending = true;
    void thread.terminate();
  };
  return { api: wrap<Api>(nodeEndpoint(thread)), died, terminate, unref: () => thread.unref() };
}

/**
 * Starts a thread and makes it ready.
 *
 * @param entry    as for `openThread`
 * @param prepare  called once, before the thread is given out; where it fails, the thread is ended
 */
export async function startThread<Api>(entry: URL, prepare: (api: Remote<Api>) => Promise<unknown>): Promise<PoolWorker<Remote<Api>>> {
  const { api, died, terminate } = openThread<Api>(entry);
  try {
    await Promise.race([prepare(api), died]);
  } catch (error) {
    terminate();
    throw error;
  }
  return { api, died, terminate };
}
