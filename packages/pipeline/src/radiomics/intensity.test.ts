import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { sharedData } from "../../../../test/helpers/shared-data.ts";
import { AXIS_ALIGNED, type Geometry, type Mask, type Volume } from "../volume.ts";
import { CATALOGUE } from "./catalogue.ts";
import { intensityStatistics } from "./intensity.ts";

/** A grid of one row of voxels. */
const row = (n: number): Geometry => ({
  shape: [1, 1, n],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: AXIS_ALIGNED,
});
const statistics = (values: readonly number[], inside: readonly number[] = values.map(() => 1)) =>
  intensityStatistics({ ...row(values.length), data: Float32Array.from(values) }, { ...row(values.length), data: Uint8Array.from(inside) });

/** Voxels of a NIfTI-1 file; just enough for the phantoms, so that this test does not depend on intake. */
function voxels(file: string): { shape: Geometry["shape"]; data: ArrayLike<number> } {
  const bytes = gunzipSync(readFileSync(file));
  const shape = [bytes.readInt16LE(46), bytes.readInt16LE(44), bytes.readInt16LE(42)] as const;
  const n = shape[0] * shape[1] * shape[2];
  const read = {
    2: (i: number) => bytes[352 + i]!,
    4: (i: number) => bytes.readInt16LE(352 + 2 * i),
    16: (i: number) => bytes.readFloatLE(352 + 4 * i),
  }[bytes.readInt16LE(70)];
  return { shape, data: Float32Array.from({ length: n }, (_, i) => read!(i)) };
}

function phantom(image: string, mask: string): { volume: Volume; mask: Mask } {
  const [intensities, labels] = [voxels(image), voxels(mask)];
  const grid: Geometry = { ...row(1), shape: intensities.shape };
  return {
    volume: { ...grid, data: Float32Array.from(intensities.data) },
    mask: { ...grid, data: Uint8Array.from(labels.data) },
  };
}

/** The published `reference value;tolerance;tag` rows of the intensity statistics; the value is kept as text, for its digits. */
function published(file: string): { name: string; value: string; tolerance: number }[] {
  return readFileSync(file, "utf8")
    .split(/\r?\n/)
    .map((line) => line.split(";"))
    .filter((cells) => cells[2]?.startsWith("stat_"))
    .map(([value, tolerance, name]) => ({
      name: name!,
      value: value!,
      tolerance: Number(tolerance),
    }));
}

/** Rounds to the digits a reference value was published with: its decimals, or three significant digits where a whole number ends in zeros. */
function toPublishedDigits(value: number, reference: string): number {
  const decimals = reference.split(".")[1]?.length;
  if (decimals !== undefined) return Number(value.toFixed(decimals));
  return reference.endsWith("0") ? Number(value.toPrecision(3)) : Math.round(value);
}

/** Features that are missing, or further from their published value than the published tolerance, with both values. */
function outsideTolerance(features: Record<string, number | null>, reference: string): string[] {
  return published(reference)
    .filter(({ name, value, tolerance }) => {
      const difference = Math.abs(toPublishedDigits(features[name] ?? NaN, value) - Number(value));
      return !(difference <= tolerance + 1e-9 * Math.abs(Number(value)));
    })
    .map(({ name, value, tolerance }) => `${name}: ${features[name]} against ${value} +- ${tolerance}`);
}

const reference = sharedData("ibsi", "reference", "ibsi_1_dig_phantom.csv");
const digitalImage = sharedData("ibsi", "digital_phantom", "image", "phantom.nii.gz");
const ctImage = sharedData("ibsi", "ct_phantom", "nifti", "image", "phantom.nii.gz");

describe("intensityStatistics", () => {
  it.skipIf(!digitalImage || !reference)("has IBSI's published values of the digital phantom, all 18 to the published digits", () => {
    const { volume, mask } = phantom(digitalImage!, sharedData("ibsi", "digital_phantom", "mask", "mask.nii.gz")!);
    const { features } = intensityStatistics(volume, mask);
    expect(Object.keys(features)).toHaveLength(18);
    expect(outsideTolerance(features, reference!)).toEqual([]);
  });

  it.skipIf(!ctImage || !reference)(
    "has IBSI's published values of the lung phantom in configuration A, re-segmented to -500..400 HU, within the published tolerance",
    () => {
      const { volume, mask } = phantom(ctImage!, sharedData("ibsi", "ct_phantom", "nifti", "mask", "mask.nii.gz")!);
      const resegmented = {
        ...mask,
        data: mask.data.map((inside, i) => (inside !== 0 && volume.data[i]! >= -500 && volume.data[i]! <= 400 ? 1 : 0)),
      };
      expect(
        outsideTolerance(intensityStatistics(volume, resegmented).features, sharedData("ibsi", "reference", "ibsi_1_chest_config_a.csv")!),
      ).toEqual([]);
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

  it("gives null and the reason where a definition divides by 0", () => {
    const { features, reasons } = statistics([-1, 1]);
    expect(features["stat_cov"]).toBeNull();
    expect(features["stat_qcod"]).toBeNull();
    expect(reasons).toEqual({
      stat_cov: "the mean intensity is 0",
      stat_qcod: "the 25th and 75th percentile add up to 0",
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
    expect(Object.values(features)).toEqual(CATALOGUE.map(() => null));
    expect(new Set(Object.values(reasons))).toEqual(new Set(["the region has no voxel"]));
  });

  it("does not change when the voxels change places", () => {
    expect(statistics([4, 1, 9, -3, 2])).toEqual(statistics([-3, 2, 9, 4, 1]));
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

describe("the catalogue", () => {
  it("names every feature once, with an IBSI identifier, a unit and a formula", () => {
    expect(new Set(CATALOGUE.map((f) => f.name)).size).toBe(CATALOGUE.length);
    expect(new Set(CATALOGUE.map((f) => f.ibsiId)).size).toBe(CATALOGUE.length);
    for (const feature of CATALOGUE) {
      expect(feature.ibsiId).toMatch(/^[0-9A-Z]{4}$/);
      expect(feature.formula.length, feature.name).toBeGreaterThan(2);
    }
  });

  it("has a docstring with its IBSI identifier for every feature", () => {
    const source = readFileSync(new URL("intensity.ts", import.meta.url), "utf8");
    for (const { name, ibsiId } of CATALOGUE) expect(source, name).toMatch(new RegExp(`/\\*\\* .*IBSI ${ibsiId}\\. \\*/\\nfunction`));
  });

  it.skipIf(!reference)("has a published value for every feature", () => {
    const known = new Set(published(reference!).map((r) => r.name));
    expect(CATALOGUE.filter((f) => !known.has(f.name)).map((f) => f.name)).toEqual([]);
  });
});
