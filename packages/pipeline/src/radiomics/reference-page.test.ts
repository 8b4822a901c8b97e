import { readFileSync } from "node:fs";
import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { randomFor } from "../random.ts";
import { AXIS_ALIGNED, type Triple } from "../volume.ts";
import { CATALOGUE } from "./catalogue.ts";
import { extractFeatures } from "./extract.ts";
import { rangeOf } from "./ranges.ts";
import { featureReference } from "./reference-page.ts";
import { ALL_BY_SLICE, ALL_BY_VOLUME, DEFAULT_CHAIN } from "./settings.ts";

describe("the feature reference", () => {
  it("in docs/features.md is that of the catalogue; write it again with: node scripts/feature-reference.mjs", () => {
    expect(readFileSync(new URL("../../../../docs/features.md", import.meta.url), "utf8")).toBe(featureReference());
  });

  it("has a line with range, unit and definition for every feature", () => {
    const page = featureReference();
    for (const { name, ibsiId, formula } of CATALOGUE) {
      expect(page, name).toContain(`| \`${name}\` | ${ibsiId} |`);
      expect(formula.length, name).toBeGreaterThan(2);
      expect(rangeOf(name)[0], name).toBeLessThan(rangeOf(name)[1]);
    }
  });
});

describe("ranges", () => {
  const shape: Triple = [6, 9, 11];
  const grid = { shape, spacing: [2.5, 1, 1.2] as Triple, origin: [0, 0, 0] as Triple, direction: AXIS_ALIGNED };

  it.each([1, 2, 3, 4, 5, 6])("hold every value of a region of noise (seed %i)", async (seed) => {
    const core = await loadCore();
    const random = randomFor(seed, "ranges");
    const levels = seed * seed;
    const data = Float32Array.from({ length: 6 * 9 * 11 }, () => Math.floor(levels * random()) * 25 - 300);
    const mask = Uint8Array.from(data, () => (random() < 0.15 * seed ? 1 : 0));
    for (const select of [ALL_BY_SLICE, ALL_BY_VOLUME]) {
      const { features } = extractFeatures(core, { ...grid, data }, { ...grid, data: mask }, { chain: DEFAULT_CHAIN, select });
      for (const { name } of CATALOGUE) {
        const [low, high] = rangeOf(name);
        for (const [tag, value] of Object.entries(features)) {
          if (value === null || (tag !== name && !tag.startsWith(`${name}_2`) && !tag.startsWith(`${name}_3D`))) continue;
          const slack = 1e-9 * Math.max(1, Math.abs(value));
          expect(value, `${tag}, at least ${low}`).toBeGreaterThanOrEqual(low - slack);
          expect(value, `${tag}, at most ${high}`).toBeLessThanOrEqual(high + slack);
        }
      }
    }
  });
});
