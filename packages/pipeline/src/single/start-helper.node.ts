// A thread of this process that helps with one region after another.
import { Worker } from "node:worker_threads";
import { wrap } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { Helper, type HelperApi } from "../radiomics/helper.ts";
import { untilDeath, WorkerDeath } from "../host/pool.ts";

/**
 * Starts a helper. It need not be waited for: until it is ready, and where it cannot start or has died, the asking thread does all by itself.
 * It keeps the process alive only while it has a region.
 */
export function startHelper(): { readonly helper: Helper; end(): void } {
  const entry = new URL("./radiomics-helper.node.ts", import.meta.url);
  const thread = new Worker(import.meta.url.endsWith(".ts") ? entry : new URL(entry.href.replace(/\.ts$/, ".js")));
  thread.unref();
  const died = new Promise<never>((_, reject) => {
    thread.once("error", (error) => reject(new WorkerDeath(error.message, { cause: error })));
    thread.once("exit", (code) => reject(new WorkerDeath(`exit code ${code}`)));
  });
  const orDeath = untilDeath(died);
  const api = wrap<HelperApi>(nodeEndpoint(thread));
  let asked = 0;
  // The process waits for what it has asked for.
  const awaited = <T>(answer: Promise<T>): Promise<T> => {
    if (asked++ === 0) thread.ref();
    return orDeath(answer).finally(() => {
      if (--asked === 0) thread.unref();
    });
  };
  const helper = new Helper(
    (offer) => awaited(api.share(offer)),
    (offer) => awaited(api.measure(offer)),
  );
  return { helper, end: () => void thread.terminate() };
}
