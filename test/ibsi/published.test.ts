// Every value that IBSI 1 publishes for its phantoms, through the product's own chain.
import { loadCore } from "@islet/core-wasm";
import { describe, expect, test } from "vitest";
import { extractFeatures } from "../../packages/pipeline/src/radiomics/extract.ts";
import { featureNames } from "../../packages/pipeline/src/radiomics/families.ts";
import { presetOf } from "../../packages/pipeline/src/radiomics/presets.ts";
import { ALL_BY_SLICE, ALL_BY_VOLUME, DEFAULT_CHAIN, type RadiomicsSettings } from "../../packages/pipeline/src/radiomics/settings.ts";
import { sharedData } from "../helpers/shared-data.ts";
import { diagnostics } from "./diagnostics.ts";
import { phantom, type Phantom } from "./phantoms.ts";
import { compare, readReference } from "./reference.ts";

const core = await loadCore();
const digital = await phantom("digital_phantom");
const lung = await phantom("ct_phantom", "nifti");

/** No processing at all, every aggregation. */
const DIGITAL: RadiomicsSettings = {
  chain: { ...DEFAULT_CHAIN, discretisation: { kind: "none" } },
  select: {
    ...ALL_BY_VOLUME,
    glcm: [...ALL_BY_SLICE.glcm, ...ALL_BY_VOLUME.glcm],
    glrlm: [...ALL_BY_SLICE.glrlm, ...ALL_BY_VOLUME.glrlm],
    glszm: [...ALL_BY_SLICE.glszm, ...ALL_BY_VOLUME.glszm],
    gldzm: [...ALL_BY_SLICE.gldzm, ...ALL_BY_VOLUME.gldzm],
    ngtdm: [...ALL_BY_SLICE.ngtdm, ...ALL_BY_VOLUME.ngtdm],
    ngldm: [...ALL_BY_SLICE.ngldm, ...ALL_BY_VOLUME.ngldm],
  },
};

/** Features whose definition IBSI gives, but for which no consensus was reached: they are computed, and have nothing to be compared with. */
const WITHOUT_CONSENSUS = ["morph_vol_dens_ombb", "morph_area_dens_ombb", "morph_vol_dens_mvee", "morph_area_dens_mvee", "ivh_auc"];

const cases: readonly (readonly [name: string, file: string, Phantom | null, RadiomicsSettings])[] = [
  ["the digital phantom", "ibsi_1_dig_phantom.csv", digital, DIGITAL],
  ["configuration A of the lung phantom", "ibsi_1_chest_config_a.csv", lung, presetOf("ibsi-a").settings],
  ["configuration C of the lung phantom", "ibsi_1_chest_config_c.csv", lung, presetOf("ibsi-c").settings],
];

describe.each(cases)("%s", (name, file, given, settings) => {
  const path = sharedData("ibsi", "reference", file);
  const run = () => {
    const { volume, mask } = given!;
    return { ...diagnostics(core, volume, mask, settings.chain), ...extractFeatures(core, volume, mask, settings).features };
  };

  test.skipIf(!given || !path)("has every published value within its tolerance, to the published digits", () => {
    const { agreed } = readReference(path!);
    const { outside, table } = compare(run(), agreed);
    console.log(`${name}\n${table}`);
    expect(outside).toEqual([]);
  });

  test.skipIf(!given || !path)("has a value for the five features without consensus too, and for nothing that IBSI does not name", () => {
    const { agreed, withoutConsensus } = readReference(path!);
    expect(withoutConsensus).toEqual(WITHOUT_CONSENSUS);
    const values = run();
    for (const tag of withoutConsensus) expect(values[tag], tag).toEqual(expect.any(Number));
    const named = new Set([...agreed.map(({ tag }) => tag), ...withoutConsensus]);
    expect(featureNames(settings).filter((tag) => !named.has(tag))).toEqual([]);
  });
});

describe.skipIf(!lung)("configurations without published values here", () => {
  const features = (preset: string) => extractFeatures(core, lung!.volume, lung!.mask, presetOf(preset).settings).features;

  test.each(["ibsi-b", "ibsi-d", "ibsi-e"])("%s gives every feature a finite value", (preset) => {
    const values = features(preset);
    expect(Object.keys(values)).toEqual(featureNames(presetOf(preset).settings));
    expect(Object.entries(values).filter(([, value]) => !Number.isFinite(value))).toEqual([]);
  });

  test("D shares its grid with C, so their morphology is the same but for what intensities decide", () => {
    const [c, d] = [features("ibsi-c"), features("ibsi-d")];
    for (const tag of ["morph_volume", "morph_area_mesh", "morph_diam", "morph_pca_maj_axis", "morph_vol_dens_conv_hull"])
      expect(d[tag], tag).toBe(c[tag]);
  });

  test("D cuts at three standard deviations of the interpolated ROI, whose mean C publishes as -48.9 HU", () => {
    const { volume, mask } = lung!;
    const facts = diagnostics(core, volume, mask, presetOf("ibsi-d").settings.chain);
    expect(facts["int_mask_mean_int_interp_roi"]!.toFixed(1)).toBe("-48.9");
    expect(features("ibsi-d")["stat_min"]).toBeGreaterThan(-48.9 - 3 * 230);
    expect(features("ibsi-d")["stat_max"]).toBe(facts["int_mask_max_int_interp_roi"]);
  });

  test("B and A measure the same intensities on other voxels: their means differ by less than a tenth of the spread", () => {
    const [a, b] = [features("ibsi-a"), features("ibsi-b")];
    expect(Math.abs(a["stat_mean"]! - b["stat_mean"]!)).toBeLessThan(0.1 * Math.sqrt(a["stat_var"]!));
  });

  test("E differs from C by its spline, the outliers and the bins: shape within a per cent, mean within a tenth of the spread", () => {
    const [c, e] = [features("ibsi-c"), features("ibsi-e")];
    expect(e["morph_volume"]! / c["morph_volume"]!).toBeCloseTo(1, 2);
    expect(Math.abs(c["stat_mean"]! - e["stat_mean"]!)).toBeLessThan(0.15 * Math.sqrt(c["stat_var"]!));
    expect(e["ih_max"]).toBe(32);
  });
});
