import { gunzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { AXIS_ALIGNED, type Geometry, type Mask, type Volume } from "../volume.ts";
import { readImage } from "./image.ts";
import { readNiftiHeader } from "./nifti-header.ts";
import { writeNifti } from "./nifti-writer.ts";
import { sourceFromFiles } from "./source.ts";

const grid: Geometry = { shape: [3, 4, 5], spacing: [3, 2, 1.5], origin: [-812.4375, 20.25, -31.5], direction: AXIS_ALIGNED };
const [c, s] = [Math.cos(0.2), Math.sin(0.2)];
const oblique: Geometry = { ...grid, direction: [[c, -s, 0], [s, c, 0], [0, 0, 1]] }; // prettier-ignore
const values = (geometry: Geometry, value: (i: number) => number): Volume => ({
  ...geometry,
  data: Float32Array.from({ length: 60 }, (_, i) => value(i)),
});

async function roundTrip(volume: Volume | Mask) {
  const bytes = await writeNifti(volume);
  return {
    bytes,
    header: readNiftiHeader(gunzipSync(bytes), "a"),
    read: (await readImage(sourceFromFiles("a.nii.gz", [{ name: "a.nii.gz", bytes }]))).volume,
  };
}

describe("writeNifti", () => {
  it.each([
    ["an upright grid", grid],
    ["an oblique grid", oblique],
  ])("is read back with the same values and geometry from %s", async (_, geometry) => {
    const volume = values(geometry, (i) => i * 0.5 - 7);
    const { read } = await roundTrip(volume);
    expect(read.data).toEqual(volume.data);
    expect(read.shape).toEqual(volume.shape);
    // NIfTI keeps 32-bit numbers.
    expectClose(read.origin, volume.origin, { rtol: 1e-7 });
    expectClose(read.spacing, volume.spacing, { rtol: 1e-6 });
    expectClose(read.direction.flat(), volume.direction.flat(), { atol: 1e-6 });
  });

  it("stores integers in 16 bits, other values in 32, a mask in 8", async () => {
    expect((await roundTrip(values(grid, (i) => i - 1024))).header.voxels).toBe(Int16Array);
    expect((await roundTrip(values(grid, (i) => i + 0.5))).header.voxels).toBe(Float32Array);
    expect((await roundTrip(values(grid, (i) => i * 1000))).header.voxels).toBe(Float32Array);
    expect((await roundTrip(values(grid, (i) => (i ? i : NaN)))).read.data[0]).toBeNaN();
    const mask = await roundTrip({ ...grid, data: Uint8Array.from({ length: 60 }, (_, i) => i % 2) });
    expect(mask.header.voxels).toBe(Uint8Array);
    expect(mask.read.data[1]).toBe(1);
  });

  it("says the same in sform and qform, and writes the same bytes for the same volume", async () => {
    const { header, bytes } = await roundTrip(values(oblique, (i) => i));
    expectClose(header.qform!.flat(), header.sform!.flat(), { atol: 1e-4 });
    expect(await writeNifti(values(oblique, (i) => i))).toEqual(bytes);
  });

  it("refuses data that do not fill the grid", async () => {
    await expect(writeNifti({ ...grid, data: new Float32Array(59) })).rejects.toMatchObject({ name: "ShapeError" });
  });
});
