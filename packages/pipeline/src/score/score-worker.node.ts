// The entry of a thread that scores a patient's files.
import { parentPort } from "node:worker_threads";
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { scoreFiles, type FileScore, type ScoreFiles, type ScoreFilesOptions } from "./score-files.node.ts";

/** The interface that its starter speaks to. */
export interface ScoreWorker {
  score(
    given: ScoreFiles & { readonly model: string },
    options: Omit<ScoreFilesOptions, "tell">,
    tell: NonNullable<ScoreFilesOptions["tell"]>,
  ): Promise<FileScore>;
}

if (!parentPort) throw new Error("score-worker.node runs as a worker thread only");
const worker: ScoreWorker = { score: (given, options, tell) => scoreFiles(given, { ...options, tell }) };
expose(worker, nodeEndpoint(parentPort));
