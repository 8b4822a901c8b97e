// A network in training on threads of this process.
import { addShares, batchShares, type GradientSum } from "@islet/core-wasm";
import { transfer } from "comlink";
import { untilDeath } from "../../host/pool.ts";
import { startThread } from "../../host/thread.node.ts";
import type { TrainerMaker } from "./slice-trainer.ts";
import type { TrainingWorker } from "./worker.ts";

/**
 * A trainer that shares each batch among worker threads.
 *
 * Each thread holds the whole network and sums the gradients of its branches of the batch; the sums are added in the order of the branches
 * and every thread takes the same step. The tree of sums is that of one thread, so the number of threads does not change a bit.
 *
 * @param threads  1 or more; more than the batch has slices are of no use
 */
export function threadedTrainer(threads: number): TrainerMaker {
  return async (checkpoint, settings) => {
    const count = Math.max(1, Math.min(threads, settings.batch));
    let build = "";
    const { architecture, tensors } = checkpoint;
    const entry = new URL("./worker.node.ts", import.meta.url);
    const workers = await Promise.all(
      Array.from({ length: count }, () =>
        startThread<TrainingWorker>(entry, async (api) => {
          ({ build } = await api.prepare({ architecture, tensors }, settings));
        }),
      ),
    );
    const crew = workers.map(({ api, died }) => ({ api, orDeath: untilDeath(died) }));
    type Job<T> = (api: (typeof workers)[number]["api"]) => Promise<T>;
    const on = <T>(i: number, job: Job<T>) => crew[i % count]!.orDeath(job(crew[i % count]!.api));
    /** Runs jobs, each on the thread whose turn it is; a thread that dies fails them all. */
    const together = <T>(jobs: readonly Job<T>[]) => Promise.all(jobs.map((job, i) => on(i, job)));
    const alone = <T>(job: Job<T>) => on(0, job);

    return {
      backend: "wasm",
      device: `wasm (${build} SIMD), ${count} thread${count === 1 ? "" : "s"}`,
      async step(slices, labels, learningRate) {
        const pixels = settings.size ** 2;
        const held = labels.length / pixels;
        const channels = slices.length / labels.length;
        const scales = await alone((api) => api.scalesOf(labels));
        const sums = await together(
          batchShares(held, count).map(([from, to]) => async (api): Promise<GradientSum | null> => {
            if (from === to) return null;
            const part = slices.slice(from * pixels * channels, to * pixels * channels);
            return api.gradientsOf(transfer(part, [part.buffer]), labels.slice(from * pixels, to * pixels), scales);
          }),
        );
        const { gradient, loss } = addShares(sums);
        await together(workers.map(() => (api) => api.update(gradient, learningRate)));
        return { loss };
      },
      async logits(slices, held) {
        const size = slices.length / held;
        const parts = await together(
          batchShares(held, count).map(([from, to]) => async (api) => {
            const part = slices.slice(from * size, to * size);
            return from === to ? new Float32Array() : api.logits(transfer(part, [part.buffer]), to - from);
          }),
        );
        const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
        let at = 0;
        for (const part of parts) {
          all.set(part, at);
          at += part.length;
        }
        return all;
      },
      weights: () => alone((api) => api.weights()),
      state: () => alone((api) => api.state()),
      destroy() {
        for (const { terminate } of workers) terminate();
      },
    };
  };
}
