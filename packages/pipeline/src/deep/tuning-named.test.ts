// `--tuning auto`: a record is measured once for an adapter, a network and the code, and found again.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keptTuning, tuningNamed, type TunedNetwork, type TuningMachine } from "./tuning-named.node.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-tuning-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const network: TunedNetwork = {
  architecture: { baseWidth: 4, inChannels: 1, classes: 2, activation: "elu" },
  inputSize: 64,
  use: "encoder",
};

/** A machine with one adapter, which counts its measurements. */
function machine(device: string, engine = "e1"): TuningMachine & { measured: () => number } {
  let measured = 0;
  const adapter = { vendor: "v", architecture: "a", device, description: "A GPU", isSoftware: false };
  const shape = { CI: 4, CO: 4, H: 64, W: 64, K: 3 };
  const choices = [{ kernel: "conv2d-forward" as const, shape, block: { LANES_X: 4, LANES_Y: 16, DEPTH: 4 }, ms: 1, standardMs: 1 }];
  return {
    folder,
    adapter,
    engine,
    measured: () => measured,
    measure: async () => {
      measured++;
      const { isSoftware: _, ...identity } = adapter;
      return { format: "islet-tuning/1", adapter: identity, clock: "wall", choices };
    },
  };
}

test("a record is measured once, and once more for another use, size, batch, adapter or engine", async () => {
  const here = machine("one");
  const first = await keptTuning(network, here);
  expect(await keptTuning(network, here)).toEqual(first);
  expect(here.measured()).toBe(1);
  const others: Partial<TunedNetwork>[] = [{ use: "training" }, { inputSize: 128 }, { batch: 8 }];
  for (const other of others) await keptTuning({ ...network, ...other }, here);
  expect(here.measured()).toBe(4);
  const [elsewhere, later] = [machine("two"), machine("one", "e2")];
  await keptTuning(network, elsewhere);
  await keptTuning(network, later);
  expect([elsewhere.measured(), later.measured()]).toEqual([1, 1]);
  expect(await readdir(folder)).toHaveLength(6);
});

test("a damaged record is measured again and replaced", async () => {
  const here = machine("three");
  const before = new Set(await readdir(folder));
  const tuning = await keptTuning(network, here);
  const file = join(
    folder,
    (await readdir(folder)).find((name) => !before.has(name))!,
  );
  await writeFile(file, "{");
  expect(await keptTuning(network, here)).toEqual(tuning);
  expect(here.measured()).toBe(2);
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual(tuning);
});

test("auto is no record on WASM, where a file is refused", async () => {
  const never = () => expect.unreachable();
  expect(await tuningNamed("auto", "wasm", never)).toBeNull();
  expect(await tuningNamed(undefined, "wasm", never)).toBeNull();
  const file = join(folder, "record.json");
  const here = machine("four");
  await writeFile(file, JSON.stringify(await here.measure(network)));
  await expect(tuningNamed(file, "wasm", never)).rejects.toMatchObject({
    name: "ConfigError",
    message: expect.stringContaining("the record is for WebGPU, and the network runs on WASM here"),
  });
});
