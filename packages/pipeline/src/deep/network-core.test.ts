import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { formulaSlices } from "../../../../test/helpers/formula-weights.ts";
import { createSliceEncoder } from "./encode.ts";
import { createSliceSegmenter } from "./segmenter.ts";
import { seededWeights } from "./weights.ts";

const checkpoint = seededWeights(2, 5);
const size = { height: 48, width: 32 };
const slices = { count: 4, ...size, data: formulaSlices(4 * 48 * 32) };

describe("a network that shares its slices between threads", () => {
  it("gives the features and the logits of one thread, to the bit, and names the same device", async () => {
    const encoders = await Promise.all([1, 2, 3].map(async (n) => createSliceEncoder(await loadCore(), checkpoint, size, "wasm", 4, n)));
    const segmenters = await Promise.all([1, 2].map((n) => createSliceSegmenter(checkpoint, size, "wasm", 4, n)));
    const [pooled, ...otherPooled] = await Promise.all(encoders.map((encoder) => encoder.pooled(slices)));
    const [logits, ...otherLogits] = await Promise.all(segmenters.map((segmenter) => segmenter.logits(slices)));
    for (const other of otherPooled) expect(other).toEqual(pooled);
    for (const other of otherLogits) expect(other).toEqual(logits);
    expect(new Set([...encoders, ...segmenters].map(({ device }) => device)).size).toBe(1);
    for (const network of [...encoders, ...segmenters]) network.destroy();
  });
});
