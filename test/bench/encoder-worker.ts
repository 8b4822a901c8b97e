// One of the bench's workers: an encoder in a core of its own, which runs its slices at every message.
import { parentPort, workerData } from "node:worker_threads";
import { createEncoder, loadCore } from "@islet/core-wasm";
import type { SimdBuild } from "@islet/core-wasm";
import { formulaEncoder, formulaSlices } from "../helpers/formula-weights.ts";

const { baseWidth, build, side, slices } = workerData as { baseWidth: number; build: SimdBuild; side: number; slices: number };
const encoder = createEncoder(await loadCore(build), {
  levels: formulaEncoder(baseWidth, 1),
  activation: "elu",
  height: side,
  width: side,
});
const input = formulaSlices(slices * side * side);
parentPort!.on("message", () => {
  encoder.encode(input, slices);
  parentPort!.postMessage("done");
});
parentPort!.postMessage("ready");
