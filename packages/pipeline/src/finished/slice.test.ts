import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ballScan } from "../../../../test/helpers/ball.ts";
import { writeNifti } from "../intake/nifti-writer.ts";
import { randomFor } from "../random.ts";
import { loadStudy } from "../study/run.node.ts";
import { patientSlice } from "./slice.node.ts";

const STUDY = `
name: slice test
seed: 1
cohorts: { internal: { table: cohort.csv } }
outcome: { event: y }
phases: { ct: { image: image, mask: mask, roughFrom: { mask: mask }, window: { level: 20, width: 160 } } }
models: [{ name: both, features: [deep.ct, radiomics.ct] }]
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-slice-"));
  const { volume, mask } = ballScan(randomFor(2, "ball"));
  await writeFile(join(folder, "i.nii.gz"), await writeNifti(volume));
  await writeFile(join(folder, "m.nii.gz"), await writeNifti(mask));
  await writeFile(join(folder, "study.yaml"), STUDY);
  await writeFile(join(folder, "cohort.csv"), "patient_id,y,image,mask\nA,0,i.nii.gz,m.nii.gz\nB,1,,m.nii.gz\nC,1,gone.nii.gz,m.nii.gz\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a patient's slice", () => {
  it("is the tumour's middle one, at the size asked for, with the rough box in white and the mask in orange", async () => {
    const { picture, drawn, slice, slices, phase } = (await patientSlice(await loadStudy(join(folder, "study.yaml")), "A", 40))!;
    expect({ phase, slices, drawn }).toEqual({ phase: "ct", slices: 12, drawn: { box: true, mask: true } });
    expect(Math.abs(slice - 6)).toBeLessThanOrEqual(1);
    expect(Math.max(picture.width, picture.height)).toBe(40);
    const pixels = Array.from({ length: picture.width * picture.height }, (_, p) => [...picture.rgb.subarray(3 * p, 3 * p + 3)].join());
    expect(pixels.filter((colour) => colour === "255,255,255").length).toBeGreaterThan(20);
    expect(pixels.filter((colour) => colour === "230,159,0").length).toBeGreaterThan(5);
  });

  it("is none where the table names no image, and an error that names the file where it is gone", async () => {
    const loaded = await loadStudy(join(folder, "study.yaml"));
    expect(await patientSlice(loaded, "B", 40)).toBeNull();
    await expect(patientSlice(loaded, "C", 40)).rejects.toThrow(/gone\.nii\.gz: does not exist/);
  });
});
