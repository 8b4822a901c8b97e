// The entry of a worker thread.
import { parentPort } from "node:worker_threads";
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { readSource } from "../intake/source.node.ts";
import { createCaseWorker } from "./worker.ts";

if (!parentPort) throw new Error("worker.node runs as a worker thread only");
expose(createCaseWorker(readSource), nodeEndpoint(parentPort));
