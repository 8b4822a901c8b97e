import { loadCore, type Core } from "@islet/core-wasm";
import type { Remote } from "comlink";
import { beforeAll, describe, expect, it } from "vitest";
import { createPool, type Pool } from "../host/pool.ts";
import { learnSchema } from "../learn/settings.ts";
import { randomFor, randomNormal } from "../random.ts";
import { learnModel, permutedOver } from "./learn-model.ts";
import { computeModel, type ModelTask } from "./model.ts";
import { createCaseWorker, type CaseWorker } from "./worker.ts";

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

const task = (permutations: number): ModelTask => {
  const random = randomFor(3, "learn-model");
  const ids = Array.from({ length: 24 }, (_, i) => `P${String(i).padStart(2, "0")}`);
  const outcome = ids.map((_, i) => Number(i < 9));
  return {
    model: "m",
    names: ["a", "b", "c"],
    always: [],
    categories: [],
    internal: { ids, values: ids.flatMap((_, i) => [0, 1, 2].map((j) => randomNormal(random) + (j ? 0 : outcome[i]!))) },
    outcome,
    external: null,
    seed: 1,
    learn: learnSchema.parse({ folds: 3, innerFolds: 2, classifier: { kind: "svm", kernels: ["linear"], C: [0.1, 1] }, permutations }),
  };
};

/** Workers of this thread that answer at different speeds, and what was asked of each. */
function workers(size: number): { pool: Pool<Remote<CaseWorker>>; asked: number[] } {
  const asked: number[] = [];
  const pool = createPool<Remote<CaseWorker>>(size, async () => {
    const seat = asked.push(0) - 1;
    const worker = createCaseWorker(() => Promise.reject(new Error("no files")));
    await worker.prepare({ backend: "wasm", inputSize: 16 });
    const api = {
      ...worker,
      async runPermutations(...share: Parameters<CaseWorker["runPermutations"]>) {
        asked[seat]!++;
        for (let k = 0; k < 3 * seat; k++) await Promise.resolve();
        return worker.runPermutations(...share);
      },
    };
    return { api: api as unknown as Remote<CaseWorker>, died: new Promise<never>(() => {}), terminate() {} };
  });
  return { pool, asked };
}

describe("a model over the pool", () => {
  it.each([1, 2, 3])("has the numbers of one thread on %i workers, which share its permutations", async (size) => {
    const { pool, asked } = workers(size);
    expect(await learnModel(task(25), { pool })).toEqual(computeModel(core, task(25)));
    expect(asked.filter((count) => count > 0)).toHaveLength(size);
  });

  it("draws nothing where no permutations are asked for", async () => {
    const { pool, asked } = workers(2);
    const result = await learnModel(task(0), { pool });
    expect(result).toEqual(computeModel(core, task(0)));
    expect(result.permutation).toBeUndefined();
    expect(asked.every((count) => count === 0)).toBe(true);
  });

  it("tells how many draws are done, and begins no share once the run is stopped", async () => {
    const { pool } = workers(2);
    const told: number[] = [];
    await permutedOver(task(20), { pool }, (done, of) => told.push(done / of));
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
    const { pool: other, asked } = workers(2);
    const stop = new AbortController();
    stop.abort();
    await expect(permutedOver(task(20), { pool: other, signal: stop.signal })).rejects.toThrow(/abort/i);
    expect(asked.every((count) => count === 0)).toBe(true);
  });
});
