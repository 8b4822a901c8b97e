// The U-Net encoder on slices of 256 x 256 beside onnxruntime-node (CPU) and onnxruntime-web (WASM), the same weights in all.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { createEncoder, loadCore } from "@islet/core-wasm";
import type { EncoderSpec, SimdBuild } from "@islet/core-wasm";
import { writeOnnx } from "@islet/gpu-unet";
import * as native from "onnxruntime-node";
import * as web from "onnxruntime-web";

import { formulaCheckpoint } from "../helpers/formula-checkpoint.ts";
import { formulaEncoder, formulaSlices } from "../helpers/formula-weights.ts";
import { inTurns, printRow } from "./row.ts";

const SIDE = 256;
const BUILDS = ["relaxed", "simd"] as const satisfies SimdBuild[];
/** Slices that a worker gets at once in the rows of two threads. */
const SLICES = 3;

/** Two workers with an encoder each; the returned function lets both run SLICES slices. */
async function twoWorkers(baseWidth: number, build: SimdBuild) {
  const workers = [0, 1].map(
    () => new Worker(new URL("encoder-worker.ts", import.meta.url), { workerData: { baseWidth, build, side: SIDE, slices: SLICES } }),
  );
  await Promise.all(workers.map((worker) => once(worker, "message")));
  return {
    run: () =>
      Promise.all(
        workers.map((worker) => {
          const answer = once(worker, "message");
          worker.postMessage("run");
          return answer;
        }),
      ),
    end: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}

async function compare(baseWidth: number, rounds: number): Promise<void> {
  const spec: EncoderSpec = { levels: formulaEncoder(baseWidth, 1), activation: "elu", height: SIDE, width: SIDE };
  const slice = formulaSlices(SIDE * SIDE);
  const model = writeOnnx(formulaCheckpoint(baseWidth, 1, "elu"), { outputs: ["pooled"], size: { height: SIDE, width: SIDE } });

  const [relaxed, simd] = await Promise.all(BUILDS.map(async (build) => createEncoder(await loadCore(build), spec)));
  const workers = await Promise.all(BUILDS.map((build) => twoWorkers(baseWidth, build)));
  const [one, two] = await Promise.all(
    [1, 2].map((threads) => native.InferenceSession.create(model, { intraOpNumThreads: threads, interOpNumThreads: 1 })),
  );
  const inBrowser = await web.InferenceSession.create(model, { executionProviders: ["wasm"] });

  const nativeSlices = { slices: new native.Tensor("float32", slice, [1, 1, SIDE, SIDE]) };
  const webSlices = { slices: new web.Tensor("float32", slice, [1, 1, SIDE, SIDE]) };
  const peerPooled = (await one!.run(nativeSlices))["pooled"]!.data as Float32Array;
  const difference = Math.hypot(...relaxed!.encode(slice, 1).pooled.map((v, i) => v - peerPooled[i]!));
  const distance = (difference / Math.hypot(...peerPooled)).toExponential(1);

  const [oneRelaxed, oneSimd, twoRelaxed, twoSimd, nativeOne, nativeTwo, webTwo] = (await inTurns(rounds, [
    () => relaxed!.encode(slice, 1),
    () => simd!.encode(slice, 1),
    workers[0]!.run,
    workers[1]!.run,
    () => one!.run(nativeSlices),
    () => two!.run(nativeSlices),
    () => inBrowser.run(webSlices),
  ])) as [number[], number[], number[], number[], number[], number[], number[]];

  const single = "ms a slice, one slice a call";
  const paired = `ms a slice; ours: two workers, ${SLICES} slices a call each, wall time / ${2 * SLICES}; the peer: one slice a call on two threads`;
  const agreement = `pooled vectors agree to ${distance} (relative L2)`;
  const aSlice = (times: number[]) => times.map((ms) => ms / (2 * SLICES));
  const name = (threads: number, build: SimdBuild) =>
    `encoder ${SIDE} x ${SIDE}, base ${baseWidth}, ${threads} thread${threads > 1 ? "s" : ""}, ${build}`;
  printRow(name(1, "relaxed"), oneRelaxed, "onnxruntime-node CPU, 1 thread", nativeOne, `${single}; ${agreement}`);
  printRow(name(1, "simd"), oneSimd, "onnxruntime-node CPU, 1 thread", nativeOne, single);
  printRow(name(2, "relaxed"), aSlice(twoRelaxed), "onnxruntime-node CPU, 2 threads", nativeTwo, paired);
  printRow(name(2, "simd"), aSlice(twoSimd), "onnxruntime-node CPU, 2 threads", nativeTwo, paired);
  printRow(name(2, "relaxed"), aSlice(twoRelaxed), "onnxruntime-web WASM, 2 threads", webTwo, paired);
  printRow(name(2, "simd"), aSlice(twoSimd), "onnxruntime-web WASM, 2 threads", webTwo, paired);

  await Promise.all([...workers.map((w) => w.end()), one!.release(), two!.release(), inBrowser.release()]);
}

web.env.wasm.numThreads = 2;
await compare(16, 15);
await compare(64, 7);
process.exit(0);
