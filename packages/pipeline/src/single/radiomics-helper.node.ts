// The entry of the thread that helps with a region's features.
import { parentPort } from "node:worker_threads";
import { loadCore } from "@islet/core-wasm";
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { createHelper, type HelperApi } from "../radiomics/helper.ts";

if (!parentPort) throw new Error("radiomics-helper.node runs as a worker thread only");
const helper = loadCore().then(createHelper);
const api: HelperApi = { share: async (offer) => (await helper).share(offer), measure: async (offer) => (await helper).measure(offer) };
expose(api, nodeEndpoint(parentPort));
