// What a case is found again by, and what a fault of its files becomes.
import type { Remote } from "comlink";
import { expect, test } from "vitest";
import type { Tuning } from "../deep/tuning.ts";
import { IntakeError } from "../errors.ts";
import type { Json } from "../host/json.ts";
import type { CaseTask } from "./case.ts";
import { runKeptCase, type CaseHost } from "./kept-case.ts";
import type { CaseWorker } from "./worker.ts";

const tuning: Tuning = {
  format: "islet-tuning/1",
  adapter: { vendor: "v", architecture: "a", device: "d", description: "A GPU" },
  clock: "wall",
  choices: [],
};

/** A case of deep features, unless it says otherwise. */
function task(more: Partial<CaseTask> = {}): CaseTask {
  const preprocess = { spacing: 1, window: { level: 40, width: 400 } } as unknown as CaseTask["preprocess"];
  return {
    patient: "P1",
    phase: "arterial",
    image: "scan.nii",
    rough: "rough.json",
    preprocess,
    inputSize: 16,
    seed: 1,
    wants: { deep: true },
    ...more,
  };
}

/** A cache, and a host over it whose worker answers with the number of cases that it has run, or throws. */
function machine(fault?: Error): { host: CaseHost; kept: Map<string, Json>; ran: () => number } {
  const kept = new Map<string, Json>();
  let ran = 0;
  const runCase = async () => {
    if (fault) throw fault;
    return { run: ++ran };
  };
  const host: CaseHost = {
    cache: { get: async (key) => kept.get(key) ?? null, put: async (key, value) => void kept.set(key, value) },
    engine: "e1",
    backend: "webgpu",
    pool: { run: (job: (worker: Remote<CaseWorker>) => unknown) => job({ runCase } as unknown as Remote<CaseWorker>) } as CaseHost["pool"],
    hashInput: async (path) => `content of ${path}`,
  };
  return { host, kept, ran: () => ran };
}

test("a case is found again under the same files, settings, network, engine, backend and tuning, whatever its files are called", async () => {
  const { host, ran } = machine();
  const tuned = { ...host, tuning };
  const first = await runKeptCase(task(), "weights", tuned);
  expect(first).toMatchObject({ cached: false, fault: null });
  expect(await runKeptCase(task(), "weights", tuned)).toEqual({ ...first, cached: true });
  const renamed = { ...tuned, hashInput: (path: string) => host.hashInput(path.replace("other/", "")) };
  expect(await runKeptCase(task({ image: "other/scan.nii" }), "weights", renamed)).toMatchObject({ cached: true });
  expect(ran()).toBe(1);
});

test.each<[string, (host: CaseHost) => CaseHost, Partial<CaseTask>, string]>([
  ["tuning", (host) => ({ ...host, tuning: { ...tuning, clock: "timestamp-query" } }), {}, "weights"],
  [
    "machine that takes no tuning",
    ({ cache, engine, backend, pool, hashInput }) => ({ cache, engine, backend, pool, hashInput }),
    {},
    "weights",
  ],
  ["engine", (host) => ({ ...host, engine: "e2" }), {}, "weights"],
  ["backend", (host) => ({ ...host, backend: "wasm" }), {}, "weights"],
  ["network", (host) => host, {}, "other weights"],
  ["scan", (host) => host, { image: "other.nii" }, "weights"],
  ["setting", (host) => host, { inputSize: 32 }, "weights"],
])("a case is computed again with another %s", async (_what, change, more, network) => {
  const { host, kept } = machine();
  await runKeptCase(task(), "weights", { ...host, tuning });
  expect(await runKeptCase(task(more), network, change({ ...host, tuning }))).toMatchObject({ cached: false });
  expect(kept.size).toBe(2);
});

test("a case without deep features depends on no network and no tuning", async () => {
  const { host, ran } = machine();
  const measured = task({ wants: { deep: false } });
  await runKeptCase(measured, "weights", { ...host, tuning });
  expect(await runKeptCase(measured, "other weights", host)).toMatchObject({ cached: true });
  expect(ran()).toBe(1);
});

test("a fault of the case's files is its sentence, with the inputs that were read, and is not kept", async () => {
  const { host, kept } = machine(new IntakeError("scan.nii", "is empty"));
  expect(await runKeptCase(task(), "weights", host)).toEqual({
    result: null,
    cached: false,
    hashes: [
      { patient: "P1", phase: "arterial", role: "image", sha256: "content of scan.nii" },
      { patient: "P1", phase: "arterial", role: "rough", sha256: "content of rough.json" },
    ],
    fault: "scan.nii: is empty",
  });
  expect(kept.size).toBe(0);
});

test("any other fault ends the run", async () => {
  const { host } = machine(new Error("no space left on device"));
  await expect(runKeptCase(task(), "weights", host)).rejects.toThrow("no space left on device");
});
