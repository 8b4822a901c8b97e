import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { digitalPhantom, lungPhantom, outsideTolerance, published, type Phantom } from "../../../../test/helpers/ibsi.ts";
import { randomFor } from "../random.ts";
import { AXIS_ALIGNED, type Geometry, type Mask, type Volume } from "../volume.ts";
import { CATALOGUE } from "./catalogue.ts";
import { INTENSITY_STATISTICS, intensityStatistics } from "./intensity.ts";

/** A grid of one row of voxels. */
const row = (n: number): Geometry => ({
  shape: [1, 1, n],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: AXIS_ALIGNED,
});
const statistics = (values: readonly number[], inside: readonly number[] = values.map(() => 1)) =>
  intensityStatistics({ ...row(values.length), data: Float32Array.from(values) }, { ...row(values.length), data: Uint8Array.from(inside) });

const digital = digitalPhantom();
const lung = lungPhantom();
const asVolume = ({ shape, spacing, intensity }: Phantom): Volume => ({ ...row(1), shape, spacing, data: intensity });
const asMask = ({ shape, spacing, mask }: Phantom): Mask => ({ ...row(1), shape, spacing, data: mask });

describe("intensityStatistics", () => {
  it.skipIf(!digital)("has IBSI's published values of the digital phantom, all 18 to the published digits", () => {
    const { features } = intensityStatistics(asVolume(digital!), asMask(digital!));
    expect(Object.keys(features)).toHaveLength(18);
    expect(outsideTolerance(features, published("dig_phantom", "stat_"))).toEqual([]);
  });

  it.skipIf(!lung)(
    "has IBSI's published values of the lung phantom in configuration A, re-segmented to -500..400 HU, within the published tolerance",
    () => {
      const { intensity, mask } = lung!;
      const resegmented = mask.map((inside, i) => (inside !== 0 && intensity[i]! >= -500 && intensity[i]! <= 400 ? 1 : 0));
      const { features } = intensityStatistics(asVolume(lung!), asMask({ ...lung!, mask: resegmented }));
      expect(outsideTolerance(features, published("chest_config_a", "stat_"))).toEqual([]);
    },
  );

  it("has the values worked out by hand for 1, 2, 3, 4, 10", () => {
    const { features, reasons } = statistics([10, 3, 1, 2, 4, 99], [1, 1, 1, 1, 1, 0]);
    expect(reasons).toEqual({});
    const want: Record<string, number> = {
      stat_mean: 4,
      stat_var: 10,
      stat_skew: 36 / 10 ** 1.5,
      stat_kurt: 278.8 / 100 - 3,
      stat_median: 3,
      stat_min: 1,
      stat_p10: 1.4,
      stat_p90: 7.6,
      stat_max: 10,
      stat_iqr: 2,
      stat_range: 9,
      stat_mad: 2.4,
      stat_rmad: 2 / 3,
      stat_medad: 2.2,
      stat_cov: Math.sqrt(10) / 4,
      stat_qcod: 2 / 6,
      stat_energy: 130,
      stat_rms: Math.sqrt(26),
    };
    for (const [name, value] of Object.entries(want)) expect(features[name], name).toBeCloseTo(value, 12);
  });

  it("gives a flat region variance, skewness and kurtosis 0, also where the value is no exact binary fraction", () => {
    const { features, reasons } = statistics(Array.from({ length: 7 }, () => 0.1));
    expect(features).toMatchObject({
      stat_var: 0,
      stat_skew: 0,
      stat_kurt: 0,
      stat_mad: 0,
      stat_cov: 0,
      stat_iqr: 0,
    });
    expect(reasons).toEqual({});
  });

  it("gives null and the reason where a definition divides by 0, and where none of two voxels lies between percentiles", () => {
    const { features, reasons } = statistics([-1, 1]);
    expect(features["stat_cov"]).toBeNull();
    expect(features["stat_qcod"]).toBeNull();
    expect(reasons).toEqual({
      stat_cov: "the mean intensity is 0",
      stat_qcod: "the 25th and 75th percentile add up to 0",
      stat_rmad: "no voxel lies between the 10th and the 90th percentile",
    });
  });

  it("has every value in a region of one voxel", () => {
    expect(statistics([7]).features).toMatchObject({
      stat_mean: 7,
      stat_p10: 7,
      stat_p90: 7,
      stat_range: 0,
      stat_rmad: 0,
      stat_qcod: 0,
      stat_energy: 49,
    });
  });

  it("gives null and the reason for every feature of an empty region", () => {
    const { features, reasons } = statistics([1, 2], [0, 0]);
    expect(Object.values(features)).toEqual(INTENSITY_STATISTICS.map(() => null));
    expect(new Set(Object.values(reasons))).toEqual(new Set(["the region has no voxel"]));
  });

  it("does not change when the voxels change places", () => {
    expect(statistics([4, 1, 9, -3, 2])).toEqual(statistics([-3, 2, 9, 4, 1]));
  });

  it("sorts whole numbers by counting them as any others: 1000 of either (seed 1)", () => {
    const random = randomFor(1, "intensity");
    const whole = Array.from({ length: 1000 }, () => Math.floor(3000 * random()) - 1024);
    const { features } = statistics(whole);
    const halved = statistics(whole.map((v) => v / 2)).features;
    for (const name of ["stat_mean", "stat_median", "stat_p10", "stat_p90", "stat_iqr", "stat_mad", "stat_rmad", "stat_min", "stat_max"])
      expect(2 * halved[name]!, name).toBe(features[name]);
    expect(features["stat_median"]).toBe(
      whole
        .toSorted((a, b) => a - b)
        .slice(499, 501)
        .reduce((sum, v) => sum + v / 2, 0),
    );
  });

  it("refuses a mask on another grid", () => {
    const call = () => intensityStatistics({ ...row(2), data: new Float32Array(2) }, { ...row(3), data: new Uint8Array(3) });
    expect(call).toThrow(
      expect.objectContaining({
        name: "ShapeError",
        message: expect.stringMatching(/mask \[1,1,3\].*volume's grid \[1,1,2\]/),
      }),
    );
  });
});

describe("the intensity statistics' rows", () => {
  it("each stand beside a function whose docstring has their IBSI identifier", () => {
    const source = readFileSync(new URL("intensity.ts", import.meta.url), "utf8");
    for (const { name, ibsiId } of INTENSITY_STATISTICS)
      expect(source, name).toMatch(new RegExp(`/\\*\\* .*IBSI ${ibsiId}\\. \\*/\\n(?:export )?function`));
  });
});

describe("the catalogue", () => {
  it("names every feature once, with an IBSI identifier, a unit and a formula", () => {
    expect(new Set(CATALOGUE.map((f) => f.name)).size).toBe(CATALOGUE.length);
    for (const feature of CATALOGUE) {
      expect(feature.ibsiId).toMatch(/^[0-9A-Z]{4}$/);
      expect(feature.formula.length, feature.name).toBeGreaterThan(2);
    }
  });

  it.skipIf(!digital)("has only tags that IBSI published", () => {
    const known = new Set(["dig_phantom", "chest_config_a", "chest_config_c"].flatMap((table) => published(table, "").map((r) => r.name)));
    const tags = CATALOGUE.flatMap(({ name, aggregations }) => aggregations?.map((aggregation) => `${name}_${aggregation}`) ?? [name]);
    expect(tags.filter((tag) => !known.has(tag))).toEqual([]);
  });
});
