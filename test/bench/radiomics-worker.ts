// One of the bench's workers: computes its case, file to features, at every message.
import { parentPort, workerData } from "node:worker_threads";
import { loadCore } from "@islet/core-wasm";
import type { RadiomicsPlan } from "@islet/pipeline";
import { radiomicsCase } from "@islet/pipeline/node";

const { image, mask, plan } = workerData as { image: string; mask: string; plan: RadiomicsPlan };
const core = await loadCore();
parentPort!.on("message", () => {
  void radiomicsCase({ image, mask }, plan, { core }).then(() => parentPort!.postMessage("done"));
});
parentPort!.postMessage("ready");
