// What PyRadiomics 3 computes for a real tumour where the mask has a grid of its own, the file's axes are others, or its numbers are.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { sharedData } from "../../../../../test/helpers/shared-data.ts";
import { orientationOf, toCanonical, viewLabels, type RawImage, type VoxelData, type Xyz } from "../../intake/canonical.ts";
import { fitMask } from "../../intake/mask-grid.ts";
import { readNifti } from "../../intake/nifti.ts";
import { maskFromLabels } from "../../intake/segmentation.ts";
import { wholeMask, type Volume } from "../../volume.ts";
import { pyradiomicsFeatures } from "./extract.ts";
import { parsePyradiomicsParameters } from "./parameters.ts";

/** How a case's image or mask is made of the files; `test/generate/pyradiomics_grids.py` does the same. */
interface Change {
  readonly type?: "uint8" | "float32" | "float64";
  readonly permute?: readonly number[];
  readonly spacing?: readonly number[];
  readonly shift?: readonly number[];
  /** Columns are the axes. */
  readonly direction?: readonly number[];
  /** Of the first two axes only every so many-th voxel. */
  readonly every?: number;
}

/** A mask that was drawn elsewhere; the columns of `direction` are its axes. */
interface Ellipsoid {
  readonly size: readonly [number, number, number];
  readonly spacing: Xyz;
  readonly origin: Xyz;
  readonly direction: readonly number[];
}

const golden = JSON.parse(readFileSync(new URL("../../../../../test/golden/pyradiomics-grids.json", import.meta.url), "utf8")) as {
  patient: string;
  cases: { name: string; image: Change; mask: Change | Ellipsoid; settings: object; features: Record<string, number | null> }[];
};
const folder = sharedData("sts", golden.patient);
const raw = (file: string) => readNifti(gunzipSync(readFileSync(`${folder}/${file}`)), file).image;
const core = await loadCore();

const three = <T>(of: (a: number) => T) => [of(0), of(1), of(2)] as [T, T, T];

/** The unit vectors of the axes. */
const columnsOf = (direction: readonly number[]) => three((a) => three((c) => direction[3 * c + a]!));

function changed({ data, size, steps, origin }: RawImage, { type, permute, spacing, shift, direction, every = 1 }: Change): RawImage {
  const order = permute ?? [0, 1, 2];
  const skip = [every, every, 1];
  const strides = [every, every * size[0], size[0] * size[1]];
  const to = three((a) => Math.ceil(size[order[a]!]! / skip[order[a]!]!));
  const Values = type && { uint8: Uint8Array, float32: Float32Array, float64: Float64Array }[type];
  const values = Values ? new Values(to[0] * to[1] * to[2]) : data.slice(0, to[0] * to[1] * to[2]);
  for (let k = 0, at = 0; k < to[2]; k++) {
    for (let j = 0; j < to[1]; j++) {
      for (let i = 0; i < to[0]; i++, at++) {
        const value = Number(data[i * strides[order[0]!]! + j * strides[order[1]!]! + k * strides[order[2]!]!]);
        values[at] = type === undefined ? value : type === "uint8" ? Math.min(255, Math.max(0, value)) : value / 100;
      }
    }
  }
  const lengths = three((a) => Math.hypot(...steps[order[a]!]!));
  const mm = three((a) => (spacing?.[a] ?? lengths[a]!) * skip[order[a]!]!);
  const directions = direction ? columnsOf(direction) : three((a) => steps[order[a]!]!.map((v) => v / lengths[a]!) as unknown as Xyz);
  return {
    data: values as VoxelData,
    size: to,
    steps: three((a) => directions[a]!.map((v) => v * mm[a]!) as unknown as Xyz),
    spacing: mm,
    directions,
    origin: three((a) => origin[a]! + (shift?.[a] ?? 0)),
  };
}

function ellipsoid({ size, spacing, origin, direction }: Ellipsoid): RawImage {
  const part = (a: 0 | 1 | 2, i: number) => ((2 * i - size[a] + 1) / (size[a] - 4)) ** 2;
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  for (let k = 0, at = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++) for (let i = 0; i < size[0]; i++, at++) data[at] = part(0, i) + part(1, j) + part(2, k) <= 1 ? 1 : 0;
  const directions = columnsOf(direction);
  const steps = three((a) => directions[a]!.map((v) => v * spacing[a]!) as unknown as Xyz);
  return { data, size, steps, origin, spacing, directions };
}

describe.skipIf(!folder)("PyRadiomics 3 has all 107 values within 1e-6:", () => {
  it.each(golden.cases)("$name", ({ name, image, mask, settings, features }) => {
    const scan = changed(raw("ct.nii.gz"), image);
    const plain = toCanonical(scan, "ct");
    const volume: Volume = {
      ...plain,
      isFloating: image.type === "float32" || image.type === "float64",
      ...(image.type === "uint8" && { range: [0, 255] }),
      ...(scan.data instanceof Float64Array && { doubles: { values: scan.data, of: plain.data } }),
    };
    const drawn = "size" in mask ? ellipsoid(mask) : changed(raw("ct_mask.nii.gz"), mask);
    const { mask: region } = maskFromLabels(viewLabels(drawn, "mask"), "mask", { label: 1 });
    const fitted = fitMask(wholeMask(region), volume, "mask", "ct", orientationOf(drawn)).mask;
    const parameters = parsePyradiomicsParameters(JSON.stringify({ setting: settings }), name);
    const got = pyradiomicsFeatures(core, volume, fitted, parameters, orientationOf(scan)).features;
    const off = Object.entries(features)
      .filter(([tag, value]) => (value === null ? got[tag] !== null : !(Math.abs(got[tag]! - value) <= 1e-6 * Math.abs(value) + 1e-10)))
      .map(([tag, value]) => `${tag}: ${got[tag]} against ${value}`);
    expect(Object.keys(got).sort()).toEqual(Object.keys(features).sort());
    expect(off).toEqual([]);
  });
});
