import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { sharedData } from "../../../../test/helpers/shared-data.ts";
import { planRadiomics } from "../radiomics/plan.ts";
import { hashInput } from "../host/hash.node.ts";
import { radiomicsCase } from "./radiomics-case.node.ts";
import { startHelper } from "./start-helper.node.ts";

const folder = mkdtempSync(join(tmpdir(), "islet-case-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SIZE = [23, 21, 14] as const;
const at = (i: number) => [Math.floor(i / (SIZE[0] * SIZE[1])), Math.floor(i / SIZE[0]) % SIZE[1], i % SIZE[0]] as const;

/** A gzipped NIfTI in RAS, so that reading it turns two axes; named, spacing in mm. */
function nifti(name: string, value: (i: number) => number, datatype: 4 | 16 | 2, spacing = [1, 1.25, 3]): string {
  const bytes = { 2: 1, 4: 2, 16: 4 }[datatype];
  const count = SIZE[0] * SIZE[1] * SIZE[2];
  const file = Buffer.alloc(352 + bytes * count);
  file.writeInt32LE(348, 0);
  [3, ...SIZE, 1, 1, 1, 1].forEach((n, k) => file.writeInt16LE(n, 40 + 2 * k));
  file.writeInt16LE(datatype, 70);
  spacing.forEach((mm, k) => file.writeFloatLE(mm, 80 + 4 * k));
  file.writeFloatLE(352, 108);
  file[123] = 2;
  file.writeInt16LE(1, 254);
  spacing.forEach((mm, k) => file.writeFloatLE(mm, 280 + 16 * k + 4 * k));
  file.write("n+1\0", 344, "latin1");
  for (let i = 0; i < count; i++) {
    if (datatype === 2) file.writeUInt8(value(i), 352 + i);
    else if (datatype === 4) file.writeInt16LE(value(i), 352 + 2 * i);
    else file.writeFloatLE(value(i), 352 + 4 * i);
  }
  const path = join(folder, name);
  writeFileSync(path, gzipSync(file));
  return path;
}

const tissue = (i: number) => ((Math.imul(i, 2654435761) >>> 22) % 300) - 80;
const inside = (i: number) => {
  const [z, y, x] = at(i);
  return (z - 6) ** 2 / 20 + (y - 10) ** 2 / 40 + (x - 11) ** 2 / 60 <= 1 ? 1 : 0;
};
const mask = nifti("mask.nii.gz", inside, 2);
const ibsi = planRadiomics("ibsi");

describe("one case, file to features", () => {
  it.each([
    ["whole numbers", nifti("whole.nii.gz", tissue, 4)],
    ["floating point", nifti("float.nii.gz", (i) => tissue(i) + 0.25, 16)],
  ])("has the same result with a second thread and without (%s)", async (_, image) => {
    const alone = await radiomicsCase({ image, mask }, ibsi);
    const { helper, end } = startHelper();
    try {
      for (let turn = 0; turn < 4; turn++) expect(await radiomicsCase({ image, mask }, ibsi, { helper })).toEqual(alone);
    } finally {
      end();
    }
    expect(alone.provenance).toMatchObject({ imageSha256: await hashInput(image), maskSha256: await hashInput(mask) });
    expect(Object.values(alone.features).filter((value) => value === null)).toEqual([]);
  });

  it("has the shape in the image's spacing where the mask's differs in the last digits of its header", async () => {
    const image = nifti("image.nii.gz", tissue, 4);
    const close = nifti("close.nii.gz", inside, 2, [1.00001, 1.25, 3]);
    expect((await radiomicsCase({ image, mask: close }, ibsi)).features).toEqual((await radiomicsCase({ image, mask }, ibsi)).features);
  });

  it("says of an image's values what inspection says, and names a fault of the image before one of the mask", async () => {
    const holed = nifti("holed.nii.gz", (i) => (i === 3 ? NaN : tissue(i)), 16);
    expect((await radiomicsCase({ image: holed, mask }, ibsi)).warnings).toEqual([
      expect.stringMatching(/holed\.nii\.gz: 1 of 6762 voxels hold NaN or an infinity and were kept as they are/),
    ]);
    const flat = nifti("flat.nii.gz", () => 7, 4);
    expect((await radiomicsCase({ image: flat, mask }, ibsi)).warnings[0]).toMatch(/flat\.nii\.gz: every voxel holds the same value, 7/);
    const nothing = nifti("nothing.nii.gz", () => NaN, 16);
    const empty = nifti("empty.nii.gz", () => 0, 2);
    await expect(radiomicsCase({ image: nothing, mask: empty }, ibsi)).rejects.toThrow(/nothing\.nii\.gz: holds no finite value/);
    await expect(radiomicsCase({ image: flat, mask: empty }, ibsi)).rejects.toThrow(/empty\.nii\.gz: is empty/);
  });

  it("finds a truncated and a damaged file also where only a part of it is used", async () => {
    const { readFileSync } = await import("node:fs");
    const whole = readFileSync(nifti("long.nii.gz", tissue, 4));
    const cut = join(folder, "cut.nii.gz");
    writeFileSync(cut, whole.subarray(0, whole.length - 9));
    await expect(radiomicsCase({ image: cut, mask }, ibsi)).rejects.toThrow(/its gzip data end early or are damaged/);
    const damaged = Buffer.from(whole);
    damaged[damaged.length - 6]! ^= 1;
    writeFileSync(cut, damaged);
    await expect(radiomicsCase({ image: cut, mask }, ibsi)).rejects.toThrow(/its gzip data end early or are damaged/);
  });

  it.skipIf(!sharedData("ibsi/ct_phantom"))("has the bits of one thread for the lung phantom", async () => {
    const root = sharedData("ibsi/ct_phantom")!;
    const given = { image: join(root, "nifti/image/phantom.nii.gz"), mask: join(root, "nifti/mask/mask.nii.gz") };
    const { helper, end } = startHelper();
    try {
      await radiomicsCase(given, ibsi, { helper });
      expect(await radiomicsCase(given, ibsi, { helper })).toEqual(await radiomicsCase(given, ibsi));
    } finally {
      end();
    }
  });
});
