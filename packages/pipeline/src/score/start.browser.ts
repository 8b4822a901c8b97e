// A page's score worker, spoken to over comlink.
import { wrap, type Remote } from "comlink";
import { untilDeath, WorkerDeath } from "../study/pool.ts";
import type { ScoreWorker } from "./worker.ts";

/** A worker that scores, and its end: `terminate` is how a score is cancelled. */
export interface StartedScoreWorker {
  readonly api: Remote<ScoreWorker>;
  /** A call's result, or a rejection where the worker dies. */
  orDeath<T>(job: Promise<T>): Promise<T>;
  terminate(): void;
}

/** Starts a score worker of this page. */
export function startScoreWorker(): StartedScoreWorker {
  const worker = new Worker(new URL("./worker.browser.js", import.meta.url), { type: "module" });
  const died = new Promise<never>((_, reject) => {
    worker.addEventListener("error", (event) => reject(new WorkerDeath(event.message)), { once: true });
  });
  died.catch(() => {});
  return { api: wrap<ScoreWorker>(worker), orDeath: untilDeath(died), terminate: () => worker.terminate() };
}
