// A reader who draws rough annotations, for studies whose tumours come with masks.
import { boundingBox } from "./roi.ts";
import { randomNormal, type Random } from "../random.ts";
import { positionOf, type Geometry, type Mask } from "../volume.ts";
import { problemOf, type Corner, type Role, type RoughRoi } from "../intake/rough-roi.ts";

/** Drawings that are thrown away, and drawn again with half the jitter, before the next attempt. */
const ATTEMPTS = 20;

type Corners = readonly [Corner, Corner, Corner, Corner];

/**
 * A rough annotation such as a reader would draw around a mask: on its top, its largest and its bottom slice, the
 * rectangle around the tumour's voxels, each corner moved within the slice by a normal random number along x and along y.
 *
 * A drawing that crosses itself is drawn again, and after 20 of them with half the jitter, so the result is always valid.
 * The largest slice is the lowest of those with the most voxels.
 *
 * @param jitterMm  standard deviation of a corner along each axis, mm; 0 draws the rectangles themselves
 * @throws IntakeError when the mask is empty
 */
export function simulateRough(mask: Mask, random: Random, jitterMm: number): RoughRoi {
  const { from, to } = boundingBox(mask);
  const area = (z: number) => slice(mask, z).reduce((n, v) => n + v, 0);
  let largest = from[0];
  for (let z = from[0]; z < to[0]; z++) if (area(z) > area(largest)) largest = z;

  const levels: readonly (readonly [Role, number])[] = [
    ["top", to[0] - 1],
    ["largest", largest],
    ["bottom", from[0]],
  ];
  return {
    format: "islet-rough-roi/1",
    image: "",
    coordinateSystem: "LPS",
    unit: "mm",
    annotator: `simulated from a mask, jitter ${jitterMm} mm`,
    slices: levels.map(([role, z]) => ({ role, corners: draw(mask, z, random, jitterMm) })),
  };
}

/**
 * A rough annotation drawn again: each corner moved within its slice by a normal random number along the image's x and y axes.
 *
 * A drawing that crosses itself is drawn again as in `simulateRough`.
 *
 * @param grid      of the image, whose axes the slices follow
 * @param jitterMm  standard deviation of a corner along each axis, mm
 */
export function redrawRough(rough: RoughRoi, { direction }: Geometry, random: Random, jitterMm: number): RoughRoi {
  const [, alongY, alongX] = direction;
  const drawn = rough.slices.map(({ role, corners }) => {
    const moved = (jitter: number) =>
      corners.map(([x, y, z]): Corner => {
        const [dy, dx] = [jitter * randomNormal(random), jitter * randomNormal(random)];
        return [x + alongY[2] * dy + alongX[2] * dx, y + alongY[1] * dy + alongX[1] * dx, z + alongY[0] * dy + alongX[0] * dx];
      }) as unknown as Corners;
    return { role, corners: untilSound(moved, jitterMm) };
  });
  return { ...rough, annotator: `drawn again, jitter ${jitterMm} mm`, slices: drawn };
}

/** The rectangle around the voxels of a slice, edges included, with jittered corners. */
function draw(mask: Mask, z: number, random: Random, jitterMm: number): Corners {
  const { from, to } = boundingBox({ ...mask, shape: [1, mask.shape[1], mask.shape[2]], data: slice(mask, z) });
  const [top, bottom, left, right] = [from[1] - 0.5, to[1] - 0.5, from[2] - 0.5, to[2] - 0.5];
  const [, dy, dx] = mask.spacing;
  return untilSound((jitter) => {
    const corner = (y: number, x: number): Corner => {
      const [pz, py, px] = positionOf(mask, [z, y + (jitter * randomNormal(random)) / dy, x + (jitter * randomNormal(random)) / dx]);
      return [px, py, pz];
    };
    return [corner(top, left), corner(top, right), corner(bottom, right), corner(bottom, left)];
  }, jitterMm);
}

/** Draws until the corners make a quadrilateral, with half the jitter after every few attempts. */
function untilSound(drawing: (jitterMm: number) => Corners, jitterMm: number): Corners {
  for (let attempt = 0; ; attempt++) {
    const corners = drawing(jitterMm * 0.5 ** Math.floor(attempt / ATTEMPTS));
    if (problemOf(corners) === null) return corners;
  }
}

function slice({ data, shape: [, ny, nx] }: Mask, z: number): Uint8Array {
  return data.subarray(z * ny * nx, (z + 1) * ny * nx);
}
