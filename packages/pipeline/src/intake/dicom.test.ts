// Synthetic series with every fault that a folder of slices can have.
import { deflateSync, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { ctSeries, dicomFile, PATIENT_NAME, uid, type CtSeries } from "../../../../test/helpers/dicom.ts";
import { positionOf, type Volume } from "../volume.ts";
import { readImage } from "./image.ts";
import { inspectImage } from "./inspect.ts";
import { sourceFromFiles, type SourceFile } from "./source.ts";

const read = (files: readonly SourceFile[], series?: string) =>
  readImage(sourceFromFiles("scan", files), series === undefined ? {} : { series });
const inspect = (files: readonly SourceFile[]) => inspectImage(sourceFromFiles("scan", files));

/** HU that grow linearly with the position, so that linear interpolation anywhere must give the value of the place. */
const huAt = (x: number, y: number, z: number) => 2 * x + 10 * y + 20 * (z - 100);

type Position = readonly [number, number, number];
function linearSeries(position: (k: number) => Position, orientation: readonly number[], series: CtSeries = {}): SourceFile[] {
  const stored = (k: number, r: number, c: number) => {
    const [x, y, z] = position(k).map((p, i) => p + orientation[i]! * c + orientation[i + 3]! * r) as [number, number, number];
    // Tenths of a HU, by a rescale slope of 0.1.
    return Math.round(10 * (huAt(x, y, z) + 1024));
  };
  const attributes = { RescaleSlope: 0.1, ...(series.attributes as object | undefined) };
  return ctSeries({ rows: 30, columns: 24, ...series, position, orientation, stored, attributes });
}

/** The largest difference to the value of the place, over voxels that lie inside the scanned slices. */
function worstInside(volume: Volume, isInside: (x: number, y: number, z: number) => boolean): { worst: number; voxels: number } {
  let [worst, voxels, n] = [0, 0, 0];
  const [nz, ny, nx] = volume.shape;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        const [z, y, x] = positionOf(volume, [k, j, i]);
        if (!isInside(x, y, z)) continue;
        voxels++;
        worst = Math.max(worst, Math.abs(volume.data[n]! - huAt(x, y, z)));
      }
    }
  }
  return { worst, voxels };
}

const AXIAL = [1, 0, 0, 0, 1, 0];

describe("a sound series", () => {
  it("is read in HU, in place, whatever the order and names of its files", async () => {
    const files = ctSeries().map(({ bytes }, i) => ({ name: `IM${(7 * i) % 12}`, bytes }));
    const { volume, report } = await read(files);
    expect(volume.shape).toEqual([12, 16, 20]);
    expect(volume.spacing).toEqual([2, 1, 1]);
    expect(volume.origin).toEqual([100, -8, -10]);
    expect(volume.data[0]).toBe(0);
    expect(volume.data[(3 * 16 + 4) * 20 + 5]).toBe(100 * 3 + 5 * 4 + 5);
    expect(report).toMatchObject({ format: "dicom", orientation: "LPS", warnings: [], valueRange: [0, 1194] });
    expect(report.series).toMatchObject({
      number: 1,
      modality: "CT",
      slices: 12,
      sliceSpacing: 2,
      plane: "axial",
      duplicates: 0,
      gaps: [],
      unevenMm: null,
      problem: null,
    });
  });

  it.each([
    ["sagittal, head down", [0, 1, 0, 0, 0, -1], (k: number): Position => [3 * k, -8, 90]],
    ["coronal", [1, 0, 0, 0, 0, -1], (k: number): Position => [-10, 3 * k, 90]],
    ["axial from the head down", AXIAL, (k: number): Position => [-10, -8, 100 - 3 * k]],
    ["axial face down", [-1, 0, 0, 0, -1, 0], (k: number): Position => [10, 8, 100 + 3 * k]],
    ["oblique", [0.8, 0.6, 0, -0.6, 0.8, 0], (k: number): Position => [-10, -8, 100 + 3 * k]],
    ["doubly oblique", [0.96, 0, -0.28, -0.168, 0.8, -0.576], (k: number): Position => [0.224 * 3 * k, 0.6 * 3 * k, 100 + 0.768 * 3 * k]],
  ] as const)("%s: every voxel holds the value of its place", async (_, orientation, position) => {
    const { volume, report } = await read(linearSeries(position, orientation));
    expect(report.warnings).toEqual([]);
    const { worst, voxels } = worstInside(volume, () => true);
    expect(voxels).toBe(12 * 30 * 24);
    expect(worst).toBeLessThan(0.06); // stored in tenths
  });

  it("of one slice takes its thickness for its spacing, and says so", async () => {
    const { volume, report } = await read(ctSeries({ slices: 1 }));
    expect(volume.shape).toEqual([1, 16, 20]);
    expect(volume.spacing).toEqual([2, 1, 1]);
    expect(report.warnings).toEqual(["scan: it has a single slice, whose thickness (2.0 mm) was taken as its spacing"]);
  });

  it("with rounded positions counts as even", async () => {
    const { report } = await read(ctSeries({ position: (k) => [-10, -8, Number((100 + 0.625 * k).toFixed(1))] }));
    expect(report.series).toMatchObject({ unevenMm: null, gaps: [] });
    expect(report.spacing[0]).toBeCloseTo(0.625, 2);
  });

  it("is read from a zip", async () => {
    const zip = zipSync(Object.fromEntries(ctSeries().map(({ name, bytes }) => [`study/series/${name}`, bytes])));
    const { volume } = await readImage(sourceFromFiles("scan.zip", [{ name: "scan.zip", bytes: zip }]));
    expect(volume.shape).toEqual([12, 16, 20]);
  });

  it("of CT without rescale slope and intercept is read with a warning that its values may not be HU", async () => {
    const { report } = await read(ctSeries({ attributes: { RescaleSlope: undefined, RescaleIntercept: undefined } }));
    expect(report.warnings).toEqual(["scan: its headers give no rescale slope and intercept, so its values may not be HU"]);
    expect(report.valueRange).toEqual([1024, 2218]);
  });

  it("beside files that are not DICOM is read, with a note", async () => {
    const { report } = await read([...ctSeries(), { name: "README.txt", bytes: new TextEncoder().encode("hello") }]);
    expect(report.warnings).toEqual(["scan: one file is not DICOM and was left out"]);
  });
});

describe("several series in one source", () => {
  const files = [
    ...ctSeries({ attributes: { SeriesNumber: 2, SeriesDescription: "ARTERIAL", SeriesInstanceUID: "2.25.2" } }),
    ...ctSeries({ slices: 5, attributes: { SeriesNumber: 3, SeriesDescription: "VENOUS", SeriesInstanceUID: "2.25.3" } }),
  ].map(({ bytes }, i) => ({ name: `${i}.dcm`, bytes }));

  it("are listed and refused, never guessed", async () => {
    await expect(read(files)).rejects.toMatchObject({
      name: "IntakeError",
      message:
        'scan: holds 2 image series, expected one: series 2 (CT "ARTERIAL", 12 slices of 20 x 16 every 2.0 mm, UID 2.25.2); series 3 (CT "VENOUS", 5 slices of 20 x 16 every 2.0 mm, UID 2.25.3). Choose one with --series NUMBER or --series UID, or name its own folder',
    });
  });

  it("are chosen from by number or by UID", async () => {
    expect((await read(files, "3")).volume.shape[0]).toBe(5);
    expect((await read(files, "2.25.2")).volume.shape[0]).toBe(12);
    await expect(read(files, "7")).rejects.toThrow(/^scan: holds no image series "7"; it has series 2 .* Choose one by its number or UID$/);
  });

  it("that share a number are chosen from by UID only", async () => {
    const twins = [
      ...ctSeries({ attributes: { SeriesInstanceUID: "2.25.8" } }),
      ...ctSeries({ attributes: { SeriesInstanceUID: "2.25.9" } }),
    ].map(({ bytes }, i) => ({ name: `${i}`, bytes }));
    await expect(read(twins, "1")).rejects.toThrow(/holds 2 image series "1"; .* Choose one by its UID$/);
    expect((await read(twins, "2.25.9")).report.series?.uid).toBe("2.25.9");
  });

  it("without a number and a UID are chosen from by their place in the list", async () => {
    const nameless = [
      ...ctSeries({ attributes: { SeriesInstanceUID: "2.25.9" } }),
      ...ctSeries({ slices: 5, attributes: { SeriesNumber: "", SeriesInstanceUID: "" } }),
    ].map(({ bytes }, i) => ({ name: `${i}`, bytes }));
    const message = await read(nameless).then(String, (error: Error) => error.message);
    const place = /(#\d), series without a number/.exec(message)?.[1];
    expect(message).toContain("or by its place in this list, such as --series '#1'");
    expect((await read(nameless, place)).volume.shape[0]).toBe(5);
  });

  it("are all described by inspectImage, each with its values", async () => {
    const { series, image } = await inspect(files);
    expect(series.map((s) => [s.number, s.slices, s.image?.valueRange])).toEqual([
      [2, 12, [0, 1194]],
      [3, 5, [0, 494]],
    ]);
    expect(image).toBeNull();
    expect(JSON.parse(JSON.stringify(series))).toEqual(series);
  });
});

describe("slices", () => {
  it("that are missing are refused, naming the neighbours and both distances", async () => {
    const files = ctSeries().filter((_, i) => i !== 5);
    await expect(read(files)).rejects.toMatchObject({
      name: "IntakeError",
      message:
        "scan: slices 5 and 6 (instances 5 and 7) are 4.0 mm apart, the others 2.0 mm; a slice is probably missing. Export the series again, or exclude the patient in study.exclude.",
    });
    const { series } = await inspect(files);
    expect(series[0]).toMatchObject({ gaps: [{ between: [5, 6], mm: 4, missing: 1 }], image: null });
    expect(series[0]!.problem).toMatch(/^slices 5 and 6/);
  });

  it("that are missing between three are refused too", async () => {
    const files = ctSeries({ slices: 4 }).filter((_, i) => i !== 1);
    await expect(read(files)).rejects.toThrow(/slices 1 and 2 \(instances 1 and 3\) are 4.0 mm apart, the others 2.0 mm/);
  });

  it("that are missing in several places are counted", async () => {
    const files = ctSeries({ slices: 20 }).filter((_, i) => ![4, 5, 12].includes(i));
    await expect(read(files)).rejects.toThrow(
      /slices 4 and 5 \(instances 4 and 7\) are 6.0 mm apart, the others 2.0 mm; 2 slices are probably missing. There is one more such gap, 3 slices in all\./,
    );
  });

  it("that repeat another exactly are left out, and counted", async () => {
    const files = ctSeries();
    const again = files.slice(3, 5).map(({ name, bytes }) => ({ name: `copy-of-${name}`, bytes }));
    const { volume, report } = await read([...files, ...again]);
    expect(volume.shape[0]).toBe(12);
    expect(report.series?.duplicates).toBe(2);
    expect(report.warnings).toEqual(["scan: 2 of its images repeat another's position and pixels and were left out"]);
  });

  it("that differ at one position are refused: two phases under one series", async () => {
    const common = { SeriesInstanceUID: "2.25.5", SeriesNumber: 4 };
    const phases = [
      ctSeries({ attributes: common }),
      ctSeries({ attributes: { ...common, AcquisitionNumber: 2 }, stored: (k, r, c) => 1100 + k + r + c }),
    ];
    await expect(read(phases.flat().map(({ bytes }, i) => ({ name: `${i}`, bytes })))).rejects.toThrow(
      "scan: holds 24 images at 12 positions, and those at the same position differ, expected one image a position; it mixes phases, echoes or acquisitions: export the one you want by itself",
    );
  });

  it("of another size or orientation, colour pictures and slices without a place are refused", async () => {
    const localizer = ctSeries({ slices: 1, rows: 20, columns: 20, attributes: { SeriesInstanceUID: "2.25.6" } });
    const scan = ctSeries({ attributes: { SeriesInstanceUID: "2.25.6" } });
    await expect(read([...scan, { name: "localizer", bytes: localizer[0]!.bytes }])).rejects.toThrow(
      /\d+ of its 13 images differ from the others in size, orientation or pixel spacing, expected one stack; a localizer may be mixed in/,
    );
    await expect(read(ctSeries({ attributes: { SamplesPerPixel: 3, PhotometricInterpretation: "RGB" } }))).rejects.toThrow(
      /holds colour pictures, expected grey levels/,
    );
    await expect(read(ctSeries({ attributes: { ImagePositionPatient: undefined } }))).rejects.toThrow(
      /its images do not say where they lie in the patient/,
    );
    await expect(read(ctSeries({ attributes: { PixelSpacing: undefined } }))).rejects.toThrow(
      /its images do not say where they lie in the patient/,
    );
  });
});

describe("a tilted gantry", () => {
  const [cos, sin] = [0.965926, 0.258819];
  it.each([
    ["15 degrees", [1, 0, 0, 0, cos, -sin]],
    ["-15 degrees", [1, 0, 0, 0, cos, sin]],
  ])("of %s is corrected: every scanned voxel holds the value of its place", async (_, orientation) => {
    const { volume, report } = await read(
      linearSeries((k) => [-10, -8, 100 + 3 * k], orientation, { attributes: { GantryDetectorTilt: 15 } }),
    );
    expect(report.warnings).toEqual([
      "scan: a gantry tilt of 15.0 degrees was corrected by shifting each slice in its plane (linear interpolation; the image grew by 9 rows, filled with its lowest value)",
    ]);
    expect(report.series).toMatchObject({ tiltDegrees: 15, obliqueDegrees: 15 });
    expect(volume.shape).toEqual([12, 39, 24]);
    // The scan fills y = -8 .. 20 at every z of its slices, and the plane through y leans with the tilt.
    const { worst, voxels } = worstInside(volume, (x, y) => y > -7.5 && y < 19.5 && x > -9.5 && x < 12.5);
    expect(voxels).toBeGreaterThan(6000);
    expect(worst).toBeLessThan(0.11); // stored in tenths, interpolated between two
  });

  it("that only the header mentions is reported and left alone", async () => {
    const { report } = await read(ctSeries({ attributes: { GantryDetectorTilt: -12.5 } }));
    expect(report.warnings).toEqual([
      "scan: the scanner noted a gantry tilt of -12.5 degrees, but the slices' positions show none; it was taken as upright",
    ]);
  });

  it.each([
    [0.5, -0.7],
    [-0.5, 0.7],
  ])("along the columns (%d mm a slice) as well as the rows (%d) is corrected", async (dx, dy) => {
    const { volume, report } = await read(linearSeries((k) => [-10 + dx * k, -8 + dy * k, 100 + 3 * k], AXIAL));
    expect(report.warnings[0]).toMatch(/a gantry tilt of 16.0 degrees .* the image grew by 8 rows and 6 columns/);
    const { worst, voxels } = worstInside(volume, (x, y, z) => {
      const k = (z - 100) / 3;
      const [c, r] = [x + 10 - dx * k, y + 8 - dy * k];
      return c >= 0 && c <= 23 && r >= 0 && r <= 29;
    });
    expect(voxels).toBeGreaterThan(7000);
    expect(worst).toBeLessThan(0.11);
  });
});

describe("uneven spacing", () => {
  it("is corrected over the whole length of the scan: every voxel holds the value of its place", async () => {
    const level = (k: number) => 100 + 2 * k + 0.05 * k * k;
    const { volume, report } = await read(linearSeries((k) => [-10, -8, level(k)], AXIAL));
    expect(report.warnings).toEqual([
      expect.stringMatching(/^scan: slices between 2.05 and 3.05 mm apart were interpolated linearly to 12 slices every 2.55 mm$/),
    ]);
    expect(volume.origin[0]).toBe(100);
    expectClose([volume.origin[0] + 11 * volume.spacing[0]], [level(11)], { atol: 1e-9 });
    expect(worstInside(volume, () => true).worst).toBeLessThan(0.11);
  });

  it("together with a tilt is corrected in one go", async () => {
    const level = (k: number) => 100 + 2 * k + 0.05 * k * k;
    const { volume, report } = await read(linearSeries((k) => [-10, -8, level(k)], [1, 0, 0, 0, 0.965926, 0.258819]));
    expect(report.warnings).toHaveLength(1);
    expect(report.warnings[0]).toMatch(/gantry tilt of 15.0 degrees .* and slices between .* were interpolated linearly/);
    const { worst, voxels } = worstInside(
      volume,
      (_, y, z) => y > -7.5 && y < 19.5 && z - (y + 8) * 0.268 < level(11) && z - (y + 8) * 0.268 > 100,
    );
    expect(voxels).toBeGreaterThan(5000);
    expect(worst).toBeLessThan(0.11);
  });
});

describe("a file", () => {
  it.each([10, 400, 639])("cut short by %d bytes is refused by name", async (missing) => {
    const files = ctSeries();
    const cut = { name: files[4]!.name, bytes: files[4]!.bytes.subarray(0, files[4]!.bytes.length - missing) };
    await expect(read(files.map((f, i) => (i === 4 ? cut : f)))).rejects.toMatchObject({
      name: "IntakeError",
      message: `scan/slice-005.dcm: is cut short: expected 640 bytes of pixels, and the file ends after ${640 - missing} bytes of them; copy or export it again`,
    });
  });

  it("cut short within its header is refused", async () => {
    const { bytes } = ctSeries({ slices: 1 })[0]!;
    for (const length of [140, 200, 500, bytes.length - 660]) {
      await expect(readImage(sourceFromFiles("a.dcm", [{ name: "a.dcm", bytes: bytes.subarray(0, length) }]))).rejects.toMatchObject({
        name: "IntakeError",
        message: expect.stringMatching(/^a.dcm: /),
      });
    }
  });

  it("whose header is nonsense is refused", async () => {
    const bytes = new Uint8Array(2000).fill(0x55);
    bytes.set(new TextEncoder().encode("DICM"), 128);
    await expect(readImage(sourceFromFiles("a.dcm", [{ name: "a.dcm", bytes }]))).rejects.toThrow(
      /^a.dcm: its DICOM header is cut short or damaged; copy or export it again$/,
    );
  });

  it("without an image is refused: a report, a presentation state", async () => {
    const bytes = dicomFile({ SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.11", Modality: "SR", SeriesInstanceUID: uid("series") });
    await expect(readImage(sourceFromFiles("a.dcm", [{ name: "a.dcm", bytes }]))).rejects.toThrow(
      /^a.dcm: is DICOM but holds no image of a patient/,
    );
  });

  it("in a transfer syntax that cannot be decoded is refused with its name", async () => {
    const htj2k = ctSeries({ slices: 2, attributes: { TransferSyntaxUID: "1.2.840.10008.1.2.4.201" } });
    await expect(read(htj2k)).rejects.toThrow(/^scan: could not be decoded .* not supported \(transfer syntax 1.2.840.10008.1.2.4.201\)/);
    const deflated = ctSeries({ slices: 2, attributes: { TransferSyntaxUID: "1.2.840.10008.1.2.1.99" } }).map(({ name, bytes }) => {
      const data = 132 + 12 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(140, true);
      return { name, bytes: Uint8Array.from([...bytes.subarray(0, data), ...deflateSync(bytes.subarray(data))]) };
    });
    await expect(read(deflated)).rejects.toThrow(
      "scan/slice-001.dcm: is stored deflated (transfer syntax 1.2.840.10008.1.2.1.99), which the decoder does not read; export it as explicit little endian",
    );
  });

  it("with many frames (enhanced CT) is one series of slices", async () => {
    const frames = 6;
    const pixels = new Int16Array(frames * 8 * 10).map((_, i) => 1024 + i);
    const bytes = dicomFile({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.2.1",
      Modality: "CT",
      Manufacturer: "Synthetic",
      SeriesInstanceUID: uid("series"),
      StudyInstanceUID: "2.25.1",
      SeriesNumber: 5,
      ImageType: ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
      Rows: 8,
      Columns: 10,
      NumberOfFrames: frames,
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 1,
      SharedFunctionalGroupsSequence: [
        {
          PixelMeasuresSequence: [{ PixelSpacing: [1, 1], SliceThickness: 3 }],
          PlaneOrientationSequence: [{ ImageOrientationPatient: AXIAL }],
          PixelValueTransformationSequence: [{ RescaleIntercept: -1024, RescaleSlope: 1, RescaleType: "HU" }],
        },
      ],
      PerFrameFunctionalGroupsSequence: Array.from({ length: frames }, (_, k) => ({
        FrameContentSequence: [{ DimensionIndexValues: [k + 1], InStackPositionNumber: k + 1, StackID: "1" }],
        PlanePositionSequence: [{ ImagePositionPatient: [-5, -4, 50 + 3 * k] }],
      })),
      PixelData: pixels.buffer,
    });
    const { volume, report } = await readImage(sourceFromFiles("a.dcm", [{ name: "a.dcm", bytes }]));
    expect(volume).toMatchObject({ shape: [6, 8, 10], spacing: [3, 1, 1], origin: [50, -4, -5] });
    expect([...volume.data]).toEqual(Array.from({ length: 480 }, (_, i) => i));
    expect(report.series?.slices).toBe(6);
  });
});

it("no message, report or inspection ever shows who the patient is", async () => {
  const gap = ctSeries().filter((_, i) => i !== 5);
  const two = [...ctSeries(), ...ctSeries({ attributes: { SeriesNumber: 2 } })].map(({ bytes }, i) => ({ name: `${i}.dcm`, bytes }));
  const cut = ctSeries().map(({ name, bytes }) => ({ name, bytes: bytes.subarray(0, bytes.length - 9) }));
  const everything: string[] = [];
  for (const files of [ctSeries(), gap, two, cut]) {
    await read(files).then(
      ({ report }) => everything.push(JSON.stringify(report)),
      (error: Error) => everything.push(`${error.message}\n${error.stack}`),
    );
    everything.push(JSON.stringify(await inspect(files)));
  }
  const text = everything.join("\n");
  for (const secret of [PATIENT_NAME, "SECRET", "SECRET-ID-77"]) expect(text).not.toContain(secret);
});
