// Between a picture of a plane and positions in the patient: three points fix the map.
import type { Triple } from "@islet/pipeline";

/** A place on the picture, pixels from its left and top. */
export type Pixel = readonly [u: number, v: number];

/** A plane of the patient as it lies on the picture. */
export interface PlaneMap {
  /** The position (z, y, x), LPS, mm, that a pixel shows. */
  toPatient(pixel: Pixel): Triple;
  /** Where a position lies on the picture, seen along the plane's normal. */
  toPixel(position: Triple): Pixel;
  /** Distance of a position from the plane, mm. */
  distance(position: Triple): number;
}

const minus = (a: Triple, b: Triple): Triple => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/**
 * The affine map through three pixels and the positions that they show.
 *
 *   position = origin + u * perU + v * perV
 *
 * @returns null where the three pixels lie on one line
 */
export function planeThrough(pixels: readonly [Pixel, Pixel, Pixel], positions: readonly [Triple, Triple, Triple]): PlaneMap | null {
  const [[u0, v0], [u1, v1], [u2, v2]] = pixels;
  const [du1, dv1, du2, dv2] = [u1 - u0, v1 - v0, u2 - u0, v2 - v0];
  const det = du1 * dv2 - du2 * dv1;
  if (Math.abs(det) < 1e-9) return null;
  const [d1, d2] = [minus(positions[1], positions[0]), minus(positions[2], positions[0])];
  const perU = [0, 1, 2].map((c) => (d1[c]! * dv2 - d2[c]! * dv1) / det) as unknown as Triple;
  const perV = [0, 1, 2].map((c) => (d2[c]! * du1 - d1[c]! * du2) / det) as unknown as Triple;
  const origin = [0, 1, 2].map((c) => positions[0][c]! - u0 * perU[c]! - v0 * perV[c]!) as unknown as Triple;
  // Pictures of planes may be stretched but not skewed, so the two directions are orthogonal up to rounding.
  const [uu, uv, vv] = [dot(perU, perU), dot(perU, perV), dot(perV, perV)];
  const solve = uu * vv - uv * uv;
  const toPixel = (position: Triple): Pixel => {
    const d = minus(position, origin);
    const [a, b] = [dot(d, perU), dot(d, perV)];
    return [(a * vv - b * uv) / solve, (b * uu - a * uv) / solve];
  };
  const toPatient = ([u, v]: Pixel): Triple => [0, 1, 2].map((c) => origin[c]! + u * perU[c]! + v * perV[c]!) as unknown as Triple;
  return {
    toPatient,
    toPixel,
    distance(position) {
      const off = minus(position, toPatient(toPixel(position)));
      return Math.sqrt(dot(off, off));
    },
  };
}
