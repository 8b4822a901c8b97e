// One worker thread of this process, spoken to over comlink.
import { Worker } from "node:worker_threads";
import { wrap, type Remote } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { WorkerDeath, type PoolWorker } from "./pool.ts";

/**
 * Starts a thread and makes it ready.
 *
 * @param entry    the source of the module that the thread runs, such as `new URL("../study/worker.node.ts", import.meta.url)`; a built package runs what was built of it
 * @param prepare  called once, before the thread is given out; where it fails, the thread is ended
 */
export async function startThread<Api>(entry: URL, prepare: (api: Remote<Api>) => Promise<unknown>): Promise<PoolWorker<Remote<Api>>> {
  const thread = new Worker(import.meta.url.endsWith(".ts") ? entry : new URL(entry.href.replace(/\.ts$/, ".js")));
  let ending = false;
  const died = new Promise<never>((_, reject) => {
    thread.once("error", (error) => reject(new WorkerDeath(error.message, { cause: error })));
    thread.once("exit", (code) => ending || reject(new WorkerDeath(`exit code ${code}`)));
  });
  died.catch(() => {});
  const api = wrap<Api>(nodeEndpoint(thread));
  const terminate = () => {
    ending = true;
    void thread.terminate();
  };
  try {
    await Promise.race([prepare(api), died]);
  } catch (error) {
    terminate();
    throw error;
  }
  return { api, died, terminate };
}
