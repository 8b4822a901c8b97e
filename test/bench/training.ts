// A training step of the whole U-Net at base width 16 (forward, backward, Adam) on slices of 256 x 256, beside PyTorch on the CPU.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { addShares, createTrainer, loadCore } from "@islet/core-wasm";
import type { GradientSum, SimdBuild } from "@islet/core-wasm";
import { parameterTable } from "@islet/gpu-unet";
import { formulaUNet } from "../helpers/formula-checkpoint.ts";
import { formulaLabels, formulaSlices } from "../helpers/formula-weights.ts";
import { pythonBench } from "./python.ts";
import { inTurns, printRow } from "./row.ts";

const [BASE, SIDE, BATCH, ROUNDS] = [16, 256, 4, 5];

/** Two workers with half the batch each; the returned function takes one step. */
async function twoWorkers(build: SimdBuild) {
  const workerData = {
    baseWidth: BASE,
    build,
    side: SIDE,
    slices: BATCH / 2,
    scales: { pixel: 1 / (BATCH * SIDE * SIDE), slice: 1 / BATCH },
  };
  const workers = [0, 1].map(() => new Worker(new URL("training-worker.ts", import.meta.url), { workerData }));
  await Promise.all(workers.map((worker) => once(worker, "message")));
  const ask = <T>(message: Float32Array | null) =>
    Promise.all(
      workers.map(async (worker) => {
        const answer = once(worker, "message");
        worker.postMessage(message);
        return (await answer)[0] as T;
      }),
    );
  return {
    step: async () => ask(addShares(await ask<GradientSum>(null)).gradient),
    end: () => Promise.all(workers.map((w) => w.terminate())),
  };
}

async function compare(build: SimdBuild, peer: { version: string; one: number[]; two: number[] } | null): Promise<void> {
  const architecture = { baseWidth: BASE, inChannels: 1, classes: 2, activation: "elu" } as const;
  const { tensors: weights } = formulaUNet(architecture, parameterTable(architecture));
  const trainer = createTrainer(await loadCore(build), {
    weights,
    activation: "elu",
    height: SIDE,
    width: SIDE,
    batch: BATCH,
    learningRate: 1e-5,
  });
  const [slices, labels] = [formulaSlices(BATCH * SIDE * SIDE), formulaLabels(BATCH * SIDE * SIDE, 0.3)];
  const workers = await twoWorkers(build);
  const [one, two] = (await inTurns(ROUNDS, [() => trainer.step(slices, labels), workers.step])) as [number[], number[]];
  await workers.end();

  const name = (threads: string) => `U-Net training step, base ${BASE}, ${BATCH} slices of ${SIDE} x ${SIDE}, ${threads}, ${build}`;
  const torch = peer ? `PyTorch ${peer.version} CPU` : "PyTorch CPU";
  const note = "ms for a step with all its slices; the peer was timed by itself, before";
  printRow(name("1 thread"), one, `${torch}, 1 thread`, peer?.one ?? [], note);
  printRow(name("2 threads"), two, `${torch}, 2 threads`, peer?.two ?? [], `${note}; ours: two workers with half the batch each`);
}

const peer = pythonBench<{ version: string; one: number[]; two: number[] }>(
  "torch_training.py",
  "torch",
  [BASE, SIDE, BATCH, ROUNDS].map(String),
);
await compare("relaxed", peer);
await compare("simd", peer);
