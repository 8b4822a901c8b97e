import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sharedData } from "../../../../test/helpers/shared-data.ts";
import { cornersOf, parseRoughRoi } from "./rough-roi.ts";

type Corner = [number, number, number];
const square = (z: number, size = 10): Corner[] => [
  [0, 0, z],
  [size, 0, z],
  [size, size, z],
  [0, size, z],
];
const sound = () => ({
  format: "islet-rough-roi/1",
  image: "scan",
  coordinateSystem: "LPS",
  unit: "mm",
  slices: [
    { role: "top", corners: square(30) },
    { role: "largest", corners: square(20, 14) },
    { role: "bottom", corners: square(10) },
  ],
});
const parse = (change: (annotation: ReturnType<typeof sound>) => unknown) => {
  const annotation = sound();
  return parseRoughRoi(JSON.stringify(change(annotation) ?? annotation), "rough.json");
};

describe("parseRoughRoi", () => {
  it("reads a sound annotation as it is", () => {
    expect(parse(() => {})).toEqual(sound());
    expect(cornersOf(parse(() => {}))[1]).toEqual([30, 0, 10]);
  });

  it("turns RAS into LPS", () => {
    const rough = parse((a) => {
      a.coordinateSystem = "RAS";
    });
    expect(rough.coordinateSystem).toBe("LPS");
    expect(rough.slices[0]!.corners).toEqual([
      [0, 0, 30],
      [-10, 0, 30],
      [-10, -10, 30],
      [0, -10, 30],
    ]);
  });

  it("accepts more keys than it knows, and a tumour on a single slice", () => {
    expect(parse((a) => ({ ...a, annotator: "reader 2", viewer: "x" })).annotator).toBe("reader 2");
    expect(() => parse((a) => ({ ...a, slices: a.slices.map(({ role }) => ({ role, corners: square(5) })) }))).not.toThrow();
  });

  it.each([
    ["not JSON", "{", "is not JSON, expected a rough annotation (islet-rough-roi/1); save it again"],
    ["another kind of JSON", "[1]", "is not a rough annotation (islet-rough-roi/1): expected one JSON object"],
    ["another format", JSON.stringify({ ...sound(), format: "islet-rough-roi/2" }), 'format must be "islet-rough-roi/1" at format'],
    [
      "another coordinate system",
      JSON.stringify({ ...sound(), coordinateSystem: "LAS" }),
      'coordinateSystem must be "LPS" or "RAS" at coordinateSystem',
    ],
    ["another unit", JSON.stringify({ ...sound(), unit: "cm" }), 'unit must be "mm" at unit'],
    ["no slices", JSON.stringify({ ...sound(), slices: undefined }), "slices must be a list of three at slices"],
  ])("refuses %s", (_, text, sentence) => {
    expect(() => parseRoughRoi(text, "rough.json")).toThrow(
      expect.objectContaining({ name: "IntakeError", file: "rough.json", message: expect.stringContaining(sentence) }),
    );
  });

  it("refuses a role that is missing or there twice", () => {
    expect(() => parse((a) => ({ ...a, slices: a.slices.slice(0, 2) }))).toThrow(
      'rough.json: has no "bottom" slice, expected one each of top, largest, bottom; draw it',
    );
    expect(() => parse((a) => ({ ...a, slices: [...a.slices, a.slices[0]] }))).toThrow(
      'rough.json: has 2 "top" slices, expected one each of top, largest, bottom; draw only one',
    );
  });

  const withTop = (corners: Corner[]) => parse((a) => ({ ...a, slices: [{ role: "top", corners }, ...a.slices.slice(1)] }));

  it("refuses two corners, or five", () => {
    expect(() => withTop(square(30).slice(0, 2))).toThrow(
      'rough.json: its "top" slice has 2 corners, expected the 4 of a quadrilateral; draw it again',
    );
    expect(() => withTop([...square(30), [5, 5, 30]])).toThrow('its "top" slice has 5 corners');
  });

  it("refuses a quadrilateral that crosses itself, has no area, is not flat or not axial", () => {
    const [a, b, c, d] = square(30) as [Corner, Corner, Corner, Corner];
    expect(() => withTop([a, c, b, d])).toThrow(
      'rough.json: its "top" quadrilateral crosses itself, expected corners in order around it; draw it again',
    );
    expect(() => withTop([a, b, d, c])).toThrow("crosses itself");
    expect(() => withTop([[0, 0, 30], [5, 0, 30], [10, 0, 30], [7, 0, 30]])).toThrow('its "top" quadrilateral has no area, expected four corners around the tumour'); // prettier-ignore
    expect(() => withTop([a, b, c, [0, 10, 35]])).toThrow(
      /its "top" quadrilateral is not flat: its corners lie up to 2\.\d mm from a common plane, expected one slice/,
    );
    expect(() => withTop([[0, 0, 30], [10, 0, 30], [10, 1, 40], [0, 1, 40]])).toThrow('its "top" quadrilateral stands upright, expected an axial slice'); // prettier-ignore
    expect(() => withTop([a, b, c, [4, 4, 30]])).not.toThrow(); // concave, but sound
  });

  it("refuses a top below the bottom", () => {
    expect(() => withTop(square(-30))).toThrow(
      'rough.json: its "top" slice (z -30.0 mm) lies below its "bottom" slice (z 10.0 mm), expected the top to be the upper one; swap the roles, or check the sign of z',
    );
  });

  it("refuses corners that are no numbers", () => {
    expect(() => parse((a) => ({ ...a, slices: [{ role: "top", corners: [["a", 1, 2]] }, ...a.slices.slice(1)] }))).toThrow(
      /^rough.json: is not a rough annotation .* at slices.0.corners.0/,
    );
    expect(() => parse((a) => ({ ...a, slices: [{ role: "top", corners: [[1, 2]] }, ...a.slices.slice(1)] }))).toThrow(
      /corners are three numbers, \[x, y, z\] in mm at slices.0.corners.0/,
    );
  });

  const example = sharedData("crlm-ct-1006", "rough-roi.json");
  it.skipIf(example === null)("reads the shared example", () => {
    const { slices } = parseRoughRoi(readFileSync(example!, "utf8"), example!);
    expect(slices.map(({ role }) => role)).toEqual(["bottom", "largest", "top"]);
  });
});
