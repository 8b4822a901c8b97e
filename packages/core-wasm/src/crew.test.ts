// Several threads on one slice: the same bits as one, whatever the cut.
import { afterAll, describe, expect, test } from "vitest";
import { formulaUNet } from "../../../test/helpers/formula-checkpoint.ts";
import { formulaEncoder, formulaSlices } from "../../../test/helpers/formula-weights.ts";
import { loadCore } from "./core.ts";
import { ALWAYS, cutJob, DIRECT, WINOGRAD } from "./crew-part.ts";
import { awaitDone, callOut, createSignals, hold, mayWrite, sayDone, takePart } from "./crew-signals.ts";
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
  { base: 8, inChannels: 1, activation: "elu", height: 144, width: 128, count: 2 },
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
  /** Which tiles and panels each part of a layer would compute, and whether their transformed input is at hand. */
  function cuts(tilesDown: number, tilesAcross: number, CI: number, CO: number, size: number, threads = 2) {
    const found: { part: number; tiles: [number, number]; panels: [number, number]; isTransformed: boolean }[] = [];
    let part = 0;
    const exports = {
      winogradBlock: () => size,
      winogradGroup: () => 6,
      computeWinogradPart: (...args: number[]) =>
        found.push({ part, tiles: [args[8]!, args[9]!], panels: [args[10]!, args[11]!], isTransformed: Boolean(args[12]) }),
      writeWinogradPart: (...args: number[]) => expect(args.slice(9)).toEqual([...found.at(-1)!.tiles, ...found.at(-1)!.panels, 4]),
    } as unknown as Kernels;
    const { parts, run } = cutJob(exports, WINOGRAD, [0, 0, 1, CI, 4 * tilesDown, 4 * tilesAcross, 0, 0, CO, 0, 0, 0, 0, 0, 4], 0, threads);
    for (; part < parts; part++) run(part, ALWAYS);
    return { parts, found };
  }

  test.each([
    [64, 64, 64, 64, 24],
    [11, 11, 256, 256, 66],
    [1, 131, 256, 256, 66],
    [16, 16, 256, 256, 96],
    [10, 10, 8, 8, 24],
    [8, 8, 512, 512, 96],
    [4, 4, 24, 24, 24],
    [1, 1, 8, 8, 24],
    [1, 1, 40, 40, 24],
    [16, 16, 256, 256, 96, 5],
    [4, 4, 1024, 1024, 96, 16],
  ])(
    "are each tile and panel exactly once: %d x %d tiles, %d channels in, %d out, blocks of %d",
    (down, across, CI, CO, size, threads = 2) => {
      const panels = Math.ceil(CO / 8);
      const seen = new Int32Array(down * across * panels);
      for (const { tiles, panels: columns } of cuts(down, across, CI, CO, size, threads).found) {
        expect(tiles[1] - tiles[0]).toBeLessThanOrEqual(size);
        for (let t = tiles[0]; t < tiles[1]; t++) for (let p = columns[0]; p < columns[1]; p++) seen[t * panels + p]!++;
      }
      expect(seen.every((times) => times === 1)).toBe(true);
    },
  );

  test("are whole blocks of tiles in a wide layer", () => {
    const { found } = cuts(64, 64, 64, 64, 24);
    expect(found.length).toBe(Math.ceil(4096 / 24));
    expect(found.every(({ panels }) => panels[0] === 0 && panels[1] === 8)).toBe(true);
  });

  test("are blocks of like size: 121 tiles in blocks of at most 66 are 60 and 61", () => {
    const blocks = new Set(cuts(11, 11, 256, 256, 66).found.map(({ tiles }) => tiles.join("-")));
    expect([...blocks].toSorted()).toEqual(["0-60", "60-121"]);
  });

  test("are panels of channels of the same tiles in a deep layer, transformed once", () => {
    const { parts, found } = cuts(4, 4, 1024, 1024, 96);
    expect(found.every(({ tiles }) => tiles[0] === 0 && tiles[1] === 16)).toBe(true);
    expect(found.map(({ isTransformed }) => isTransformed)).toEqual([false, ...Array<boolean>(parts - 1).fill(true)]);
  });

  test("are large at both ends, where threads begin, and a tenth as large where they meet, so that all end together", () => {
    const { found } = cuts(64, 64, 64, 64, 24);
    const blocks: number[] = [];
    for (const { part } of found) blocks[part] = (blocks[part] ?? 0) + 1;
    const [half, total] = [Math.floor(blocks.length / 2), blocks.reduce((a, b) => a + b)];
    expect(blocks[0]! / total).toBeCloseTo(1 / 4, 1);
    expect(blocks.at(-1)! / total, "a quarter of the rest").toBeCloseTo(3 / 16, 1);
    expect(blocks.slice(0, half)).toEqual(blocks.slice(0, half).toSorted((a, b) => b - a));
    expect(blocks.slice(half)).toEqual(blocks.slice(half).toSorted((a, b) => a - b));
    expect(Math.min(...blocks)).toBeLessThanOrEqual(blocks[0]! / 10);
  });

  test("are few in a small layer, each worth its taking", () => {
    expect(cuts(4, 4, 128, 256, 24).parts).toBeLessThanOrEqual(8);
    expect(cuts(1, 1, 8, 8, 24).parts).toBe(1);
  });

  test("of a direct convolution are bands of rows, no more than it has", () => {
    const rows: number[][] = [];
    const exports = { conv2dRows: (...args: number[]) => rows.push(args.slice(9)) } as unknown as Kernels;
    const { parts, run } = cutJob(exports, DIRECT, [0, 64, 3, 64, 0, 0, 64, 0, 0], 0, 2);
    for (let part = 0; part < parts; part++) run(part, ALWAYS);
    expect(rows).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });
});

describe("the signals of a crew", () => {
  test("give each part once, from the first on to the caller and from the last on to members", () => {
    const signals = createSignals(1);
    expect(takePart(signals, "first")).toBe(-1);
    callOut(signals, DIRECT, [], 5);
    expect([takePart(signals, "first"), takePart(signals, "last"), takePart(signals, "first"), takePart(signals, "last")]).toEqual([
      0, 4, 1, 3,
    ]);
    expect(takePart(signals, "last")).toBe(2);
    expect([takePart(signals, "last"), takePart(signals, "first")]).toEqual([-1, -1]);
  });

  test("end a wait for a thread that has died with a sentence", () => {
    expect(() => awaitDone(createSignals(1), 1, 0, () => {}, 20)).toThrow(
      expect.objectContaining({ name: "DeviceError", message: expect.stringContaining("has not answered for 0.02 s") as string }),
    );
  });

  test("relieve members of the parts they hold and do not write, which the caller then computes", () => {
    const signals = createSignals(2);
    callOut(signals, DIRECT, [], 2);
    for (const member of [0, 1]) hold(signals, member, takePart(signals, "last"));
    expect(mayWrite(signals, 0, 1), "before the caller waits").toBe(true);
    const taken: number[] = [];
    awaitDone(signals, 2, 0, (part) => {
      taken.push(part);
      sayDone(signals, 0);
    });
    expect(taken, "the part of the member that was not writing").toEqual([0]);
    expect(mayWrite(signals, 1, 0), "after it was relieved").toBe(false);
    sayDone(signals, 1);
    callOut(signals, DIRECT, [], 1);
    hold(signals, 1, takePart(signals, "last"));
    expect(mayWrite(signals, 1, 0), "in the next job").toBe(true);
  });

  test("let a member that works on write block after block, and count its part once", () => {
    const signals = createSignals(1);
    callOut(signals, DIRECT, [], 1);
    const part = takePart(signals, "last");
    hold(signals, 0, part);
    expect(mayWrite(signals, 0, part)).toBe(true);
    hold(signals, 0, part);
    expect(mayWrite(signals, 0, part), "the next block").toBe(true);
    sayDone(signals, 0);
    awaitDone(signals, 1, 0, () => expect.unreachable("the member was done"));
  });
});

test("a part whose thread is relieved of it ends before it writes", () => {
  const calls: string[] = [];
  const exports = {
    winogradBlock: () => 24,
    winogradGroup: () => 6,
    computeWinogradPart: () => calls.push("compute"),
    writeWinogradPart: () => calls.push("write"),
  } as unknown as Kernels;
  const { run } = cutJob(exports, WINOGRAD, [0, 0, 1, 64, 256, 256, 0, 0, 64, 0, 0, 0, 0, 0, 4], 0, 2);
  let permits = 2;
  run(0, { ask: () => permits-- > 0, written: () => calls.push("said") });
  expect(calls).toEqual(["compute", "write", "said", "compute", "write", "said", "compute"]);
});
