import { describe, expect, it } from "vitest";
import { parseRoughRoi, type Corner, type RoughRoi } from "../intake/rough-roi.ts";
import { AXIS_ALIGNED, positionOf, type Geometry, type Mask, type Volume } from "../volume.ts";
import { boundingBox, crop, cropGeometry, maskOfBox, roughCuboid } from "./roi.ts";

const grid: Geometry = { shape: [20, 30, 40], spacing: [1, 1, 1], origin: [100, -10, -20], direction: AXIS_ALIGNED };
const oblique: Geometry = { shape: [20, 30, 40], spacing: [2, 1, 0.5], origin: [100, -10, -20], direction: [[1, 0, 0], [0, 0.8, -0.6], [0, 0.6, 0.8]] }; // prettier-ignore
const indexVolume = (geometry: Geometry): Volume => ({ ...geometry, data: Float32Array.from({ length: 20 * 30 * 40 }, (_, i) => i) });

/** An annotation whose three quadrilaterals are the same rectangle, given by its corners in LPS. */
function annotation(low: Corner, high: Corner): RoughRoi {
  const at = (z: number): [Corner, Corner, Corner, Corner] => [[low[0], low[1], z], [high[0], low[1], z], [high[0], high[1], z], [low[0], high[1], z]]; // prettier-ignore
  const slices = [
    { role: "top", corners: at(high[2]) },
    { role: "largest", corners: at((low[2] + high[2]) / 2) },
    { role: "bottom", corners: at(low[2]) },
  ];
  return parseRoughRoi(
    JSON.stringify({ format: "islet-rough-roi/1", image: "", coordinateSystem: "LPS", unit: "mm", slices }),
    "rough.json",
  );
}
const cuboid = (low: Corner, high: Corner, geometry = grid) => roughCuboid(annotation(low, high), geometry, "rough.json");

describe("roughCuboid", () => {
  it("takes the voxels whose centres lie inside the corners, faces included", () => {
    // Voxel (z, y, x) lies at z 100 + z, y -10 + y, x -20 + x.
    expect(cuboid([-15, -7, 103], [-11, -4.5, 106.9])).toEqual({ box: { from: [3, 3, 5], to: [7, 6, 10] }, notes: [] });
    expect(cuboid([-15.001, -7.2, 102.9], [-10.99, -4.0001, 107.0001]).box).toEqual({ from: [3, 3, 5], to: [8, 7, 10] });
  });

  it("takes a centre that is off a face by rounding for one on it", () => {
    expect(cuboid([-15 + 5e-4, -7, 103], [-11 - 5e-4, -4, 106]).box).toEqual({ from: [3, 3, 5], to: [7, 7, 10] });
  });

  it("holds every corner: the widest slice decides each side", () => {
    const rough = annotation([-15, -7, 103], [-11, -5, 106]);
    const wider = {
      ...rough,
      slices: rough.slices.map((s) =>
        s.role === "largest"
          ? {
              ...s,
              corners: s.corners.map(([x, y, z]): Corner => [x < -13 ? x - 2 : x, y > -6 ? y + 3 : y, z]) as unknown as typeof s.corners,
            }
          : s,
      ),
    };
    expect(roughCuboid(wider, grid, "rough.json").box).toEqual({ from: [3, 3, 3], to: [7, 9, 10] });
  });

  it("has at least one voxel in each direction", () => {
    expect(cuboid([-14.7, -6.6, 103.4], [-14.4, -6.4, 103.4]).box).toEqual({ from: [3, 4, 5], to: [4, 5, 6] });
  });

  it("follows the axes of an oblique scan", () => {
    const at = (z: number, y: number, x: number): Corner => {
      const [pz, py, px] = positionOf(oblique, [z, y, x]);
      return [px, py, pz];
    };
    const drawn = (z: number): [Corner, Corner, Corner, Corner] => [at(z, 4, 6), at(z, 4, 12), at(z, 9, 12), at(z, 9, 6)];
    const rough: RoughRoi = { ...annotation([0, 0, 0], [1, 1, 1]), slices: [{ role: "top", corners: drawn(8) }, { role: "largest", corners: drawn(5) }, { role: "bottom", corners: drawn(3) }] }; // prettier-ignore
    expect(roughCuboid(rough, oblique, "rough.json").box).toEqual({ from: [3, 4, 6], to: [9, 10, 13] });
  });

  it("cuts off what lies outside the image and says how much", () => {
    const { box, notes } = cuboid([-24, -7, 103], [-5, -4, 106]);
    expect(box).toEqual({ from: [3, 3, 0], to: [7, 7, 16] });
    expect(notes).toEqual(["rough.json: 18% of the annotated box lay outside the image and was cut off"]);
  });

  it("refuses a box that lies mostly or wholly outside, with the share", () => {
    expect(() => cuboid([-50, -7, 103], [-10, -4, 106])).toThrow(
      "rough.json: only 26% of the annotated box lies in the image, expected at least 50%; check that it was drawn on this image and that coordinateSystem (LPS or RAS) is right",
    );
    expect(() => cuboid([-50, -7, 300], [-40, -4, 306])).toThrow(
      /^rough.json: the annotated box lies outside the image; check that it was drawn on this image/,
    );
    expect(() => cuboid([60, 0, 103], [70, 5, 106])).toThrow(expect.objectContaining({ name: "IntakeError" }));
  });
});

describe("boxes", () => {
  it("cut a volume or mask out at its place: the same voxel lies at the same position with the same value", () => {
    const box = { from: [3, 4, 6], to: [9, 5, 13] } as const;
    const part = crop(indexVolume(oblique), box);
    expect(part.shape).toEqual([6, 1, 7]);
    expect(part.data).toHaveLength(42);
    for (const index of [
      [0, 0, 0],
      [5, 0, 6],
      [2, 0, 3],
    ] as const) {
      // prettier-ignore
      const [z, y, x] = [index[0] + 3, index[1] + 4, index[2] + 6];
      expect(part.data[(index[0] * 1 + index[1]) * 7 + index[2]]).toBe((z * 30 + y) * 40 + x);
      positionOf(part, index).forEach((p, a) => expect(p).toBeCloseTo(positionOf(oblique, [z, y, x])[a]!, 12));
    }
    expect(crop(maskOfBox(grid, box), { from: [2, 3, 5], to: [10, 6, 14] }).data.reduce((n, v) => n + v, 0)).toBe(42);
    expect(cropGeometry(grid, { from: [0, 0, 0], to: [...grid.shape] })).toEqual(grid);
  });

  it("hold a mask as tightly as can be, also at the faces of the grid", () => {
    for (const box of [
      { from: [3, 4, 6], to: [9, 5, 13] },
      { from: [0, 0, 0], to: [20, 30, 40] },
      { from: [19, 29, 39], to: [20, 30, 40] },
    ] as const) {
      // prettier-ignore
      expect(boundingBox(maskOfBox(grid, box))).toEqual(box);
    }
    const scattered: Mask = { ...grid, data: new Uint8Array(20 * 30 * 40) };
    for (const [z, y, x] of [[2, 20, 5], [7, 3, 30], [4, 9, 38]] as const) scattered.data[(z * 30 + y) * 40 + x] = 1; // prettier-ignore
    expect(boundingBox(scattered)).toEqual({ from: [2, 3, 5], to: [8, 21, 39] });
  });

  it("do not exist for an empty mask", () => {
    expect(() => boundingBox({ ...grid, data: new Uint8Array(20 * 30 * 40) })).toThrow(
      /^mask: none of its 20 x 30 x 40 voxels is inside, expected at least one/,
    );
  });
});
