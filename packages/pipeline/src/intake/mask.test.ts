// Masks of every kind onto the grid of an image.
import { describe, expect, it } from "vitest";
import { PATIENT_NAME, segmentation, structureSet, type DrawnSegmentation } from "../../../../test/helpers/dicom.ts";
import { AXIS_ALIGNED, positionOf, type Geometry, type Mask, type Triple, type Volume } from "../volume.ts";
import { readMask } from "./mask.ts";
import { fitMask } from "./mask-grid.ts";
import { writeNifti } from "./nifti-writer.ts";
import type { MaskOptions } from "./segmentation.ts";
import { sourceFromFiles } from "./source.ts";

const grid: Geometry = { shape: [10, 12, 14], spacing: [3, 1, 1], origin: [100, -6, -7], direction: AXIS_ALIGNED };
const image: Volume = { ...grid, data: new Float32Array(10 * 12 * 14) };

/** A mask on a grid, 1 where a rule says so of the index. */
function maskOn(geometry: Geometry, isIn: (z: number, y: number, x: number) => boolean): Mask {
  const { shape, spacing, origin, direction } = geometry;
  const [nz, ny, nx] = shape;
  const data = new Uint8Array(nz * ny * nx);
  for (let z = 0, i = 0; z < nz; z++) for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) data[i++] = isIn(z, y, x) ? 1 : 0;
  return { shape, spacing, origin, direction, data };
}
const count = ({ data }: Mask) => data.reduce((n, v) => n + v, 0);
const box = (from: Triple, to: Triple) => (z: number, y: number, x: number) =>
  z >= from[0] && z < to[0] && y >= from[1] && y < to[1] && x >= from[2] && x < to[2];
const indices = (mask: Mask) => [...mask.data].flatMap((v, i) => (v ? [[Math.floor(i / (12 * 14)), Math.floor(i / 14) % 12, i % 14]] : []));

const dicom = (bytes: Uint8Array, options: MaskOptions = {}) =>
  readMask(sourceFromFiles("mask.dcm", [{ name: "mask.dcm", bytes }]), image, "image", options);

/** A label map read back from a file, as a user would bring it. */
async function labels(volume: Volume | Mask, options: MaskOptions = {}) {
  return readMask(sourceFromFiles("mask.nii.gz", [{ name: "mask.nii.gz", bytes: await writeNifti(volume) }]), image, "image", options);
}

describe("a label map", () => {
  const map: Volume = { ...grid, data: Float32Array.from(maskOn(grid, box([2, 3, 4], [5, 6, 7])).data) };
  map.data[0] = 4;
  map.data[1] = 2;

  it("without a label means every voxel that is not zero, and lists the labels that it holds", async () => {
    const { mask, notes } = await labels(map);
    expect(count(mask)).toBe(29);
    expect(notes).toEqual(["mask.nii.gz: holds labels 1, 2, 4; every voxel that is not zero was taken, --label chooses one"]);
  });

  it("with a label means that label", async () => {
    const { mask, notes } = await labels(map, { label: 1 });
    expect({ ...mask, stored: undefined }).toEqual(maskOn(grid, box([2, 3, 4], [5, 6, 7])));
    expect(notes).toEqual([]);
  });

  it("without the wanted label is refused with the list of those that are there", async () => {
    await expect(labels(map, { label: 3 })).rejects.toMatchObject({
      name: "IntakeError",
      message: "mask.nii.gz: has no voxel with label 3; its labels are 1, 2, 4",
    });
    await expect(labels(map, { structure: "GTV" })).rejects.toThrow(
      /is an image without names of structures, so "GTV" cannot be found in it; choose a value with --label/,
    );
  });

  it("that is empty is refused", async () => {
    await expect(labels(maskOn(grid, () => false))).rejects.toThrow(/^mask.nii.gz: is empty: every voxel is zero, expected a region/);
  });

  it("that looks like an image is taken with a warning", async () => {
    const { notes } = await labels({ ...grid, data: Float32Array.from({ length: 10 * 12 * 14 }, (_, i) => i) });
    expect(notes[0]).toMatch(/has more than 20 different values .* looks like an image rather than a mask/);
  });
});

describe("fitMask", () => {
  const tumour = maskOn(grid, box([2, 3, 4], [5, 8, 9]));
  const fit = (mask: Mask) => fitMask(mask, image, "mask", "image");

  it("leaves a mask on the image's grid as it is, without a note", () => {
    expect(fit(tumour)).toEqual({ mask: tumour, notes: [] });
  });

  it("takes a grid that is off by rounding for the same, and says so beyond rounding", () => {
    expect(fit({ ...tumour, origin: [100.004, -6, -7] }).notes).toEqual([]);
    const { mask, notes } = fit({ ...tumour, origin: [100.05, -6, -7] });
    expect(mask).toEqual(tumour);
    expect(notes).toEqual(["mask: its geometry differs from that of image by less than 0.1 voxel and was taken to be the same"]);
  });

  it("finds the same voxels from a part of the image's grid", () => {
    const part: Geometry = { ...grid, shape: [5, 8, 8], origin: positionOf(grid, [1, 2, 3]) };
    const { mask, notes } = fit(maskOn(part, box([1, 1, 1], [4, 6, 6])));
    expect(mask).toEqual(tumour);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toBe(
      "mask: is on another grid (8 x 8 x 5 voxels of 1 x 1 x 3 mm) than image (14 x 12 x 10 voxels of 1 x 1 x 3 mm) and was resampled to it by linear interpolation and threshold 0.5: 0.225 ml became 0.225 ml",
    );
  });

  it("resamples a finer mask to the voxels whose centres reach one half", () => {
    const fine: Geometry = { ...grid, shape: [30, 24, 28], spacing: [1, 0.5, 0.5], origin: [99, -6.25, -7.25] };
    // The same box in mm as the tumour: slices 2..4 cover z from 104.5 to 113.5.
    const { mask } = fit(maskOn(fine, box([6, 6, 8], [15, 16, 18])));
    expect(mask).toEqual(tumour);
  });

  it("takes a voxel whose interpolated value reaches exactly one half, and none below", () => {
    const shifted = (mm: number): Mask => ({ ...tumour, origin: [100, -6, -7 + mm] });
    expect(fit(shifted(0.5)).mask).toEqual(maskOn(grid, box([2, 3, 4], [5, 8, 10])));
    expect(fit(shifted(0.4)).mask).toEqual(tumour);
    expect(fit(shifted(0.6)).mask).toEqual(maskOn(grid, box([2, 3, 5], [5, 8, 10])));
  });

  it("takes the nearest voxel where that is asked for; half way between two, the one that the file has later", () => {
    const moved: Mask = { ...tumour, origin: [100, -6, -6.5] };
    const x = (orientation: string) => indices(fitMask(moved, image, "mask", "image", orientation).mask).map((at) => at[2]);
    // Voxel 4 of the image lies half way between 3 and 4 of the mask, of which only the latter is inside.
    expect(Math.min(...x("LPS"))).toBe(4);
    expect(Math.min(...x("RPS"))).toBe(5);
    expect(fitMask(moved, image, "mask", "image", "LPS").notes[0]).toMatch(/ was resampled to it by the nearest neighbour: /);
  });

  it("resamples a mask on a rotated grid by position", () => {
    const turned: Geometry = { shape: [10, 14, 12], spacing: [3, 1, 1], origin: [100, 7, -6], direction: [[1, 0, 0], [0, 0, 1], [0, -1, 0]] }; // prettier-ignore
    // y of this grid runs to the left and x to anterior: voxel (z, x - ..., ...) of the tumour, turned by 90 degrees.
    const rotated = maskOn(turned, (z, y, x) => {
      const [pz, py, px] = positionOf(turned, [z, y, x]);
      return box([2, 3, 4], [5, 8, 9])((pz - 100) / 3, py + 6, px + 7);
    });
    expect(count(rotated)).toBeGreaterThan(20);
    const { mask } = fit(rotated);
    expect(indices(mask).every(([z, y, x]) => box([2, 3, 4], [5, 8, 9])(z!, y!, x!))).toBe(true);
    expect(count(mask)).toBe(count(rotated));
  });

  it("cuts off what lies outside and says how much, refuses what lies mostly or wholly outside", () => {
    const moved = (mm: number): Mask => ({ ...tumour, origin: [100, -6, -7 - mm] });
    const { mask, notes } = fit(moved(6));
    expect(count(mask)).toBe(45);
    expect(notes[1]).toBe("mask: 40% of it lay outside image and was cut off");
    expect(() => fit(moved(7))).toThrow(
      /^mask: lies 60% outside the image image .* expected a mask drawn on it; check that they belong to the same patient and scan$/,
    );
    expect(() => fit(moved(500))).toThrow(
      /^mask: lies outside the image image \(14 x 12 x 10 voxels of 1 x 1 x 3 mm against 14 x 12 x 10 voxels/,
    );
  });

  it("refuses an empty mask, and one that falls between the image's voxels", () => {
    expect(() => fit(maskOn(grid, () => false))).toThrow(/^mask: is empty, expected a region/);
    const dot: Geometry = { shape: [3, 3, 3], spacing: [0.2, 0.2, 0.2], origin: [104.4, 0.3, 0.3], direction: AXIS_ALIGNED };
    expect(() => fit(maskOn(dot, (z, y, x) => z === 1 && y === 1 && x === 1))).toThrow(
      /^mask: vanishes on the voxels of image: its 1 voxels .* draw it on this image$/,
    );
  });
});

describe("a DICOM structure set", () => {
  type Point = readonly [number, number, number];
  /** A rectangle on slice z (index), from (x, y) to (x, y) in mm, corners in order. */
  const rectangle = (z: number, x0: number, y0: number, x1: number, y1: number): { points: Point[] } => {
    const level = 100 + 3 * z;
    return { points: [[x0, y0, level], [x1, y0, level], [x1, y1, level], [x0, y1, level]] }; // prettier-ignore
  };

  it("marks the voxels whose centres lie inside the contours", async () => {
    const { mask, notes } = await dicom(structureSet({ GTV: [rectangle(2, -3.5, -2.5, 1.5, 1.5), rectangle(3, -3.5, -2.5, 1.5, 1.5)] }));
    expect(mask).toEqual(maskOn(grid, box([2, 4, 4], [4, 8, 9])));
    expect(notes).toEqual([]);
  });

  it("counts centres on a contour's near sides as inside and on its far sides as outside, so neighbours share no voxel", async () => {
    const both = structureSet({ A: [rectangle(2, -3, -2, 1, 1)], B: [rectangle(2, 1, -2, 4, 1)] });
    const a = (await dicom(both, { structure: "A" })).mask;
    const b = (await dicom(both, { structure: "B" })).mask;
    expect(a).toEqual(maskOn(grid, box([2, 4, 4], [3, 7, 8])));
    expect(b).toEqual(maskOn(grid, box([2, 4, 8], [3, 7, 11])));
  });

  it("cuts a hole where a contour lies inside another, or a keyhole leads to it", async () => {
    const outer = rectangle(2, -5.5, -4.5, 3.5, 4.5);
    const ring = maskOn(grid, (z, y, x) => box([2, 2, 2], [3, 11, 11])(z, y, x) && !box([2, 4, 4], [3, 8, 9])(z, y, x));
    expect((await dicom(structureSet({ GTV: [outer, rectangle(2, -3.5, -2.5, 1.5, 1.5)] }))).mask).toEqual(ring);
    expect((await dicom(structureSet({ GTV: [outer, { ...rectangle(2, -3.5, -2.5, 1.5, 1.5), type: "CLOSEDPLANAR_XOR" }] }))).mask).toEqual(
      ring,
    );
    const z = 106;
    const keyhole: Point[] = [[-5.5, -4.5, z], [3.5, -4.5, z], [3.5, 4.5, z], [-5.5, 4.5, z], [-5.5, -2.5, z], [-3.5, -2.5, z], [-3.5, 1.5, z], [1.5, 1.5, z], [1.5, -2.5, z], [-5.5, -2.5, z]]; // prettier-ignore
    expect((await dicom(structureSet({ GTV: [{ points: keyhole }] }))).mask).toEqual(ring);
  });

  it("with several structures is refused without a name, listing them; with one it is that one", async () => {
    const set = structureSet({
      GTV: [rectangle(2, -3.5, -2.5, 1.5, 1.5)],
      "Liver (left)": [rectangle(4, 0, 0, 3, 3)],
      marker: [{ points: [[0, 0, 100]], type: "POINT" }],
    });
    await expect(dicom(set)).rejects.toThrow(
      'mask.dcm: holds 2 structures, expected the name of one: "GTV", "Liver (left)"; choose it with --structure NAME',
    );
    await expect(dicom(set, { structure: "gtv" })).rejects.toThrow('mask.dcm: has no structure "gtv"; it has "GTV", "Liver (left)"');
    await expect(dicom(set, { structure: "marker" })).rejects.toThrow(
      'mask.dcm: its structure "marker" has no closed contours; it has "GTV", "Liver (left)"',
    );
    expect(count((await dicom(set, { structure: "Liver (left)" })).mask)).toBe(9);
  });

  it("drawn off the slices, on some of them, or partly outside is taken with a note", async () => {
    const off = { points: rectangle(2, -3.5, -2.5, 1.5, 1.5).points.map(([x, y, z]): Point => [x, y, z + 0.9]) };
    const { mask, notes } = await dicom(structureSet({ GTV: [off, rectangle(5, -3.5, -2.5, 1.5, 1.5)] }));
    expect(count(mask)).toBe(40);
    expect(notes).toEqual([
      'mask.dcm: contours of "GTV" lie up to 0.90 mm off the slices of image and were drawn on the nearest one',
      'mask.dcm: "GTV" has no contour on 2 slices between its first and its last; they were left empty',
    ]);
    const { mask: cut, notes: cutNotes } = await dicom(structureSet({ GTV: [rectangle(2, 0, 0, 60, 3)] }));
    expect(count(cut)).toBe(3 * 7);
    expect(cutNotes).toEqual(['mask.dcm: 50% of the contour points of "GTV" lie outside image; what lies there was cut off']);
  });

  it("outside the image, across its slices, smaller than a voxel or without contours is refused", async () => {
    await expect(dicom(structureSet({ GTV: [rectangle(2, 100, 100, 110, 110)] }))).rejects.toThrow(
      /its structure "GTV" lies outside the image image, expected contours drawn on it/,
    );
    await expect(dicom(structureSet({ GTV: [{ points: [[0, 0, 103], [3, 0, 106], [3, 3, 109], [0, 3, 106]] }] }))).rejects.toThrow(/its contours lean up to .* slices out of the slices of image/); // prettier-ignore
    await expect(dicom(structureSet({ GTV: [rectangle(2, 0.1, 0.1, 0.4, 0.4)] }))).rejects.toThrow(
      /holds no voxel centre of image, expected a region; it is smaller than a voxel, or empty/,
    );
    await expect(dicom(structureSet({ GTV: [{ points: [[0, 0, 103], [1, 1, 103]] }] }))).rejects.toThrow(/has a contour of 6 numbers, expected three for each of at least three points/); // prettier-ignore
    await expect(dicom(structureSet({ GTV: [] }))).rejects.toThrow(/has no structure with closed contours/);
  });

  it("drawn on sagittal slices marks voxels of those slices", async () => {
    const points: Point[] = [[-4, -2.5, 104], [-4, 1.5, 104], [-4, 1.5, 113.4], [-4, -2.5, 113.4]]; // prettier-ignore
    const { mask } = await dicom(structureSet({ GTV: [{ points }] }));
    expect(mask).toEqual(maskOn(grid, box([2, 4, 3], [5, 8, 4])));
  });

  it("beside a second one in the same folder is not guessed", async () => {
    const set = structureSet({ GTV: [rectangle(2, -3.5, -2.5, 1.5, 1.5)] });
    const two = sourceFromFiles("folder", [{ name: "a.dcm", bytes: set }, { name: "b.dcm", bytes: set }]); // prettier-ignore
    await expect(readMask(two, image, "image")).rejects.toThrow(
      "folder: holds 2 segmentation files (a.dcm (RTSTRUCT), b.dcm (RTSTRUCT)), expected one; name the file itself",
    );
  });
});

describe("a DICOM segmentation", () => {
  // 7 x 5 pixels: the bits of a frame do not end with a byte.
  const pixels = (isIn: (row: number, column: number) => boolean, inside = 1, outside = 0) =>
    Array.from({ length: 35 }, (_, i) => (isIn(Math.floor(i / 7), i % 7) ? inside : outside));
  const frame = (segment: number, slice: number, isIn: (row: number, column: number) => boolean, inside = 1, outside = 0) => ({
    segment,
    position: [-4, -3, 100 + 3 * slice] as const,
    pixels: pixels(isIn, inside, outside),
  });
  const square = (row: number, column: number) => row >= 1 && row < 4 && column >= 2 && column < 6;
  const corner = (row: number, column: number) => row === 0 && column === 0;
  const base: DrawnSegmentation = {
    segments: ["tumour", "cyst"],
    rows: 5,
    columns: 7,
    frames: [frame(1, 2, square), frame(1, 3, square), frame(2, 2, corner), frame(1, 5, square)],
  };
  // Pixel (0, 0) lies at x -4, y -3: voxel (3, 3) of the image.
  const tumour = maskOn(grid, (z, y, x) => [2, 3, 5].includes(z) && square(y - 3, x - 3));

  it("of bits marks the chosen segment where its frames lie, by number or by name, leaving slices without frames empty", async () => {
    expect((await dicom(segmentation(base), { label: 1 })).mask).toEqual(tumour);
    expect((await dicom(segmentation(base), { structure: "tumour" })).mask).toEqual(tumour);
    expect(indices((await dicom(segmentation(base), { structure: "cyst" })).mask)).toEqual([[2, 3, 3]]);
  });

  it("without a choice is all its segments, with a note that lists them", async () => {
    const { mask, notes } = await dicom(segmentation(base));
    expect(count(mask)).toBe(count(tumour) + 1);
    expect(notes[0]).toBe(
      'mask.dcm: holds segments 1 "tumour", 2 "cyst"; all were taken together, --label NUMBER or --structure NAME chooses one',
    );
  });

  it("without the wanted segment is refused with the list", async () => {
    await expect(dicom(segmentation(base), { label: 3 })).rejects.toThrow('mask.dcm: has no segment number 3; it has 1 "tumour", 2 "cyst"');
    await expect(dicom(segmentation(base), { structure: "GTV" })).rejects.toThrow(
      'mask.dcm: has no segment "GTV"; it has 1 "tumour", 2 "cyst"',
    );
  });

  it("of fractions marks what reaches one half of their maximum", async () => {
    const { mask } = await dicom(segmentation({ ...base, type: "FRACTIONAL", frames: [frame(1, 2, square, 100, 99)] }), { label: 1 });
    expect(indices(mask)).toEqual(indices(maskOn(grid, (z, y, x) => z === 2 && square(y - 3, x - 3))));
  });

  it("of labels marks the label", async () => {
    const { mask } = await dicom(segmentation({ ...base, type: "LABELMAP", frames: [frame(0, 2, square, 2, 1)] }), { label: 2 });
    expect(count(mask)).toBe(12);
  });

  it("in slices from the head down, or turned, lands on the right voxels", async () => {
    const down = {
      ...base,
      orientation: [-1, 0, 0, 0, 1, 0],
      frames: [{ segment: 1, position: [2, -3, 106] as const, pixels: pixels((r, c) => square(r, 6 - c)) }],
    };
    expect((await dicom(segmentation(down), { label: 1 })).mask).toEqual(maskOn(grid, (z, y, x) => z === 2 && square(y - 3, x - 3)));
  });

  it("that is compressed, cut short or off the slices is refused with the way out", async () => {
    const whole = segmentation({ ...base, measures: { SpacingBetweenSlices: 3 } });
    await expect(dicom(whole.subarray(0, whole.length - 6))).rejects.toThrow(
      /^mask.dcm: is cut short: expected 18 bytes of frames, and the file ends after 12; copy or export it again/,
    );
    const off = segmentation({ ...base, frames: [frame(1, 2, square), frame(1, 3, square), frame(1, 4.4, square)] });
    await expect(dicom(off, { label: 1 })).rejects.toThrow(/its frames are not a whole number of slices \(\d.\d\d mm\) apart/);
    await expect(dicom(segmentation({ ...base, segments: [] }))).rejects.toThrow(/describes no segment/);
  });

  it("never shows who the patient is", async () => {
    const errors = await Promise.all(
      [dicom(segmentation(base), { label: 3 }), dicom(structureSet({ GTV: [] }))].map((p) =>
        p.catch((e: Error) => `${e.message}${e.stack}`),
      ),
    );
    expect(JSON.stringify(errors)).not.toContain(PATIENT_NAME);
  });
});
