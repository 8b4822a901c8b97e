// Several threads on one slice: the same bits as one, whatever the cut.
import { afterAll, describe, expect, test } from "vitest";
import { formulaUNet } from "../../../test/helpers/formula-checkpoint.ts";
import { formulaEncoder, formulaSlices } from "../../../test/helpers/formula-weights.ts";
import { loadCore } from "./core.ts";
import { runDirect, runWinograd } from "./crew-part.ts";
import type { WinogradArguments } from "./crew-part.ts";
import { awaitDone, createSignals } from "./crew-signals.ts";
import { loadCrew } from "./crew.ts";
import type { Crew } from "./crew.ts";
import { createEncoder } from "./encoder.ts";
import type { Kernels } from "./kernels.ts";
import type { SimdBuild } from "./simd-build.ts";
import { parameterTable } from "./unet-parameters.ts";
import { createUNet } from "./unet.ts";

const crews: Crew[] = [];
afterAll(() => crews.forEach((crew) => crew.end()));
const crewOf = async (threads: number, build: SimdBuild) => {
  const crew = await loadCrew(threads, build);
  crews.push(crew);
  return crew;
};

const BUILDS = ["relaxed", "simd"] as const;
const CASES = [
  { base: 1, inChannels: 3, activation: "relu", height: 16, width: 16, count: 1 },
  { base: 3, inChannels: 1, activation: "elu", height: 48, width: 80, count: 4 },
  { base: 8, inChannels: 1, activation: "elu", height: 112, width: 64, count: 2 },
] as const;

describe.each(BUILDS)("a crew of threads on the %s build", (build) => {
  test.each([2, 3])("encodes to the bits of one thread: %d threads, sizes that divide badly", async (threads) => {
    const [core, crew] = [await loadCore(build), await crewOf(threads, build)];
    for (const { base, inChannels, activation, height, width, count } of CASES) {
      const spec = { levels: formulaEncoder(base, inChannels), activation, height, width };
      const slices = formulaSlices(count * inChannels * height * width);
      const [alone, together] = [createEncoder(core, spec), createEncoder(crew.core, spec)];
      expect(together.bottleneck(slices, count)).toEqual(alone.bottleneck(slices, count));
      expect(together.encode(slices, count)).toEqual(alone.encode(slices, count));
    }
  });

  test("gives a whole network's logits to the bits of one thread", async () => {
    const widths = { baseWidth: 2, inChannels: 1, classes: 2 };
    const { tensors: weights } = formulaUNet({ ...widths, activation: "elu" }, parameterTable(widths));
    const spec = { weights, activation: "elu", height: 64, width: 32 } as const;
    const slices = formulaSlices(2 * 64 * 32);
    const crew = await crewOf(2, build);
    expect(createUNet(crew.core, spec).logits(slices, 2)).toEqual(createUNet(await loadCore(build), spec).logits(slices, 2));
  });
});

describe("the parts of a convolution", () => {
  /** Which tiles and panels each of `parts` parts of a layer would compute. */
  function cuts(tilesDown: number, tilesAcross: number, CO: number, parts: number) {
    const found: { tiles: [number, number]; panels: [number, number] }[] = [];
    const exports = {
      conv2dWinogradPart: (...args: number[]) => found.push({ tiles: [args[13]!, args[14]!], panels: [args[15]!, args[16]!] }),
    } as unknown as Kernels;
    const args = [0, 0, 1, 8, 4 * tilesDown, 4 * tilesAcross, 0, 0, CO, 0, false, 0, 0, 0] as WinogradArguments;
    for (let part = 0; part < parts; part++) runWinograd(exports, args, part, parts);
    return found;
  }

  test.each([
    [64, 64, 64, 2],
    [16, 16, 256, 3],
    [10, 10, 8, 2],
    [8, 8, 512, 2],
    [4, 4, 24, 3],
    [1, 1, 8, 2],
    [1, 1, 40, 4],
  ])("are each tile and panel exactly once: %d x %d tiles, %d channels, %d threads", (down, across, CO, parts) => {
    const panels = Math.ceil(CO / 8);
    const seen = new Int32Array(down * across * panels);
    for (const { tiles, panels: columns } of cuts(down, across, CO, parts)) {
      for (let t = tiles[0]; t < tiles[1]; t++) for (let p = columns[0]; p < columns[1]; p++) seen[t * panels + p]!++;
    }
    expect(seen.every((times) => times === 1)).toBe(true);
  });

  test("are halves by tiles in a wide layer and halves by channels in a deep one", () => {
    expect(cuts(64, 64, 64, 2)).toEqual([
      { tiles: [0, 2052], panels: [0, 8] },
      { tiles: [2052, 4096], panels: [0, 8] },
    ]);
    expect(cuts(4, 4, 1024, 2)).toEqual([
      { tiles: [0, 16], panels: [0, 64] },
      { tiles: [0, 16], panels: [64, 128] },
    ]);
  });

  test("of a direct convolution with fewer panels than threads leave the last threads idle", () => {
    const calls: number[] = [];
    const exports = { blockedBytes: (C: number) => C, conv2d: (...args: number[]) => calls.push(args[6]!) } as unknown as Kernels;
    for (let part = 0; part < 3; part++) runDirect(exports, [0, 1, 4, 4, 0, 0, 5, 0, 0], part, 3);
    expect(calls).toEqual([5]);
  });
});

describe("the signals of a crew", () => {
  test("end a wait for a thread that has died with a sentence", () => {
    expect(() => awaitDone(createSignals(), 1, 20)).toThrow(
      expect.objectContaining({ name: "DeviceError", message: expect.stringContaining("has not answered for 0.02 s") as string }),
    );
  });
});
