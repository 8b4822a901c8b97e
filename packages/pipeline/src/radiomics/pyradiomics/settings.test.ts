// What PyRadiomics 3 computes for a real tumour under settings that its own baseline does not have.
import { readFileSync } from "node:fs";
import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { sharedData } from "../../../../../test/helpers/shared-data.ts";
import { readImage } from "../../intake/image.ts";
import { readMask } from "../../intake/mask.ts";
import { fitMask } from "../../intake/mask-grid.ts";
import { readSource } from "../../intake/source.node.ts";
import { AXIS_ALIGNED, positionOf, type Mask, type Triple, type Volume } from "../../volume.ts";
import { pyradiomicsFeatures } from "./extract.ts";
import { prepareRoi } from "./prepare.ts";
import { DEFAULT_PARAMETERS, parsePyradiomicsParameters } from "./parameters.ts";

const golden = JSON.parse(readFileSync(new URL("../../../../../test/golden/pyradiomics-settings.json", import.meta.url), "utf8")) as {
  patient: string;
  cases: { name: string; settings: object; features: Record<string, number | null> }[];
  files: { name: string; settings: object; features: Record<string, number | null> }[];
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

describe.skipIf(!folder)("PyRadiomics 3 on files that", () => {
  const got = (name: string, ofVolume: Volume, ofMask: Mask) => {
    const { settings, features } = golden.files.find((file) => file.name === name)!;
    const parameters = parsePyradiomicsParameters(JSON.stringify({ setting: settings }), name);
    return outside(pyradiomicsFeatures(core, ofVolume, ofMask, parameters, image!.report.orientation).features, features);
  };

  it("hold whole numbers as floating point keeps the decimals of resampling, and only there", () => {
    const name = "whole numbers in a floating point file";
    expect(image!.volume.isFloating).toBe(false);
    expect(got(name, { ...image!.volume, isFloating: true }, mask!)).toEqual([]);
    expect(got(name, image!.volume, mask!).length).toBeGreaterThan(50);
  });

  it("have the mask on another grid takes its nearest voxel, and so do we: also half way between two", () => {
    const coarse = everySecondVoxel(mask!, image!.volume);
    const { mask: fitted } = fitMask(coarse, image!.volume, "mask", "ct", image!.report.orientation);
    expect(got("a mask on a coarser grid", image!.volume, fitted)).toEqual([]);
  });
});

it("resampled values of a floating point file are 32-bit numbers, as ITK gives them to the bins", () => {
  const grid = { shape: [4, 4, 4], spacing: [1, 1, 1], origin: [0, 0, 0], direction: AXIS_ALIGNED } as const;
  const volume = { ...grid, data: Float32Array.from({ length: 64 }, (_, i) => (i * 7) % 25), isFloating: true };
  const { settings } = parsePyradiomicsParameters('{"setting": {"resampledPixelSpacing": [0.7, 0.7, 0.7]}}', "fine");
  const roi = prepareRoi(volume, { ...grid, data: new Uint8Array(64).fill(1) }, settings, "LPS");
  const intensity = typeof roi === "string" ? [] : [...roi.intensity];
  expect(intensity.some((x) => !Number.isInteger(x))).toBe(true);
  expect(intensity).toEqual(intensity.map(Math.fround));
});

it("a region must have more voxels than minimumROISize, after re-segmentation too", () => {
  const grid = { shape: [3, 3, 3], spacing: [1, 1, 1], origin: [0, 0, 0], direction: AXIS_ALIGNED } as const;
  const volume = { ...grid, data: Float32Array.from({ length: 27 }, (_, i) => i) };
  const mean = (setting: object) => {
    const parameters = parsePyradiomicsParameters(JSON.stringify({ setting }), "size");
    return pyradiomicsFeatures(core, volume, { ...grid, data: new Uint8Array(27).fill(1) }, parameters).features[
      "original_firstorder_Mean"
    ];
  };
  expect(mean({ minimumROISize: 26 })).toBe(13);
  expect(mean({ minimumROISize: 27 })).toBeNull();
  expect(mean({ minimumROISize: 17, resegmentRange: [9] })).toBe(17.5);
  expect(mean({ minimumROISize: 18, resegmentRange: [9] })).toBeNull();
});

it("two voxels of one grey level that are no neighbours have MCC 1 and no other feature of the GLCM", () => {
  const grid = { shape: [1, 3, 3], spacing: [1, 1, 1], origin: [0, 0, 0], direction: AXIS_ALIGNED } as const;
  const mask = { ...grid, data: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 1) };
  const { features } = pyradiomicsFeatures(core, { ...grid, data: new Float32Array(9).fill(4) }, mask, DEFAULT_PARAMETERS);
  const glcm = Object.entries(features).filter(([name]) => name.includes("_glcm_"));
  expect(glcm.filter(([, value]) => value !== null)).toEqual([["original_glcm_MCC", 1]]);
});

it("where a mask was drawn beyond the image, resampling measures what lies inside", () => {
  const grid = { shape: [4, 4, 4], spacing: [1, 1, 1], origin: [0, 0, 0], direction: AXIS_ALIGNED } as const;
  const volume = { ...grid, data: new Float32Array(64).fill(5), isFloating: true };
  const drawn = { ...grid, shape: [4, 4, 6] as const, data: new Uint8Array(96).fill(1) };
  const { settings } = parsePyradiomicsParameters('{"setting": {"resampledPixelSpacing": [0.5, 0.5, 0.5]}}', "beyond");
  const roi = prepareRoi(volume, { ...grid, data: new Uint8Array(64).fill(1), drawn }, settings, "LPS");
  expect(roi).toMatchObject({ shape: [8, 8, 8], spacing: [0.5, 0.5, 0.5] });
  const values = typeof roi === "string" ? [] : [...roi.intensity];
  expect(new Set(values.map((x) => Math.round(1e6 * x)))).toEqual(new Set([5e6]));
});

it("a region with a NaN has its shape, and a reason for everything else", () => {
  const grid = { shape: [3, 3, 3], spacing: [1, 1, 1], origin: [0, 0, 0], direction: AXIS_ALIGNED } as const;
  const data = Float32Array.from({ length: 27 }, (_, i) => (i === 13 ? NaN : i));
  const { features, reasons } = pyradiomicsFeatures(
    core,
    { ...grid, data },
    { ...grid, data: new Uint8Array(27).fill(1) },
    DEFAULT_PARAMETERS,
  );
  expect(features["original_shape_VoxelVolume"]).toBe(27);
  expect(Object.keys(reasons).some((name) => name.includes("_shape_"))).toBe(false);
  expect(reasons["original_firstorder_Mean"]).toMatch(/NaN/);
  expect(features["original_glcm_Contrast"]).toBeNull();
});

/** A mask of every second voxel in the plane, counted from the file's first: the last of ours, since the file runs against it. */
function everySecondVoxel({ data, shape: [nz, ny, nx], direction }: Mask, grid: Volume): Mask {
  const [ky, kx] = [Math.ceil(ny / 2), Math.ceil(nx / 2)];
  const [y0, x0] = [ny - 1 - 2 * (ky - 1), nx - 1 - 2 * (kx - 1)];
  const kept = new Uint8Array(nz * ky * kx);
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ky; y++) for (let x = 0; x < kx; x++) kept[i++] = data[(z * ny + y0 + 2 * y) * nx + x0 + 2 * x]!;
  const [sz, sy, sx] = grid.spacing;
  return { data: kept, shape: [nz, ky, kx], spacing: [sz, 2 * sy, 2 * sx], origin: positionOf(grid, [0, y0, x0]), direction };
}

describe("PyRadiomics 3 on regions of scattered voxels", () => {
  it.each(golden.sparse)("has all 107 values within 1e-6 (seed $seed, $settings)", ({ settings, shape, values, mask, features }) => {
    const grid = { shape, spacing: [2.5, 2, 1], origin: [0, 0, 0], direction: AXIS_ALIGNED } as const;
    const parameters = parsePyradiomicsParameters(JSON.stringify({ setting: settings }), "sparse");
    const inside = Uint8Array.from(mask, Number);
    const got = pyradiomicsFeatures(core, { ...grid, data: Float32Array.from(values) }, { ...grid, data: inside }, parameters).features;
    expect(outside(got, features)).toEqual([]);
  });
});
