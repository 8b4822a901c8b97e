import { describe, expect, it } from "vitest";
import { readImage } from "../intake/image.ts";
import { readMask } from "../intake/mask.ts";
import type { ImageSource } from "../intake/source.ts";
import { parseRoughRoi } from "../intake/rough-roi.ts";
import { patientFiles, phasePaths, type DemoFile } from "./patient-files.ts";
import { demoRoster } from "./roster.ts";

const SETTINGS = { seed: 1, patients: 40, signal: 1 };
const patients = ["internal", "external"].map((cohort) =>
  demoRoster(SETTINGS).find((p) => p.cohort === cohort && p.categories.max_diameter === "<20mm")!,
);

const source = (files: readonly DemoFile[], path: string): ImageSource => ({
  path,
  files: files.filter((f) => f.path === path || f.path.startsWith(`${path}/`)).map(({ path: name, bytes }) => ({ name, bytes })),
});

describe("a generated patient as files (synthetic)", () => {
  it.each(patients.map((p) => [p.cohort, p] as const))("is the same scan in DICOM as in NIfTI, voxel for voxel: %s", async (_, patient) => {
    const dicom = await patientFiles(SETTINGS, patient, "dicom");
    const nifti = await patientFiles(SETTINGS, patient, "nifti");
    for (const phase of ["arterial", "venous"] as const) {
      const [a, b] = [
        await readImage(source(dicom, phasePaths(phase, "dicom").image)),
        await readImage(source(nifti, phasePaths(phase, "nifti").image)),
      ];
      expect(a.volume.shape).toEqual(b.volume.shape);
      expect(a.volume.data.every((hu, i) => hu === b.volume.data[i])).toBe(true);
      expect(a.report.warnings).toEqual([]);
      for (const axis of [0, 1, 2] as const) {
        expect(a.volume.spacing[axis]).toBeCloseTo(b.volume.spacing[axis], 5);
        expect(a.volume.origin[axis]).toBeCloseTo(b.volume.origin[axis], 3);
      }
      const { mask } = phasePaths(phase, "dicom");
      const { mask: drawn, notes } = await readMask(source(dicom, mask), a.volume, "image");
      expect(notes).toEqual([]);
      expect(drawn.data.includes(1)).toBe(true);
    }
  });

  it("says SYNTHETIC in every slice, and in every annotation, which is valid", async () => {
    const files = await patientFiles(SETTINGS, patients[0]!, "dicom");
    const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
    for (const { path, bytes } of files.filter((f) => f.path.endsWith(".dcm")))
      expect(text(bytes), path).toContain(patients[0]!.id.replace("-", "^"));
    for (const { path, bytes } of files.filter((f) => f.path.endsWith(".json"))) {
      expect(parseRoughRoi(text(bytes), path).annotator).toContain("SYNTHETIC");
    }
  });

  it("gives every slice an identifier of its own, the same every time", async () => {
    const [first, again] = [await patientFiles(SETTINGS, patients[1]!, "dicom"), await patientFiles(SETTINGS, patients[1]!, "dicom")];
    expect(again.map((f) => f.path)).toEqual(first.map((f) => f.path));
    expect(again.every(({ bytes }, i) => Buffer.compare(bytes, first[i]!.bytes) === 0)).toBe(true);
    const slices = first.filter((f) => f.path.endsWith(".dcm"));
    const ids = slices.map(({ bytes }) => /2\.25\.\d{36}/g.exec(new TextDecoder("latin1").decode(bytes))![0]);
    expect(new Set(ids).size).toBe(slices.length);
  });
});
