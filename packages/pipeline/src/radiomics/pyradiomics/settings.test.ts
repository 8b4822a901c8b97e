// What PyRadiomics 3 computes for a real tumour under settings that its own baseline does not have.
import { readFileSync } from "node:fs";
import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { sharedData } from "../../../../../test/helpers/shared-data.ts";
import { readImage } from "../../intake/image.ts";
import { readMask } from "../../intake/mask.ts";
import { readSource } from "../../intake/source.node.ts";
import { AXIS_ALIGNED, type Triple } from "../../volume.ts";
import { pyradiomicsFeatures } from "./extract.ts";
import { parsePyradiomicsParameters } from "./parameters.ts";

const golden = JSON.parse(readFileSync(new URL("../../../../../test/golden/pyradiomics-settings.json", import.meta.url), "utf8")) as {
  patient: string;
  cases: { name: string; settings: object; features: Record<string, number | null> }[];
  sparse: { seed: number; settings: object; shape: Triple; values: number[]; mask: string; features: Record<string, number | null> }[];
};

/** The values further than 1e-6 from PyRadiomics', with both; where its value is NaN ours is null. */
const outside = (got: Record<string, number | null>, want: Record<string, number | null>) =>
  Object.entries(want)
    .filter(([tag, value]) => (value === null ? got[tag] !== null : !(Math.abs(got[tag]! - value) <= 1e-6 * Math.abs(value) + 1e-10)))
    .map(([tag, value]) => `${tag}: ${got[tag]} against ${value}`);

const folder = sharedData("sts", golden.patient);
const image = folder ? await readImage(await readSource(`${folder}/ct.nii.gz`)) : null;
const mask = image ? (await readMask(await readSource(`${folder}/ct_mask.nii.gz`), image.volume, "ct")).mask : null;
const core = await loadCore();

describe.skipIf(!folder)("PyRadiomics 3 on the CT of a sarcoma, whose file runs against ours along x and y", () => {
  it.each(golden.cases)("has all 107 values within 1e-6: $name", ({ name, settings, features }) => {
    const parameters = parsePyradiomicsParameters(JSON.stringify({ setting: settings }), name);
    const got = pyradiomicsFeatures(core, image!.volume, mask!, parameters, image!.report.orientation).features;
    expect(Object.keys(got).sort()).toEqual(Object.keys(features).sort());
    expect(outside(got, features)).toEqual([]);
  });
});

describe("PyRadiomics 3 on regions of scattered voxels", () => {
  it.each(golden.sparse)("has all 107 values within 1e-6 (seed $seed, $settings)", ({ settings, shape, values, mask, features }) => {
    const grid = { shape, spacing: [2.5, 2, 1], origin: [0, 0, 0], direction: AXIS_ALIGNED } as const;
    const parameters = parsePyradiomicsParameters(JSON.stringify({ setting: settings }), "sparse");
    const inside = Uint8Array.from(mask, Number);
    const got = pyradiomicsFeatures(core, { ...grid, data: Float32Array.from(values) }, { ...grid, data: inside }, parameters).features;
    expect(outside(got, features)).toEqual([]);
  });
});
