import { describe, expect, test } from "vitest";
import { sharedData } from "../../../../test/helpers/shared-data.ts";
import type { Mask, Volume } from "../volume.ts";
import { depositCase, type DepositLimits } from "./deposit.ts";
import { readImage } from "./image.ts";
import { readMask } from "./mask.ts";
import { writeMetaImage } from "./metaimage-writer.ts";
import { sourceFromFiles } from "./source.ts";
import { readSource } from "./source.node.ts";

const limits: DepositLimits = { files: 1000, bytes: 2 ** 30, voxels: 2 ** 28 };
const shape = [3, 4, 5] as const;
const grid = {
  shape,
  spacing: [1 / 3, 0.683594, 0.683594] as const,
  origin: [-123.456789012345, 1e-7, 17.1] as const,
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const,
};
const volumeOf = (value: (i: number) => number): Volume => ({ ...grid, data: Float32Array.from({ length: 60 }, (_, i) => value(i)) });
const mask: Mask = { ...grid, data: Uint8Array.from({ length: 60 }, (_, i) => (i % 7 === 0 ? 1 : 0)) };
const read = (bytes: Uint8Array) => readImage(sourceFromFiles("x.mha", [{ name: "x.mha", bytes }]));
/** A file whose first two axes run against ours. */
const turned = (
  type: string,
  size: readonly number[],
  spacing: readonly number[],
  voxels: Uint8Array | Uint16Array | Int16Array | Float64Array,
) =>
  Buffer.concat([
    Buffer.from(
      `ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = False\nTransformMatrix = -1 0 0 0 -1 0 0 0 1\nOffset = 12.5 7 -3\nCenterOfRotation = 0 0 0\nElementSpacing = ${spacing.join(" ")}\nDimSize = ${size.join(" ")}\nElementType = ${type}\nElementDataFile = LOCAL\n`,
    ),
    Buffer.from(voxels.buffer),
  ]);
const file = (bytes: Uint8Array) => [{ name: "Doe^Jane.mha", bytes }];

describe("writeMetaImage", () => {
  test.each([
    ["whole numbers", (i: number) => i * 37 - 1000, false],
    ["whole numbers of a floating point file", (i: number) => i * 37 - 1000, true],
    ["fractions", (i: number) => Math.fround(i / 7), true],
    ["whole numbers beyond 16 bits", (i: number) => i * 1000, false],
  ])("%s come back with their geometry to the last digit", async (_, value, isFloating) => {
    const volume = { ...volumeOf(value), isFloating };
    const back = (await read(writeMetaImage(volume))).volume;
    expect({ ...back, stored: undefined, range: undefined }).toEqual(volume);
  });

  test("numbers of 64 bits come back with all their digits, unless the volume's have changed since", async () => {
    const image = turned(
      "MET_DOUBLE",
      [2, 2, 2],
      [1, 1, 1],
      Float64Array.from({ length: 8 }, (_, i) => i / 100),
    );
    const { volume } = await read(image);
    expect((await read(writeMetaImage(volume))).volume.doubles!.values).toEqual(volume.doubles!.values);
    const changed = (await read(writeMetaImage({ ...volume, data: volume.data.map((v) => 2 * v) }))).volume;
    expect([changed.doubles, changed.data[0]]).toEqual([undefined, 2 * volume.data[0]!]);
  });

  test("oblique axes come back to 1e-15", async () => {
    const [c, s] = [Math.cos(0.2), Math.sin(0.2)];
    const volume: Volume = { ...volumeOf((i) => i), direction: [[1, 0, 0], [0, c, s], [0, -s, c]] }; // prettier-ignore
    const back = (await read(writeMetaImage(volume))).volume;
    back.direction.flat().forEach((value, i) => expect(Math.abs(value - volume.direction.flat()[i]!)).toBeLessThan(1e-15));
    back.spacing.forEach((value, i) => expect(Math.abs(value - volume.spacing[i]!)).toBeLessThan(1e-15));
  });

  const scan = sharedData("crlm-ct-1006", "dicom");
  test.skipIf(!scan)("a real DICOM series comes back with the same bits", async () => {
    const { volume } = await readImage(await readSource(scan!));
    const back = (await read(writeMetaImage(volume))).volume;
    expect([back.shape, back.spacing, back.origin, back.direction]).toEqual([
      volume.shape,
      volume.spacing,
      volume.origin,
      volume.direction,
    ]);
    expect(Buffer.from(back.data.buffer).equals(Buffer.from(volume.data.buffer, volume.data.byteOffset, volume.data.byteLength))).toBe(
      true,
    );
  });
});

describe("depositCase", () => {
  const image = writeMetaImage(volumeOf((i) => i));
  const rough = JSON.stringify({
    format: "islet-rough-roi/1",
    image: "DOE JANE 1950",
    annotator: "Dr. Who",
    coordinateSystem: "RAS",
    unit: "mm",
    slices: ["top", "largest", "bottom"].map((role, i) => ({
      role,
      corners: [[0, 0, -i], [1, 0, -i], [1, 1, -i], [0, 1, -i]], // prettier-ignore
    })),
  });

  test("an annotation keeps its corners and loses every name", async () => {
    const kept = await depositCase({ image: file(image), rough: { name: "Doe.json", bytes: new TextEncoder().encode(rough) } }, limits);
    expect(kept.rough).not.toMatch(/doe|who/i);
    expect(JSON.parse(kept.rough!).slices[0].corners[1]).toEqual([-1, 0, 0]);
  });

  test("files in another order of axes are kept in it, and in their own type of numbers", async () => {
    const sent = turned(
      "MET_USHORT",
      [5, 4, 3],
      [0.5, 0.5, 2],
      Uint16Array.from({ length: 60 }, (_, i) => i * 1000),
    );
    const kept = await depositCase({ image: file(sent) }, limits);
    expect(new TextDecoder().decode(kept.image)).toMatch(/ElementType = MET_USHORT/);
    const [before, after] = [await read(sent), await read(kept.image)];
    expect(after.volume).toEqual(before.volume);
    expect([before.report.orientation, after.report.orientation]).toEqual(["RAS", "RAS"]);
  });

  test("a mask on another grid is kept on it, so that the nearest neighbour is that of the file", async () => {
    const sent = turned(
      "MET_UCHAR",
      [4, 3, 4],
      [0.6, 0.7, 1.5],
      Uint8Array.from({ length: 48 }, (_, i) => (i % 5 < 2 ? 1 : 0)),
    );
    const scan = turned(
      "MET_SHORT",
      [5, 4, 3],
      [0.5, 0.5, 2],
      Int16Array.from({ length: 60 }, (_, i) => i),
    );
    const kept = await depositCase({ image: file(scan), mask: file(sent) }, limits);
    const { volume } = await read(kept.image);
    const onto = async (bytes: Uint8Array, nearest: boolean) => {
      const options = nearest ? ({ resampling: "nearest" } as const) : {};
      return (await readMask(sourceFromFiles("m.mha", [{ name: "m.mha", bytes }]), volume, "image", options)).mask;
    };
    for (const nearest of [true, false]) expect(await onto(kept.mask!, nearest)).toEqual(await onto(sent, nearest));
    expect((await onto(sent, true)).data).not.toEqual((await onto(sent, false)).data);
    expect(kept.facts.warnings.join()).toMatch(/mask: is kept on its own grid, from which each job brings it onto the image's/);
  });

  test("a mask is kept on the image's voxels", async () => {
    const kept = await depositCase({ image: file(image), mask: file(writeMetaImage(mask)) }, limits);
    const { volume } = await read(kept.image);
    const back = await readMask(sourceFromFiles("m.mha", [{ name: "m.mha", bytes: kept.mask! }]), volume, "image");
    expect(back.mask.data).toEqual(mask.data);
    expect(kept.facts.maskVoxels).toBe(9);
  });

  test("a refusal calls the file by its role, not by its name", async () => {
    const photo = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0]);
    await expect(depositCase({ image: [{ name: "Doe^Jane.jpg", bytes: photo }] }, limits)).rejects.toThrow(
      "image: is a JPEG picture, expected a scan",
    );
  });

  test("an image of too many voxels is refused with both numbers", async () => {
    await expect(depositCase({ image: file(image) }, { ...limits, voxels: 59 })).rejects.toThrow(
      "image: holds 60 voxels (3 x 4 x 5), expected at most 59",
    );
  });
});
