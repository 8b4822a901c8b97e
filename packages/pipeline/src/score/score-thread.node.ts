// A patient's files scored on a thread, so that whoever asked can go on, and stop it.
import { proxy } from "comlink";
import { untilDeath } from "../host/pool.ts";
import { startThread } from "../host/thread.node.ts";
import type { FileScore, ScoreFiles, ScoreFilesOptions } from "./score-files.node.ts";
import type { ScoreWorker } from "./score-worker.node.ts";

/**
 * `scoreFiles` on a thread of its own, which ends with it.
 *
 * @param signal  ends the thread, and the score with an AbortError
 * @throws what `scoreFiles` does, by name and message; DeviceError where the thread died
 */
export async function scoreFilesApart(
  given: ScoreFiles & { readonly model: string },
  { tell = () => {}, ...options }: ScoreFilesOptions,
  signal: AbortSignal,
): Promise<FileScore> {
  signal.throwIfAborted();
  const { api, died, terminate } = await startThread<ScoreWorker>(new URL("./score-worker.node.ts", import.meta.url), async () => {});
  const stopped = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([untilDeath(died)(api.score(given, options, proxy(tell))), stopped]);
  } finally {
    terminate();
  }
}
