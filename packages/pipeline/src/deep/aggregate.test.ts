import { loadCore } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { randomFor } from "../random.ts";
import { aggregateSlices } from "./aggregate.ts";

let core: Awaited<ReturnType<typeof loadCore>>;
beforeAll(async () => {
  core = await loadCore();
});
const aggregate = (rows: number[][]) =>
  aggregateSlices(core, Float32Array.from(rows.flat()), rows.length, rows[0]!.length, randomFor(1, "test"));

describe("aggregation over slices", () => {
  it("is the mean of the larger cluster: two slices unlike the rest are left out", () => {
    const bulk = [
      [1, 2],
      [1.5, 2.5],
      [0.5, 1.5],
      [1, 2],
    ];
    const { features, slices, kept } = aggregate([[90, -40], ...bulk, [95, -45]]);
    expect([...features]).toEqual([1, 2]);
    expect({ slices, kept }).toEqual({ slices: 6, kept: 4 });
  });

  it("gives a tie in size to the tighter cluster", () => {
    const { features, kept } = aggregate([
      [0, 0],
      [0.5, 0.5],
      [50, 50],
      [60, 60],
    ]);
    expect([...features]).toEqual([0.25, 0.25]);
    expect(kept).toBe(2);
  });

  it("is the plain mean of one or two slices", () => {
    expect([...aggregate([[3, 5]]).features]).toEqual([3, 5]);
    expect(
      aggregate([
        [0, 0],
        [100, 200],
      ]),
    ).toMatchObject({ slices: 2, kept: 2 });
    expect([
      ...aggregate([
        [0, 0],
        [100, 200],
      ]).features,
    ]).toEqual([50, 100]);
  });

  it("keeps every slice when all are alike", () => {
    expect([
      ...aggregate([
        [7, 1],
        [7, 1],
        [7, 1],
      ]).features,
    ]).toEqual([7, 1]);
  });
});
