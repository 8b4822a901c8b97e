// The convex hull of a mask's marching cubes mesh, without the mesh.
import type { Triple } from "../volume.ts";
import { convexHull } from "./hull.ts";

/** The hull of a region's mesh, in mm from the first corner of its box. */
export interface MeshHull {
  /** Corners (z, y, x), [n, 3]. */
  readonly points: Float64Array;
  /** As in `Hull`. */
  readonly faces: Int32Array;
  readonly neighbours: Int32Array;
  /** Normals of the faces, pointing outwards, as long as twice their areas, [m, 3]. */
  readonly normals: Float64Array;
  /** mm^2. */
  readonly area: number;
  /** mm^3. */
  readonly volume: number;
  /** The largest distance between two corners, mm. */
  readonly diameter: number;
}

/**
 * The hull of a mask's mesh.
 *
 * The mesh's points lie halfway between a voxel inside and its neighbour outside, so its hull is the hull of all voxels' centres with a
 * point half a voxel away to all six sides of each. Of each slice only the corners of its own hull can matter. In units of half voxels all
 * coordinates are whole numbers, and the hull is exact; spacing stretches it afterwards.
 *
 * @param mask  at least one voxel inside
 */
export function meshHull(mask: Uint8Array, shape: Triple, spacing: Triple): MeshHull {
  const centres = sliceCorners(mask, shape);
  const candidates = new Float64Array(centres.length * 6);
  for (let i = 0, to = 0; i < centres.length; i += 3) {
    for (let a = 0; a < 3; a++) {
      for (const half of [-1, 1]) {
        for (let b = 0; b < 3; b++) candidates[to++] = 2 * centres[i + b]! + (a === b ? half : 0);
      }
    }
  }
  const { points, faces, neighbours } = convexHull(candidates);
  const inMm = points.map((k, i) => (k * spacing[i % 3]!) / 2);
  return { points: inMm, faces, neighbours, ...measures(inMm, faces), diameter: diameterOf(inMm) };
}

/** The voxels (z, y, x) that are corners of the convex hull of their slice. */
function sliceCorners(mask: Uint8Array, [nz, ny, nx]: Triple): number[] {
  const out: number[] = [];
  for (let z = 0, at = 0; z < nz; z++) {
    const rows: Row[] = [];
    for (let y = 0; y < ny; y++, at += nx) {
      const row = mask.subarray(at, at + nx);
      const first = row.indexOf(1);
      if (first >= 0) rows.push([y, first, row.lastIndexOf(1)]);
    }
    for (const [y, x] of planarCorners(rows)) out.push(z, y, x);
  }
  return out;
}

/** The outermost points (y, first) and (y, last) of a row of points in a plane. */
export type Row = readonly [y: number, first: number, last: number];

/** The corners (y, x) of the convex hull of rows with rising y. */
export function planarCorners(rows: readonly Row[]): readonly (readonly [y: number, x: number])[] {
  const low: [number, number][] = [];
  const high: [number, number][] = [];
  for (const [y, first, last] of rows) {
    extend(low, y, first, 1);
    extend(high, y, last, -1);
  }
  return [...low, ...high];
}

/** Adds a point to a chain of rising y that bends to one side only, and drops those it takes inside. */
function extend(chain: [number, number][], y: number, x: number, side: 1 | -1): void {
  while (chain.length > 1) {
    const [[y0, x0], [y1, x1]] = [chain.at(-2)!, chain.at(-1)!];
    if (side * ((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) < 0) break;
    chain.pop();
  }
  chain.push([y, x]);
}

function measures(p: Float64Array, faces: Int32Array): Pick<MeshHull, "normals" | "area" | "volume"> {
  const normals = new Float64Array(faces.length);
  let [area, volume] = [0, 0];
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [3 * faces[f]!, 3 * faces[f + 1]!, 3 * faces[f + 2]!];
    for (let k = 0; k < 3; k++) {
      const [i, j] = [(k + 1) % 3, (k + 2) % 3];
      normals[f + k] = (p[b + i]! - p[a + i]!) * (p[c + j]! - p[a + j]!) - (p[b + j]! - p[a + j]!) * (p[c + i]! - p[a + i]!);
      volume += (p[a + k]! * normals[f + k]!) / 6;
    }
    area += Math.hypot(normals[f]!, normals[f + 1]!, normals[f + 2]!) / 2;
  }
  return { normals, area, volume };
}

/** The largest distance between two points, by every pair. */
function diameterOf(p: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < p.length; i += 3) {
    const [z, y, x] = [p[i]!, p[i + 1]!, p[i + 2]!];
    for (let j = i + 3; j < p.length; j += 3) {
      const squared = (p[j]! - z) ** 2 + (p[j + 1]! - y) ** 2 + (p[j + 2]! - x) ** 2;
      if (squared > largest) largest = squared;
    }
  }
  return Math.sqrt(largest);
}
