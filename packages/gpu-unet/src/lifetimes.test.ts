import { describe, expect, test } from "vitest";
import { candidates, exceeds } from "./blocks.ts";
import type { LayerShape, TunableKernel } from "./blocks.ts";
import { mapsOf, shareBuffers } from "./lifetimes.ts";
import { createGradients, createNetwork, slicesAPass } from "./network.ts";
import type { Gpu } from "./gpu.ts";
import { elements } from "./tensor.ts";
import { parameterTable, unetActivations, unetBackward, unetForward } from "./unet.ts";

const paper = { baseWidth: 64, inChannels: 1, classes: 2, activation: "elu" } as const;

describe("shared buffers", () => {
  test("let a chain of maps take turns in two buffers, as large as the largest map in each", () => {
    const lengths = new Map([
      ["a", 8],
      ["b", 6],
      ["c", 9],
      ["d", 2],
    ]);
    expect(
      shareBuffers(lengths, [
        ["a", "b"],
        ["b", "c"],
        ["c", "d"],
      ]),
    ).toEqual([
      { length: 9, names: ["a", "c"] },
      { length: 6, names: ["b", "d"] },
    ]);
  });

  test("leave a kept map alone to the end", () => {
    const lengths = new Map(["a", "b", "c"].map((name) => [name, 1]));
    expect(shareBuffers(lengths, [["a"], ["b"], ["c"]], ["a"]).map(({ names }) => names)).toEqual([["a"], ["b", "c"]]);
  });

  test.each([
    ["forward", unetForward()],
    ["backward", unetBackward()],
  ])("hold no two maps of the %s pass that live at the same time", (_, layers) => {
    const steps = layers.map(mapsOf);
    const lengths = new Map(unetActivations(paper, 1, 16, 16).map(({ name, shape }) => [name, elements(shape)]));
    const lives = (name: string) =>
      [steps.findIndex((step) => step.includes(name)), steps.findLastIndex((step) => step.includes(name))] as const;
    for (const { names, length } of shareBuffers(lengths, steps)) {
      const births = names.map((name) => lives(name)[0]);
      const deathsBefore = [-1, ...names.map((name) => lives(name)[1])];
      expect(births.every((birth, i) => birth > deathsBefore[i]!)).toBe(true);
      expect(length).toBe(Math.max(...names.map((name) => lengths.get(name)!)));
    }
  });
});

describe("the paper's network on a device", () => {
  /** WebGPU's guaranteed limits. */
  const guaranteed = {
    maxBufferSize: 2 ** 28,
    maxStorageBufferBindingSize: 2 ** 27,
    maxComputeWorkgroupsPerDimension: 65535,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupSizeX: 256,
    maxComputeWorkgroupSizeY: 256,
    maxComputeWorkgroupStorageSize: 16384,
  };
  /** Bytes of each buffer made, on a device that only counts, with WebGPU's guaranteed limits and this tuning. */
  function buffersMade(make: (gpu: Gpu) => void, chosen: Gpu["chosen"] = () => null): number[] {
    const sizes: number[] = [];
    const nothing = { setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {}, end() {} };
    const device = {
      limits: guaranteed,
      createBuffer: ({ size }: { size: number }) => (sizes.push(size), { size }),
      createCommandEncoder: () => ({ beginComputePass: () => nothing, finish() {} }),
      queue: { writeBuffer() {}, submit() {} },
    };
    make({ device, chosen, run() {} } as unknown as Gpu);
    return sizes;
  }
  const bytesOf = (make: (gpu: Gpu) => void) => buffersMade(make).reduce((sum, bytes) => sum + bytes, 0);
  const tensors = new Map(
    parameterTable(paper).map(({ name, shape }) => [name, { shape: [...shape], data: new Float32Array(elements(shape)) }]),
  );
  const checkpoint = { architecture: paper, metadata: {}, tensors, parts: "unet" as const };
  const GIB = 2 ** 30;

  test("trains 8 slices of 256 x 256 a pass within 6 GiB, weights, gradients and moments included", () => {
    const bytes = bytesOf((gpu) => void createGradients(gpu, createNetwork(gpu, checkpoint, 8, 256, 256, "training")));
    const moments = 2 * 31_030_658 * 4;
    expect((bytes + moments) / GIB).toBeLessThan(6);
  });

  test("runs 4 slices forward within 1 GiB", () => {
    expect(bytesOf((gpu) => void createNetwork(gpu, checkpoint, 4, 256, 256, "inference")) / GIB).toBeLessThan(1);
  });

  test("of 512 x 512 takes a slice a pass, and no buffer beyond the binding of 128 MiB that every device has, by Winograd's method too", () => {
    // As a tuning could at most: wherever the transformed weights fit.
    const winograd = ((kernel: TunableKernel, { CI, CO, K }: LayerShape) => {
      const [block] = candidates["winograd-product"];
      const device = { limits: guaranteed, features: new Set<string>() };
      return kernel.startsWith("winograd") && exceeds(kernel, block!, { CI, CO, H: 1, W: 1, K }, device) === null ? block : null;
    }) as Gpu["chosen"];
    for (const chosen of [() => null, winograd] as Gpu["chosen"][]) {
      const sizes = buffersMade((gpu) => {
        const N = slicesAPass(gpu, checkpoint, 512, 512, 8);
        expect(N).toBe(1);
        createGradients(gpu, createNetwork(gpu, checkpoint, N, 512, 512, "training"));
        createNetwork(gpu, checkpoint, N, 512, 512, "inference");
      }, chosen);
      expect(Math.max(...sizes)).toBe(2 ** 27);
    }
  });
});
