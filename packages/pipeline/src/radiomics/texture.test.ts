import { coOccurrences, loadCore, neighbours, toneDifferences } from "@islet/core-wasm";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { digitalPhantom, lungPhantom, outsideTolerance, published } from "../../../../test/helpers/ibsi.ts";
import { flipped, padded, regionOf, regionOfPhantom, turned, type TestRegion } from "../../../../test/helpers/regions.ts";
import { DIRECTIONAL_AGGREGATIONS, distanceWeights, SLICE_AGGREGATIONS } from "./aggregation.ts";
import { coOccurrence } from "./co-occurrence.ts";
import { discretise } from "./discretise.ts";
import type { Feature, FeatureValues } from "./feature.ts";
import { GLCM, glcmFeatures } from "./glcm.ts";
import { GLDZM, gldzmFeatures } from "./gldzm.ts";
import { GLRLM, glrlmFeatures } from "./glrlm.ts";
import { GLSZM, glszmFeatures } from "./glszm.ts";
import { NGLDM, ngldmFeatures } from "./ngldm.ts";
import { NGTDM, ngtdmFeatures } from "./ngtdm.ts";
import type { GreyLevels } from "./region.ts";

const core = await loadCore();
const digital = digitalPhantom();
const lung = lungPhantom();

interface Family {
  readonly name: string;
  /** What the tags begin with. */
  readonly prefix: string;
  readonly rows: readonly Feature[];
  readonly compute: (roi: GreyLevels | null) => FeatureValues;
}

const FAMILIES: readonly Family[] = [
  { name: "glcm", prefix: "cm_", rows: GLCM, compute: (roi) => glcmFeatures(core, roi, DIRECTIONAL_AGGREGATIONS) },
  { name: "glrlm", prefix: "rlm_", rows: GLRLM, compute: (roi) => glrlmFeatures(core, roi, DIRECTIONAL_AGGREGATIONS) },
  { name: "glszm", prefix: "szm_", rows: GLSZM, compute: (roi) => glszmFeatures(core, roi, SLICE_AGGREGATIONS) },
  { name: "gldzm", prefix: "dzm_", rows: GLDZM, compute: (roi) => gldzmFeatures(core, roi, SLICE_AGGREGATIONS) },
  { name: "ngtdm", prefix: "ngt_", rows: NGTDM, compute: (roi) => ngtdmFeatures(core, roi, SLICE_AGGREGATIONS) },
  { name: "ngldm", prefix: "ngl_", rows: NGLDM, compute: (roi) => ngldmFeatures(core, roi, SLICE_AGGREGATIONS) },
];

/** Grey levels as they are, in the box of the region. */
const asIs = (region: TestRegion) => discretise(region, { kind: "none" }, null);
/** A ragged region of 11 grey levels in patches; its intensity mask has a hole that its morphological mask lacks. */
const ragged = ((): TestRegion => {
  const region = regionOf(
    [6, 8, 9],
    [1, 1, 1],
    (z, y, x) => (z - 2.5) ** 2 + (y - 3) ** 2 + (x - 4) ** 2 < 15 + ((5 * z + 3 * y + x) % 4),
    (z, y, x) => 1 + ((Math.floor(z / 2) * 7 + Math.floor(y / 3) * 5 + x * x) % 11),
  );
  return { ...region, intensityMask: region.morphological.map((inside, i) => (i % 17 === 3 ? 0 : inside)) };
})();
const line = (levels: readonly number[]) =>
  asIs(
    regionOf(
      [1, 1, levels.length],
      [1, 1, 1],
      () => true,
      (_z, _y, x) => levels[x]!,
    ),
  );
const valuesOf = (features: FeatureValues["features"], tags: readonly string[]) => tags.map((tag) => features[tag] ?? NaN);
// The same sums in another order.
const REORDERED = { rtol: 1e-11, atol: 1e-12 };

describe.each(FAMILIES)("$name", ({ name, prefix, rows, compute }) => {
  const tags = Object.keys(compute(null).features);

  it.skipIf(!digital)("has IBSI's published values of the digital phantom in every aggregation, to the published digits", () => {
    const { features, reasons } = compute(asIs(regionOfPhantom(digital!)));
    const reference = published("dig_phantom", prefix);
    expect(Object.keys(features).toSorted()).toEqual(reference.map((r) => r.name).toSorted());
    expect(outsideTolerance(features, reference)).toEqual([]);
    expect(reasons).toEqual({});
  });

  it.skipIf(!lung)("has IBSI's published values of the lung phantom in configuration A: -500..400 HU in bins of 25 HU", () => {
    const { features } = compute(discretise(regionOfPhantom(lung!, [-500, 400]), { kind: "fixedBinSize", size: 25 }, -500));
    expect(outsideTolerance(features, published("chest_config_a", prefix))).toEqual([]);
  });

  it("does not change by a mirror: every aggregation along every axis", () => {
    const { features } = compute(asIs(ragged));
    for (const axis of [0, 1, 2] as const)
      expectClose(valuesOf(compute(asIs(flipped(ragged, axis))).features, tags), valuesOf(features, tags), REORDERED);
  });

  it("does not change by a quarter turn: all by volume about every axis, all by slice about z", () => {
    const { features } = compute(asIs(ragged));
    for (const axis of [0, 1, 2] as const) {
      const kept = tags.filter((tag) => axis === 0 || tag.includes("_3D"));
      expectClose(valuesOf(compute(asIs(turned(ragged, axis))).features, kept), valuesOf(features, kept), REORDERED);
    }
  });

  it("does not change with the box around the region, also uncropped", () => {
    const larger = padded(ragged, [1, 2, 3], [2, 0, 1]);
    const { shape, spacing, intensity, intensityMask, morphological } = larger;
    const levels = Uint16Array.from(intensity, (level, i) => (intensityMask[i] === 1 ? level : 0));
    const { features } = compute(asIs(ragged));
    expect(compute(asIs(larger)).features).toEqual(features);
    expectClose(valuesOf(compute({ shape, spacing, levels, ng: 11, morphological }).features, tags), valuesOf(features, tags), REORDERED);
  });

  it.each([
    ["no voxel", null],
    ["one voxel", line([3])],
    [
      "two voxels apart",
      asIs(
        regionOf(
          [3, 3, 3],
          [1, 1, 1],
          (z, y, x) => z === y && y === x && z !== 1,
          () => 2,
        ),
      ),
    ],
    [
      "one grey level",
      asIs(
        regionOf(
          [3, 4, 5],
          [1, 1, 1],
          () => true,
          () => 4,
        ),
      ),
    ],
    [
      "one slice",
      asIs(
        regionOf(
          [1, 6, 7],
          [1, 1, 1],
          () => true,
          (_z, y, x) => 1 + ((y * x) % 5),
        ),
      ),
    ],
    ["one row", line([1, 2, 2, 5, 1])],
    [
      "many components",
      asIs(
        regionOf(
          [5, 5, 5],
          [1, 1, 1],
          (z, y, x) => (z + 2 * y + 3 * x) % 4 === 0,
          (z, y) => 1 + ((z + y) % 3),
        ),
      ),
    ],
  ] as const)("has the same columns for a region of %s, each a number or null with its reason", (_title, roi) => {
    const { features, reasons } = compute(roi);
    expect(Object.keys(features)).toEqual(tags);
    for (const [tag, value] of Object.entries(features)) {
      expect(value === null ? reasons[tag]?.length : Number.isFinite(value) && reasons[tag] === undefined, tag).toBeTruthy();
    }
  });

  it("has a docstring with the IBSI identifier of every feature, and each identifier once", () => {
    const source = [name, "level-matrix"].map((file) => readFileSync(new URL(`${file}.ts`, import.meta.url), "utf8")).join("\n");
    for (const { ibsiId, compute: formula } of rows) {
      const docstring = new RegExp(
        `/\\*\\*(?:(?!\\*/)[^])*IBSI [0-9A-Z, ]*${ibsiId}[^]{0,60}?\\*/\\n(export )?function ${formula.name}\\(`,
      );
      expect(source, formula.name).toMatch(docstring);
    }
    expect(new Set(rows.map(({ ibsiId }) => ibsiId)).size).toBe(rows.length);
  });
});

describe("the features of a row of voxels", () => {
  it("are those worked out by hand for the levels 1, 1, 2", () => {
    const roi = line([1, 1, 2]);
    const pairs = glcmFeatures(core, roi, ["3D_comb"]).features;
    // Pairs 1-1 and 1-2, both ways round: p(1,1) = 1/2, p(1,2) = p(2,1) = 1/4.
    expect(pairs["cm_joint_max_3D_comb"]).toBe(0.5);
    expect(pairs["cm_joint_entr_3D_comb"]).toBeCloseTo(1.5, 12);
    expect(pairs["cm_contrast_3D_comb"]).toBe(0.5);
    expect(pairs["cm_inv_var_3D_comb"]).toBe(0.5);
    expect(pairs["cm_corr_3D_comb"]).toBeCloseTo(-1 / 3, 12);
    // The rows hold 3/4 and 1/4.
    const hx = 2 - 0.75 * Math.log2(3);
    expect(pairs["cm_info_corr1_3D_comb"]).toBeCloseTo((1.5 - 2 * hx) / hx, 12);
    // Runs along x: 1-1 and 2.
    expect(glrlmFeatures(core, roi, ["2D_avg"]).features["rlm_r_perc_2D_avg"]).toBeCloseTo((2 / 3 + 3) / 4, 12);
    expect(glszmFeatures(core, roi, ["3D"]).features).toMatchObject({ szm_sze_3D: 5 / 8, szm_z_perc_3D: 2 / 3, szm_zs_entr_3D: 1 });
    // Every voxel is at the border.
    expect(gldzmFeatures(core, roi, ["3D"]).features).toMatchObject({ dzm_lde_3D: 1, dzm_zd_var_3D: 0, dzm_hgze_3D: 5 / 2 });
    // Means of the neighbours 1, 1.5, 1: s(1) = 0 + 0.5, s(2) = 1.
    const tones = ngtdmFeatures(core, roi, ["3D"]).features;
    expect(tones["ngt_coarseness_3D"]).toBeCloseTo(1 / (2 / 6 + 1 / 3), 12);
    expect(tones["ngt_contrast_3D"]).toBeCloseTo((2 / 9) * (1.5 / 3), 12);
    expect(tones["ngt_strength_3D"]).toBeCloseTo(2 / 1.5, 12);
    // The first two depend on each other, the last on none.
    expect(ngldmFeatures(core, roi, ["3D"]).features).toMatchObject({ ngl_lde_3D: (1 / 4 + 1 / 4 + 1) / 3, ngl_dc_perc_3D: 1 });
  });

  it("give null and the reason where a definition divides by 0", () => {
    const flat = glcmFeatures(core, line([2, 2, 2]), ["3D_avg"]);
    expect(Object.keys(flat.reasons)).toEqual(["cm_corr_3D_avg", "cm_info_corr1_3D_avg"]);
    expect(flat.reasons["cm_corr_3D_avg"]).toBe("the region has one grey level");
    expect(glcmFeatures(core, line([2]), ["3D_avg"]).reasons["cm_energy_3D_avg"]).toBe("no voxel of the region has a neighbour in it");
    expect(glcmFeatures(core, null, ["3D_avg"]).reasons["cm_energy_3D_avg"]).toBe("the region has no voxel");
    // p(1) = 2/3 and p(2) = 1/3: i p(i) is 2/3 for both.
    expect(ngtdmFeatures(core, line([1, 2, 1]), ["3D"]).reasons).toEqual({
      ngt_busyness_3D: "every grey level times its share of the voxels is the same number",
    });
    expect(ngtdmFeatures(core, line([2, 2]), ["3D"]).features).toMatchObject({
      ngt_coarseness_3D: 1e6,
      ngt_contrast_3D: 0,
      ngt_strength_3D: 0,
    });
  });
});

describe("sums that the formulas take a short way to equal those over all pairs", () => {
  const roi = asIs(ragged)!;
  const square = (n: number) => Array.from({ length: n * n }, (_, k) => [Math.floor(k / n), k % n] as const);

  it("tone differences", () => {
    const { voxels, difference } = toneDifferences(core, roi, "volume", neighbours("volume"))[0]!;
    const present = [...voxels.keys()].filter((k) => voxels[k]! > 0);
    const total = voxels.reduce((sum, n) => sum + n, 0);
    const [p, s, level] = [present.map((k) => voxels[k]! / total), present.map((k) => difference[k]!), present.map((k) => k + 1)];
    const n = present.length;
    const overPairs = (term: (i: number, j: number) => number) => square(n).reduce((sum, [i, j]) => sum + term(i, j), 0);
    const allS = s.reduce((sum, x) => sum + x, 0);
    const meanS = p.reduce((sum, x, k) => sum + x * s[k]!, 0);
    const want = [
      1 / meanS,
      (overPairs((i, j) => p[i]! * p[j]! * (level[i]! - level[j]!) ** 2) / (n * (n - 1))) * (allS / total),
      meanS / overPairs((i, j) => Math.abs(level[i]! * p[i]! - level[j]! * p[j]!)),
      overPairs((i, j) => (Math.abs(level[i]! - level[j]!) * (p[i]! * s[i]! + p[j]! * s[j]!)) / (p[i]! + p[j]!)) / total,
      overPairs((i, j) => (p[i]! + p[j]!) * (level[i]! - level[j]!) ** 2) / allS,
    ];
    expectClose(Object.values(ngtdmFeatures(core, roi, ["3D"]).features) as number[], want, REORDERED);
  });

  it("information correlation of an asymmetric matrix", () => {
    const ng = roi.ng;
    const [matrix] = coOccurrences(core, roi, "slice", [[0, 1, 1]], false)[2]!;
    const total = matrix!.count.reduce((sum, n) => sum + n, 0);
    const p = square(ng).map(([i, j]) => {
      const cell = [...matrix!.row.keys()].find((k) => matrix!.row[k] === i + 1 && matrix!.column[k] === j + 1);
      return cell === undefined ? 0 : matrix!.count[cell]! / total;
    });
    const px = Array.from({ length: ng }, (_, i) => square(ng).reduce((sum, [a], k) => (a === i ? sum + p[k]! : sum), 0));
    const py = Array.from({ length: ng }, (_, j) => square(ng).reduce((sum, [, b], k) => (b === j ? sum + p[k]! : sum), 0));
    const bits = (weight: number, share: number) => (weight === 0 ? 0 : -weight * Math.log2(share));
    const over = (weight: (k: number) => number, share: (i: number, j: number, k: number) => number) =>
      square(ng).reduce((sum, [i, j], k) => sum + bits(weight(k), share(i, j, k)), 0);
    const hxy = over(
      (k) => p[k]!,
      (_i, _j, k) => p[k]!,
    );
    const hxy1 = over(
      (k) => p[k]!,
      (i, j) => px[i]! * py[j]!,
    );
    const hxy2 = over(
      (k) => px[square(ng)[k]![0]]! * py[square(ng)[k]![1]]!,
      (i, j) => px[i]! * py[j]!,
    );
    const hx = px.reduce((sum, share) => sum + bits(share, share), 0);
    const x = coOccurrence(matrix!, ng)!;
    const got = ["cm_info_corr1", "cm_info_corr2"].map((name) => GLCM.find((row) => row.name === name)!.compute(x));
    expectClose(got, [(hxy - hxy1) / hx, Math.sqrt(1 - Math.exp(-2 * (hxy2 - hxy)))], REORDERED);
  });
});

describe("parameters", () => {
  it("song-2021 has its NGLDM with alpha in the tag; with every level within alpha, each neighbour in the region counts", () => {
    const roi = asIs(ragged);
    expect(Object.keys(ngldmFeatures(core, roi, ["3D"], { alpha: 2 }).features)).toEqual(NGLDM.map((row) => `${row.name}_3D_a2`));
    const all = ngldmFeatures(core, roi, ["3D"], { alpha: 11 }).features;
    const flat = ngldmFeatures(core, { ...roi!, levels: roi!.levels.map((level) => Math.min(level, 1)), ng: 1 }, ["3D"]).features;
    expect(all["ngl_hde_3D_a11"]).toBe(flat["ngl_hde_3D"]);
  });

  it("a distance of 2 relates voxels two apart", () => {
    const far = glcmFeatures(core, line([1, 5, 1, 5, 1]), ["2D_comb"], { distances: [2] }).features;
    expect(far["cm_contrast_2D_comb"]).toBe(0);
    const near = glcmFeatures(core, line([1, 5, 1, 5, 1]), ["2D_comb"]).features;
    expect(near["cm_contrast_2D_comb"]).toBe(16);
  });

  it("an asymmetric matrix keeps the order of a pair", () => {
    const { features } = glcmFeatures(core, line([1, 2, 3]), ["2D_comb"], { isSymmetric: false });
    expect(features["cm_joint_avg_2D_comb"]).toBe(1.5);
    expect(features["cm_corr_2D_comb"]).toBeCloseTo(1, 12);
  });

  it("directions weigh exp(-|d|^2) by their Manhattan, Euclidean or Chebyshev length, in voxels or mm", () => {
    const offsets = [
      [0, 0, 1],
      [0, 1, -1],
      [1, 1, 1],
    ] as const;
    const lengths = (norm: Parameters<typeof distanceWeights>[1], spacing?: readonly [number, number, number]) =>
      distanceWeights(offsets, norm, spacing).map((w) => -Math.log(w));
    expectClose(lengths("none"), [0, 0, 0], { atol: 1e-15 });
    expectClose(lengths("manhattan"), [1, 4, 9], { rtol: 1e-12 });
    expectClose(lengths("euclidean"), [1, 2, 3], { rtol: 1e-12 });
    expectClose(lengths("chebyshev"), [1, 1, 1], { rtol: 1e-12 });
    expectClose(lengths("euclidean", [2, 0.5, 1]), [1, 1.25, 5.25], { rtol: 1e-12 });
  });

  it("weights change merged directions and nothing else; one weight for all changes only what grows with the number of runs", () => {
    const roi = asIs(ragged);
    const compute = (weighting: "none" | "euclidean" | "chebyshev") => ({
      ...glcmFeatures(core, roi, DIRECTIONAL_AGGREGATIONS, { weighting }).features,
      ...glrlmFeatures(core, roi, DIRECTIONAL_AGGREGATIONS, { weighting }).features,
    });
    const [plain, weighted, even] = [compute("none"), compute("euclidean"), compute("chebyshev")];
    const tags = Object.keys(plain);
    const growing = /nu_(2_5|2|3)D_comb$/;
    const shares = tags.filter((tag) => !growing.test(tag));
    expectClose(valuesOf(even, shares), valuesOf(plain, shares), REORDERED);
    expect(even["rlm_rlnu_3D_comb"]).toBeCloseTo(plain["rlm_rlnu_3D_comb"]! / Math.E, 8);
    const averaged = tags.filter((tag) => tag.endsWith("_avg"));
    expect(valuesOf(weighted, averaged)).toEqual(valuesOf(plain, averaged));
    expect(weighted["cm_contrast_3D_comb"]).not.toBeCloseTo(plain["cm_contrast_3D_comb"]!, 3);
    expect(weighted["rlm_r_perc_3D_comb"]).not.toBeCloseTo(plain["rlm_r_perc_3D_comb"]!, 3);
  });
});
