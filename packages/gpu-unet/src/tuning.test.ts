// Choosing the convolutions' blocks: what it may not change, what it measures, and which records are refused.
import { afterAll, describe, expect, test, vi } from "vitest";
import { expectClose } from "../../../test/helpers/close.ts";
import { testDevice } from "../../../test/helpers/device.ts";
import { formulaCheckpoint } from "../../../test/helpers/formula-checkpoint.ts";
import { formulaSlices } from "../../../test/helpers/formula-weights.ts";
import { CaseDevice } from "../../../test/ops/case.ts";
import { convTranspose2dCases } from "../../../test/ops/conv-transpose2d.ts";
import { conv2dCases } from "../../../test/ops/conv2d.ts";
import { requestGpu } from "./adapter.ts";
import { candidates, exceeds } from "./blocks.ts";
import type { Blocks, LayerShape, TunableKernel } from "./blocks.ts";
import { createGpuEncoder } from "./encoder.ts";
import { tuneKernels } from "./tune.ts";
import { readTuning } from "./read-tuning.ts";
import { adapterIdentity, choiceKey, shapeClass } from "./tuning.ts";
import type { Tuning } from "./tuning.ts";
import { tuningJobs } from "./tuning-jobs.ts";

const gpu = await testDevice(() => requestGpu({ allowSoftware: true, tunes: true }));
afterAll(() => gpu?.destroy());

const architecture = { baseWidth: 1, inChannels: 1, classes: 2, activation: "elu" } as const;
const kernelNames = Object.keys(candidates) as TunableKernel[];

/** Makes every layer take the i-th candidate that fits its kernel. */
function takeCandidate(i: number): void {
  vi.spyOn(gpu!, "block").mockImplementation(<K extends TunableKernel>(kernel: K, shape: LayerShape): Blocks[K] => {
    const fitting = candidates[kernel].filter((block) => !exceeds(kernel, block, shape, gpu!.device));
    return fitting[i % fitting.length]!;
  });
}

describe.skipIf(!gpu)("every candidate block", () => {
  const most = Math.max(...kernelNames.map((kernel) => candidates[kernel].length));
  test.each(Array.from({ length: most - 1 }, (_, i) => i + 1))(
    "number %i gives the convolutions' results within their bounds",
    async (i) => {
      takeCandidate(i);
      // The sizes with several tiles and remainders in every direction, K from 1 to 7, and long rows.
      const cases = [...conv2dCases, ...convTranspose2dCases].filter(({ title }) =>
        /33 x 18|34 x 69|19 x 18|N 3, CI 7|K 5|K 7|CI 9|3 x 133|7 x 11|2 x 67/.test(title),
      );
      expect(cases.length).toBeGreaterThan(8);
      for (const { run } of cases) for (const claim of await run(new CaseDevice(gpu!))) expectClose(claim.got, claim.want, claim);
      vi.restoreAllMocks();
    },
  );
});

describe.skipIf(!gpu)("a tuning on the device", () => {
  let tuning: Tuning;

  test("chooses a fitting block for each job, and names the adapter", async () => {
    const seen: string[] = [];
    // The first layer of each kernel is enough here: a software adapter takes minutes for a whole network.
    const all = tuningJobs({ architecture, height: 16, width: 16, use: "training" });
    const first = (name: TunableKernel) => all.find(({ kernel }) => kernel === name)!;
    // Those with which Winograd's method competes are of its layer. Half precision is not for a training: see precision.test.ts.
    const rivals: Partial<Record<TunableKernel, TunableKernel>> = {
      "conv2d-forward": "winograd-product",
      "conv2d-backward-input": "winograd-backward-input",
    };
    const jobs = kernelNames
      .filter((name) => name !== "conv2d-forward-f16")
      .map((name) => {
        const { shape } = first(rivals[name] ?? name);
        return all.find((job) => job.kernel === name && choiceKey(name, job.shape) === choiceKey(name, shape))!;
      });
    tuning = await tuneKernels(gpu!, jobs, 1, (_done, _all, what) => void seen.push(what));
    expect(tuning.adapter).toEqual(adapterIdentity(gpu!.info));
    expect(seen).toEqual(jobs.map(({ kernel, shape }) => choiceKey(kernel, shape)));
    // Winograd's method is kept where it is faster than the direct sum, which may be or not.
    const chosen = new Map(tuning.choices.map((choice) => [choice.kernel, choice]));
    expect([...chosen.keys()]).toEqual(
      jobs.flatMap(({ kernel }) => (chosen.has(kernel) || !kernel.startsWith("winograd") ? [kernel] : [])),
    );
    for (const [direct, winograd] of Object.entries(rivals)) {
      const { ms } = chosen.get(direct as TunableKernel)!;
      expect(chosen.get(winograd)?.standardMs ?? ms).toBe(ms);
    }
    for (const { kernel, block, shape, ms, standardMs } of tuning.choices) {
      expect(candidates[kernel]).toContainEqual(block);
      expect(exceeds(kernel, block, shape, gpu!.device)).toBeNull();
      expect(ms).toBeGreaterThan(0);
      expect(ms).toBeLessThanOrEqual(standardMs);
    }
    expect(gpu!.tuning).toBeNull();
  });

  test("is read back from its JSON, and the same record gives the same pipelines and bits", async () => {
    const read = readTuning(JSON.stringify(tuning));
    expect(read).toEqual(tuning);
    const compile = vi.spyOn(gpu!.device, "createComputePipeline");
    const encode = async () => {
      const own = await requestGpu({ allowSoftware: true, tuning: read });
      const made = vi.spyOn(own.device, "createComputePipeline");
      const encoder = createGpuEncoder(own, formulaCheckpoint(1, 1, "elu"), { height: 16, width: 16, batch: 1 });
      const { pooled } = await encoder.encode(formulaSlices(256), 1);
      const labels = made.mock.calls.map(([{ label }]) => label);
      encoder.destroy();
      own.destroy();
      return { pooled, labels };
    };
    const [first, second] = [await encode(), await encode()];
    expect(first.labels.length).toBeGreaterThan(10);
    expect(second).toEqual(first);
    expect(compile).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  test("serves layers of the same class: sizes are rounded up to powers of two", () => {
    expect(shapeClass({ CI: 1, CO: 48, H: 240, W: 256, K: 3 })).toEqual({ CI: 1, CO: 64, H: 256, W: 256, K: 3 });
    const [kernel, shape, block] = ["conv2d-forward", { CI: 64, CO: 64, H: 16, W: 16, K: 3 }, candidates["conv2d-forward"][2]!] as const;
    gpu!.use({ ...tuning, choices: [{ kernel, shape, block, ms: 1, standardMs: 1 }] });
    expect(gpu!.block("conv2d-forward", { ...shape, CI: 33 })).toEqual(block);
    expect(gpu!.block("conv2d-forward", { ...shape, CI: 32 })).toEqual(candidates["conv2d-forward"][0]);
    expect(gpu!.block("conv2d-backward-input", shape)).toEqual(candidates["conv2d-backward-input"][0]);
    gpu!.use(null);
  });

  test("of another adapter, or beyond the device's limits, is refused with both sides", async () => {
    const foreign = { ...tuning, adapter: { ...tuning.adapter, device: "another" } };
    expect(() => gpu!.use(foreign)).toThrow('whose device is "another", and this is');
    await expect(requestGpu({ allowSoftware: true, tuning: foreign })).rejects.toThrow("tune on this adapter, or leave the record out");
    const [first] = tuning.choices;
    const huge = { ...first!, kernel: "conv2d-forward", block: { LANES_X: 64, LANES_Y: 64, DEPTH: 4 } } as const;
    expect(() => gpu!.use({ ...tuning, choices: [huge] })).toThrow("maxComputeInvocationsPerWorkgroup of 4096, and this device has 256");
  });
});

describe("what there is to tune", () => {
  const jobsOf = (use: "encoder" | "inference" | "training") =>
    tuningJobs({ architecture: { ...architecture, baseWidth: 64 }, height: 256, width: 256, use });
  const keys = (use: "encoder" | "inference" | "training") => jobsOf(use).map(({ kernel, shape }) => choiceKey(kernel, shape));

  test("the encoder is its convolutions forward, each class once, and Winograd's method beside each of 8 channels or more", () => {
    expect(keys("encoder")).toHaveLength(19);
    expect(new Set(keys("encoder")).size).toBe(19);
    expect(keys("encoder")[0]).toBe("conv2d-forward 1 64 256 256 3");
    expect(keys("encoder").slice(-2)).toEqual(["conv2d-forward 1024 1024 16 16 3", "winograd-product 1024 1024 16 16 3"]);
  });

  test("the whole network adds the decoder, and training both gradients, but none for the input", () => {
    expect(keys("inference").slice(0, 19)).toEqual(keys("encoder"));
    expect(keys("inference")).toContain("conv-transpose2d-forward 1024 512 16 16 2");
    expect(keys("inference").at(-1)).toBe("conv2d-forward 64 2 256 256 1");
    const training = keys("training");
    expect(training).toContain("conv2d-backward-weight 1 64 256 256 3");
    expect(training).not.toContain("conv2d-backward-input 1 64 256 256 3");
    const forward = keys("inference").filter((key) => !key.startsWith("winograd"));
    const back = training.filter((key) => key.startsWith("winograd-backward-input"));
    expect(training).toHaveLength(2 * forward.length - 1 + keys("inference").length + back.length);
    expect(back.map((key) => key.replace("winograd-backward-input", "winograd-product"))).toEqual(
      keys("inference").filter((key) => key.startsWith("winograd")),
    );
  });
});

test.each([
  ["not JSON", "{", "it is not JSON"],
  ["another format", "{}", "its format is another"],
  ["no adapter", '{"format":"islet-tuning/1"}', "its adapter is not described"],
])("a file that is no record is refused: %s", (_what, text, why) => {
  expect(() => readTuning(text)).toThrow(why);
});

test("a record with a kernel or a constant that there is not is refused", () => {
  const adapter = { vendor: "", architecture: "", device: "", description: "x" };
  const shape = { CI: 1, CO: 1, H: 1, W: 1, K: 3 };
  const withChoice = (choice: object) => JSON.stringify({ format: "islet-tuning/1", adapter, clock: "wall", choices: [choice] });
  expect(() => readTuning(withChoice({ kernel: "adam", shape, block: {} }))).toThrow("no kernel adam is tuned");
  expect(() => readTuning(withChoice({ kernel: "conv2d-forward", shape, block: { LANES_X: 4, LANES_Y: 16 } }))).toThrow(
    "conv2d-forward takes whole positive LANES_X, LANES_Y, DEPTH",
  );
  expect(() => readTuning(withChoice({ kernel: "conv2d-forward", shape, block: { LANES_X: 3, LANES_Y: 4, DEPTH: 1 } }))).toThrow(
    "conv2d-forward takes a multiple of 16 lanes, not 12",
  );
});
