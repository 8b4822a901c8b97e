import { expect, it } from "vitest";
import { ctSeries, PATIENT_NAME } from "../../../../test/helpers/dicom.ts";
import { decodeSeries, warningsIn } from "./dcm2niix.ts";
import { readNifti } from "./nifti.ts";

it("a log is turned into our own sentences, and none of its lines is passed on", () => {
  const log = [
    "Found 12 DICOM file(s)",
    "Warning: Intensity slope/intercept varies between slices! [check resulting images]",
    "Warning: Saving as 32-bit float (slope, intercept or bits allocated varies).",
    `Convert 12 DICOM as /out/${PATIENT_NAME} (20x16x12x1)`,
  ];
  expect(warningsIn(log)).toEqual(["the rescale slope or intercept varies between slices; each slice was rescaled with its own"]);
  expect(warningsIn(["Warning: Empty protocol name(s) (0018,1030)"])).toEqual([]);
});

it("slices with slopes of their own are rescaled each with its own, and that is said", async () => {
  const files = ctSeries({ slices: 3, stored: () => 100, attributes: (k) => ({ RescaleSlope: k + 1, RescaleIntercept: -50 }) });
  const { nifti, warnings } = await decodeSeries(files, "scan", "1.2.840.10008.1.2.1");
  const { data } = readNifti(nifti, "scan").image;
  expect([data[0], data[320], data[640]]).toEqual([50, 150, 250]);
  expect(warnings).toEqual(["the rescale slope or intercept varies between slices; each slice was rescaled with its own"]);
});

it("what is no DICOM image is refused with the way out", async () => {
  await expect(decodeSeries([{ name: "a", bytes: new Uint8Array(500) }], "scan", "1.2.3")).rejects.toThrow(
    /^scan: could not be decoded \(dcm2niix ended with \d+\); .* \(transfer syntax 1.2.3\): export the series again/,
  );
});
