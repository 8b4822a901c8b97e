// The shared scans as we read them, against independent readers (pydicom with GDCM, nibabel), by position in the patient.
import { readdirSync, readFileSync } from "node:fs";
import { inspectImage, isotropicGrid, parseRoughRoi, readImage, readMask, roughCuboid } from "@islet/pipeline";
import { readSource } from "@islet/pipeline/node";
import { describe, expect, it } from "vitest";
import { expectClose } from "../helpers/close.ts";
import { golden } from "../helpers/golden.ts";
import { sharedData } from "../helpers/shared-data.ts";

/** Equality of millions of values, which toEqual takes seconds for. */
const sameValues = (a: Float32Array, b: Float32Array) => Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0;

interface Scan {
  readonly shape: number[];
  readonly spacing: number[];
  readonly origin: number[];
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly voxels: [z: number, y: number, x: number, value: number][];
}

const { scans } = golden<{ scans: Record<string, Scan> }>("intake-scans");

describe("that a shared scan holds the values that an independent reader finds at the same places of the patient", () => {
  for (const [name, want] of Object.entries(scans)) {
    const path = sharedData(...name.split("/"));
    it.skipIf(path === null)(`is true of ${name}`, async () => {
      const { volume, report } = await readImage(await readSource(path!));
      expect(volume.shape).toEqual(want.shape);
      // NIfTI keeps positions and spacings as 32-bit numbers: 1e-4 mm at 1000 mm.
      expectClose(volume.spacing, want.spacing, { atol: 1e-6 });
      expectClose(volume.origin, want.origin, { atol: 1e-4 });
      expect(report.valueRange).toEqual([want.minimum, want.maximum]);
      let sum = 0;
      for (const value of volume.data) sum += value;
      expect(sum).toBe(want.sum);
      for (const [z, y, x, value] of want.voxels) {
        const index = [z, y, x].map((p, a) => Math.round((p - volume.origin[a]!) / volume.spacing[a]!));
        expect(volume.data[(index[0]! * volume.shape[1] + index[1]!) * volume.shape[2] + index[2]!]).toBe(value);
      }
    });
  }
});

const transferSyntaxes = sharedData("dicom-transfer-syntaxes");
it.skipIf(transferSyntaxes === null)("the four transfer syntaxes of one slice decode to the same pixels", async () => {
  const files = readdirSync(transferSyntaxes!).filter((name) => name.endsWith(".dcm"));
  expect(files).toHaveLength(4);
  const volumes = await Promise.all(files.map(async (name) => (await readImage(await readSource(`${transferSyntaxes}/${name}`))).volume));
  const [first] = volumes as [(typeof volumes)[0]];
  for (const { data, shape, spacing, origin } of volumes) {
    expect({ shape, spacing, origin }).toEqual({ shape: first.shape, spacing: first.spacing, origin: first.origin });
    expect(sameValues(data, first.data)).toBe(true);
  }
});

const phantom = sharedData("ibsi", "ct_phantom");
describe.skipIf(phantom === null)("the IBSI CT phantom", () => {
  it("has the same HU in the same voxels from DICOM and from NIfTI", async () => {
    const dicom = (await readImage(await readSource(`${phantom}/dicom/image`))).volume;
    const nifti = (await readImage(await readSource(`${phantom}/nifti/image/phantom.nii.gz`))).volume;
    expect(dicom.shape).toEqual(nifti.shape);
    expectClose(dicom.origin, nifti.origin, { atol: 1e-4 });
    expect(sameValues(dicom.data, nifti.data)).toBe(true);
  });

  it("has the same mask from RTSTRUCT and from NIfTI but for one voxel", async () => {
    const image = (await readImage(await readSource(`${phantom}/dicom/image`))).volume;
    const drawn = await readMask(await readSource(`${phantom}/dicom/mask`), image, "image", { structure: "GTV-1" });
    const stored = await readMask(await readSource(`${phantom}/nifti/mask/mask.nii.gz`), image, "image");
    expect([...drawn.notes, ...stored.notes]).toEqual([]);
    let both = 0;
    let either = 0;
    const differing: number[] = [];
    for (let i = 0; i < image.data.length; i++) {
      both += drawn.mask.data[i]! & stored.mask.data[i]!;
      either += drawn.mask.data[i]! + stored.mask.data[i]!;
      if (drawn.mask.data[i] !== stored.mask.data[i]) differing.push(i);
    }
    // The centre of voxel (32, 123, 137) lies 3e-6 of a voxel from a side of its contour, below what either file's decimals resolve.
    const [, ny, nx] = image.shape;
    expect(differing.map((i) => [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx])).toEqual([[32, 123, 137]]);
    expect((2 * both) / either).toBeGreaterThan(0.99999);
  });

  it("is found beside its structure set in one folder, which is no second series", async () => {
    const { series, image } = await inspectImage(await readSource(`${phantom}/dicom`));
    expect(series).toHaveLength(1);
    expect(image?.shape).toEqual([60, 201, 204]);
  });
});

const liver = sharedData("crlm-ct-1006");
it.skipIf(liver === null)(
  "the shared rough annotation becomes the box of the 1 mm voxels whose centres lie inside its corners",
  async () => {
    const { volume } = await readImage(await readSource(`${liver}/dicom`));
    const file = `${liver}/rough-roi.json`;
    const grid = isotropicGrid(volume, 1);
    const { box, notes } = roughCuboid(parseRoughRoi(readFileSync(file, "utf8"), file), grid, file);
    expect(notes).toEqual([]);
    // The extremes of the twelve corners in the file, (z, y, x).
    const [low, high] = [
      [-311.44, 16.27, -112.14],
      [-291.44, 51.68, -71.91],
    ];
    for (const a of [0, 1, 2] as const) {
      const centres = Array.from({ length: grid.shape[a] }, (_, i) => grid.origin[a] + i);
      // The headers' -311.440002 is the annotation's -311.44.
      const inside = centres.flatMap((c, i) => (c >= low[a]! - 1e-3 && c <= high[a]! + 1e-3 ? [i] : []));
      expect([box.from[a], box.to[a]]).toEqual([inside[0], inside.at(-1)! + 1]);
    }
    expect(box.to.map((t, a) => t - box.from[a]!)).toEqual([21, 36, 40]);
  },
);
