import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { digitalPhantom, lungPhantom, outsideTolerance, published } from "../../../../test/helpers/ibsi.ts";
import { regionOf, regionOfPhantom } from "../../../../test/helpers/regions.ts";
import { discretise } from "./discretise.ts";
import { INTENSITY_HISTOGRAM, intensityHistogram } from "./histogram.ts";

const digital = digitalPhantom();
const lung = lungPhantom();
const ofLevels = (levels: readonly number[], ng = Math.max(...levels)) => {
  const { shape, spacing, morphological } = regionOf([1, 1, levels.length], [1, 1, 1], () => true);
  return { shape, spacing, levels: Uint16Array.from(levels), ng, morphological };
};

describe("intensityHistogram", () => {
  it.skipIf(!digital)("has IBSI's published values of the digital phantom, all 23 to the published digits", () => {
    const { features } = intensityHistogram(discretise(regionOfPhantom(digital!), { kind: "none" }, null));
    expect(Object.keys(features)).toHaveLength(23);
    expect(outsideTolerance(features, published("dig_phantom", "ih_"))).toEqual([]);
  });

  it.skipIf(!lung)("has IBSI's published values of the lung phantom in configuration A: -500..400 HU in bins of 25 HU", () => {
    const roi = discretise(regionOfPhantom(lung!, [-500, 400]), { kind: "fixedBinSize", size: 25 }, -500);
    expect(outsideTolerance(intensityHistogram(roi).features, published("chest_config_a", "ih_"))).toEqual([]);
  });

  it("has the values worked out by hand for the levels 1, 1, 1, 3, 3, 4", () => {
    const { features, reasons } = intensityHistogram(ofLevels([1, 3, 1, 4, 1, 3]));
    expect(reasons).toEqual({});
    const p = [3 / 6, 2 / 6, 1 / 6];
    expect(features["ih_mode"]).toBe(1);
    expect(features["ih_entropy"]).toBeCloseTo(-p.reduce((sum, q) => sum + q * Math.log2(q), 0), 12);
    expect(features["ih_uniformity"]).toBeCloseTo(14 / 36, 12);
    // Counts 3, 0, 2, 1: slopes -3, -0.5, 0.5, -1.
    expect(features).toMatchObject({ ih_max_grad: 0.5, ih_max_grad_g: 3, ih_min_grad: -3, ih_min_grad_g: 1 });
  });

  it("takes of several commonest levels the one closest to the mean, and the lower of two as close", () => {
    expect(intensityHistogram(ofLevels([1, 1, 4, 4, 6, 9])).features["ih_mode"]).toBe(4);
    expect(intensityHistogram(ofLevels([1, 1, 5, 5])).features["ih_mode"]).toBe(1);
  });

  it("gives null and the reason for gradients of one level, and a value for all else", () => {
    const { features, reasons } = intensityHistogram(ofLevels([1, 1, 1]));
    const missing = Object.keys(features).filter((name) => features[name] === null);
    expect(missing).toEqual(["ih_max_grad", "ih_max_grad_g", "ih_min_grad", "ih_min_grad_g"]);
    expect(reasons["ih_max_grad"]).toBe("the region has one grey level");
    expect(features).toMatchObject({ ih_entropy: 0, ih_uniformity: 1, ih_mode: 1 });
  });

  it("gives null and the reason for every feature of an empty region", () => {
    expect(Object.values(intensityHistogram(null).features)).toEqual(INTENSITY_HISTOGRAM.map(() => null));
    expect(intensityHistogram(ofLevels([0, 0], 0)).reasons["ih_mean"]).toBe("the region has no voxel");
  });
});

it("each feature of its own stands beside a function whose docstring has its IBSI identifier", () => {
  const source = readFileSync(new URL("histogram.ts", import.meta.url), "utf8");
  for (const { name, ibsiId } of INTENSITY_HISTOGRAM.filter((f) => /mode|entropy|uniformity|grad/.test(f.name)))
    expect(source, name).toMatch(new RegExp(`/\\*\\* .*IBSI ${ibsiId}\\. \\*/\\nfunction`));
});
