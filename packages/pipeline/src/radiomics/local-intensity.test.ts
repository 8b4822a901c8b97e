import { readFileSync } from "node:fs";
import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { digitalPhantom, lungPhantom, outsideTolerance, published } from "../../../../test/helpers/ibsi.ts";
import { flipped, regionOf, regionOfPhantom, turned, type TestRegion } from "../../../../test/helpers/regions.ts";
import { randomFor } from "../random.ts";
import { LOCAL_INTENSITY, localIntensity } from "./local-intensity.ts";

const core = await loadCore();
const digital = digitalPhantom();
const lung = lungPhantom();

/** The two peaks by their definition: every pair of a voxel of the region and a voxel of the image. */
function byDefinition({ shape, spacing, intensity, intensityMask }: TestRegion): { loc_peak_loc: number; loc_peak_glob: number } {
  const [nz, ny, nx] = shape;
  const at = (i: number) => [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx].map((k, a) => k * spacing[a]!);
  const means = [...intensityMask.keys()].map((i) => {
    if (intensityMask[i] === 0) return -Infinity;
    const centre = at(i);
    const near = [...intensity.keys()].filter(
      (j) => Math.hypot(...at(j).map((p, a) => p - centre[a]!)) <= 10 * Math.cbrt(3 / (4 * Math.PI)),
    );
    return near.reduce((sum, j) => sum + intensity[j]!, 0) / near.length;
  });
  expect(means).toHaveLength(nz * ny * nx);
  const brightest = Math.max(...intensity.filter((_, i) => intensityMask[i] !== 0));
  return {
    loc_peak_loc: Math.max(...means.filter((_, i) => intensityMask[i] !== 0 && intensity[i] === brightest)),
    loc_peak_glob: Math.max(...means),
  };
}

function noisy(seed: number, shape: readonly [number, number, number], spacing: readonly [number, number, number]): TestRegion {
  const random = randomFor(seed, "local intensity");
  const region = regionOf(
    shape,
    spacing,
    () => random() < 0.3,
    () => 0,
  );
  return { ...region, intensity: region.intensity.map(() => Math.floor(random() * 40) - 20) };
}

describe("localIntensity", () => {
  it.skipIf(!digital)("has IBSI's published values of the digital phantom", () => {
    expect(outsideTolerance(localIntensity(core, regionOfPhantom(digital!)).features, published("dig_phantom", "loc_"))).toEqual([]);
  });

  it.skipIf(!lung)("has IBSI's published values of the lung phantom in configuration A", () => {
    const { features } = localIntensity(core, regionOfPhantom(lung!, [-500, 400]));
    expect(outsideTolerance(features, published("chest_config_a", "loc_"))).toEqual([]);
  });

  it.each([
    [1, [6, 7, 9], [2, 2, 2]],
    [2, [3, 15, 14], [5, 0.9, 1.1]],
    [3, [9, 4, 8], [1, 3, 2.5]],
    [4, [3, 3, 40], [7, 7, 1]],
  ] as const)("is what the definition gives, by every pair of voxels (seed %i, shape %j, spacing %j)", (seed, shape, spacing) => {
    const region = noisy(seed, shape, spacing);
    expect(localIntensity(core, region).features).toEqual(byDefinition(region));
  });

  it("does not change when the image is flipped or turned (seed 5)", () => {
    const region = noisy(5, [5, 8, 11], [3, 2, 1.5]);
    for (const axis of [0, 1, 2] as const) {
      expect(localIntensity(core, flipped(region, axis))).toEqual(localIntensity(core, region));
      expect(localIntensity(core, turned(region, axis))).toEqual(localIntensity(core, region));
    }
  });

  it("gives null and the reason where the region is empty", () => {
    expect(
      localIntensity(
        core,
        regionOf([2, 2, 2], [1, 1, 1], () => false),
      ),
    ).toEqual({
      features: { loc_peak_loc: null, loc_peak_glob: null },
      reasons: { loc_peak_loc: "the region has no voxel", loc_peak_glob: "the region has no voxel" },
    });
  });
});

it("each feature of its own stands beside a function whose docstring has its IBSI identifier", () => {
  const source = readFileSync(new URL("local-intensity.ts", import.meta.url), "utf8");
  for (const { name, ibsiId } of LOCAL_INTENSITY) expect(source, name).toMatch(new RegExp(`/\\*\\* .*IBSI ${ibsiId}\\. \\*/\\nfunction`));
});
