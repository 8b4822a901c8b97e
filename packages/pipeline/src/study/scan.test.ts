import { expect, it } from "vitest";
import { randomFor } from "../random.ts";
import { AXIS_ALIGNED, type Volume } from "../volume.ts";
import { scanFacts } from "./scan.ts";

const volume = (seed: number, shape: readonly [number, number, number] = [40, 50, 60]): Volume => {
  const random = randomFor(seed, "scan");
  const data = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, () => Math.round(2000 * random()) - 1000);
  return { shape, spacing: [1, 1, 1], origin: [0, 0, 0], direction: AXIS_ALIGNED, data };
};

const facts = (scan: Volume) => scanFacts(scan, { valueRange: [-1000, 1000], series: null });

it("the same voxels have the same fingerprint, whatever their spacing and origin", () => {
  const scan = volume(1);
  expect(facts({ ...scan, spacing: [2, 1, 1], origin: [5, 5, 5] }).fingerprint).toBe(facts(scan).fingerprint);
});

it("other voxels, an other order of them and an other shape have other fingerprints", () => {
  const scan = volume(1);
  const reversed = { ...scan, data: scan.data.toReversed() };
  const prints = [scan, volume(2), reversed, { ...scan, shape: [50, 40, 60] as const }].map((one) => facts(one).fingerprint);
  expect(new Set(prints).size).toBe(4);
});
