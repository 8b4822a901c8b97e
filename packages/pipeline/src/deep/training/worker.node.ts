// The entry of a training's worker thread.
import { parentPort } from "node:worker_threads";
import { expose, transfer } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { createTrainingWorker } from "./worker.ts";

if (!parentPort) throw new Error("worker.node runs as a worker thread only");
expose(createTrainingWorker(transfer), nodeEndpoint(parentPort));
