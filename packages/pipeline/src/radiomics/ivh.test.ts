import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { digitalPhantom, lungPhantom, outsideTolerance, published } from "../../../../test/helpers/ibsi.ts";
import { regionOf, regionOfPhantom } from "../../../../test/helpers/regions.ts";
import { intensitiesInside } from "./inside.ts";
import { INTENSITY_VOLUME_HISTOGRAM, intensityVolumeHistogram } from "./ivh.ts";
import type { Discretisation } from "./settings.ts";

const digital = digitalPhantom();
const lung = lungPhantom();
const NONE = { kind: "none" } as const;
const of = (
  values: readonly number[],
  ivhDiscretisation: Discretisation = NONE,
  resegmentation: { low: number; high: number } | null = null,
) => intensityVolumeHistogram(Float32Array.from(values), { ivhDiscretisation, resegmentation });

describe("intensityVolumeHistogram", () => {
  it.skipIf(!digital)(
    "has IBSI's published values of the digital phantom, and one for the area under the curve, which has no consensus",
    () => {
      const { features } = intensityVolumeHistogram(intensitiesInside(regionOfPhantom(digital!)), {
        ivhDiscretisation: NONE,
        resegmentation: null,
      });
      expect(Object.keys(features)).toHaveLength(7);
      expect(outsideTolerance(features, published("dig_phantom", "ivh_"))).toEqual([]);
      expect(features["ivh_auc"]).toBeGreaterThan(0);
    },
  );

  it.skipIf(!lung)("has IBSI's published values of the lung phantom in configuration A: -500..400 HU, not discretised", () => {
    const resegmentation = { low: -500, high: 400 };
    const { features } = intensityVolumeHistogram(intensitiesInside(regionOfPhantom(lung!, [-500, 400])), {
      ivhDiscretisation: NONE,
      resegmentation,
    });
    expect(outsideTolerance(features, published("chest_config_a", "ivh_"))).toEqual([]);
  });

  it("has the values worked out by hand for ten whole numbers", () => {
    // The part of the region at or above 0, 1, ... 10: 1, .9, .8, .7, .6, .5, .4, .3, .2, .1, .1
    const { features, reasons } = of([0, 1, 2, 3, 4, 5, 6, 7, 8, 10]);
    expect(reasons).toEqual({});
    expect(features["ivh_v10"]).toBeCloseTo(0.9, 12);
    expect(features["ivh_v90"]).toBeCloseTo(0.1, 12);
    expect(features).toMatchObject({ ivh_i10: 9, ivh_i90: 1, ivh_diff_i10_i90: 8 });
    expect(features["ivh_diff_v10_v90"]).toBeCloseTo(0.8, 12);
    expect(features["ivh_auc"]).toBeCloseTo((5.6 - 0.55) / 10, 12);
  });

  it("measures intensity fractions over the range of re-segmentation where one is given", () => {
    // 10% of 0..100 is 10, 90% is 90.
    expect(of([5, 20, 20, 95], NONE, { low: 0, high: 100 }).features).toMatchObject({ ivh_v10: 0.75, ivh_v90: 0.25 });
  });

  it("reports bin centres for bins of a fixed size, and bin numbers for a fixed number of bins", () => {
    const values = Array.from({ length: 100 }, (_, i) => i);
    expect(of(values, { kind: "fixedBinSize", size: 10 }, { low: 0, high: 100 }).features).toMatchObject({ ivh_i10: 95, ivh_i90: 15 });
    expect(of(values, { kind: "fixedBinNumber", number: 10 }).features).toMatchObject({ ivh_i10: 10, ivh_i90: 2 });
  });

  it("takes intensities that are no whole numbers as they occur", () => {
    const { features } = of([0, 0.25, 0.5, 0.75, 1]);
    expect(features).toMatchObject({ ivh_v10: 0.8, ivh_v90: 0.2, ivh_i10: 1, ivh_i90: 0.25 });
  });

  it("takes whole numbers too far apart for a point each as they occur, and refuses as many bins", () => {
    expect(of([0, 1, 2e9, 4e9]).features).toMatchObject({ ivh_v10: 0.5, ivh_v90: 0.25, ivh_i10: 4e9, ivh_i90: 1 });
    expect(() => of([0, 4e9], { kind: "fixedBinSize", size: 1 })).toThrow(expect.objectContaining({ name: "ConfigError" }));
  });

  it("gives null and the reason for volume fractions of a flat region, and an area of 0", () => {
    const { features, reasons } = of([7, 7]);
    expect(features).toMatchObject({ ivh_v10: null, ivh_v90: null, ivh_diff_v10_v90: null, ivh_auc: 0 });
    expect(reasons["ivh_v10"]).toContain("one intensity");
  });

  it("gives null and the reason for every feature of an empty region", () => {
    const empty = regionOf([1, 1, 2], [1, 1, 1], () => false);
    const { features, reasons } = intensityVolumeHistogram(intensitiesInside(empty), { ivhDiscretisation: NONE, resegmentation: null });
    expect(Object.values(features)).toEqual(INTENSITY_VOLUME_HISTOGRAM.map(() => null));
    expect(reasons["ivh_auc"]).toBe("the region has no voxel");
  });
});

it("each feature of its own stands beside a function whose docstring has its IBSI identifier", () => {
  const source = readFileSync(new URL("ivh.ts", import.meta.url), "utf8");
  for (const { name, ibsiId } of INTENSITY_VOLUME_HISTOGRAM)
    expect(source, name).toMatch(new RegExp(`/\\*\\* .*IBSI ${ibsiId}\\. \\*/\\nfunction`));
});
