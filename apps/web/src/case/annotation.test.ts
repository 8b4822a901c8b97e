import { expect, test } from "vitest";
import { annotationText, boxBetween, drawnOf, nextRole, ontoSlice, sliceOf } from "./annotation.ts";
import { planeThrough } from "./plane-map.ts";
import { presetsFor } from "./windows.ts";

const geometry = {
  shape: [10, 40, 50],
  spacing: [5, 0.8, 0.8],
  origin: [100, -16, -20],
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
} as const;

test("a box lies on the slice nearest to where its drawing began, whatever lies between the slices", () => {
  const box = boxBetween(geometry, [112.4, 0, 4], [112.4, 8, -4]);
  expect(box).toHaveLength(4);
  expect(new Set(box.map(([z]) => z))).toEqual(new Set([110]));
  expect(sliceOf(geometry, box)).toBe(2);
  expect(box.map(([, y, x]) => [Math.round(y * 10) / 10, Math.round(x * 10) / 10 + 0])).toEqual([
    [0, 4],
    [0, -4],
    [8, -4],
    [8, 4],
  ]);
});

test("a drawing above the image goes to its last slice, and later corners onto the slice of the first", () => {
  expect(sliceOf(geometry, boxBetween(geometry, [400, 0, 0], [400, 5, 5]))).toBe(9);
  expect(ontoSlice(geometry, [103, 1, 2], [111, 0, 0])[0]).toBe(110);
});

test("an annotation becomes a file once all three are drawn, and is the same when it is read again", () => {
  const at = (z: number) => boxBetween(geometry, [z, 0, 0], [z, 8.004, 8]);
  const two = { top: at(140), largest: at(125) };
  expect(nextRole(two)).toBe("bottom");
  expect(annotationText(two, 3)).toBeNull();
  const drawn = { ...two, bottom: at(110) };
  expect(nextRole(drawn)).toBeNull();
  const text = annotationText(drawn, 12.4)!;
  const file = JSON.parse(text) as Parameters<typeof drawnOf>[0] & { annotator: string };
  expect(file).toMatchObject({
    format: "islet-rough-roi/1",
    coordinateSystem: "LPS",
    unit: "mm",
    annotator: "drawn in the browser in 12 s",
  });
  expect(annotationText(drawnOf(file), 12.4)).toBe(text);
});

test("three places fix a plane's map, mirrored as radiologists look, and back again", () => {
  // u grows to the patient's right (x falls), v to posterior, half a millimetre a pixel.
  const map = planeThrough(
    [
      [10, 20],
      [110, 20],
      [10, 220],
    ],
    [
      [7, -30, 40],
      [7, -30, -10],
      [7, 70, 40],
    ],
  )!;
  expect(map.toPatient([60, 120])).toEqual([7, 20, 15]);
  expect(map.toPixel([99, 20, 15])).toEqual([60, 120]);
  expect(map.distance([99, 20, 15])).toBe(92);
});

test("places on one line fix no map", () => {
  const places: [[number, number], [number, number], [number, number]] = [
    [0, 0],
    [1, 1],
    [2, 2],
  ];
  expect(
    planeThrough(places, [
      [0, 0, 0],
      [0, 1, 1],
      [0, 2, 2],
    ]),
  ).toBeNull();
});

test("a CT is offered windows in HU, and an image without a scale percentiles", () => {
  const report = (modality: string | null, low: number) =>
    ({ series: modality === null ? null : { modality }, valueRange: [low, 3000] }) as unknown as Parameters<typeof presetsFor>[0];
  expect(presetsFor(report("CT", 0))[0]!.window).toHaveProperty("level");
  expect(presetsFor(report(null, -1024))[0]!.window).toHaveProperty("level");
  expect(presetsFor(report("MR", 0))[0]!.window).toHaveProperty("percentiles");
  expect(presetsFor(report(null, 0))[0]!.window).toHaveProperty("percentiles");
});
