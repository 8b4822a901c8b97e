// The largest distance between two points of a mesh that lie in one plane of the grid.
import type { Triple } from "../../volume.ts";
import { planarCorners, type Row } from "../mesh-hull.ts";

type Axis = 0 | 1 | 2;

/**
 * The largest distance between two points of a mask's mesh that agree in one coordinate.
 *
 * Points of the mesh lie halfway between a voxel inside and a neighbour outside, so there are planes through voxel centres, and planes halfway
 * between, which hold the centres of the voxels whose neighbour across the plane is outside.
 *
 * @param mask    cropped to the region, at least one voxel inside
 * @param across  the axis that the planes are perpendicular to
 * @returns mm
 */
export function planarDiameter(mask: Uint8Array, shape: Triple, spacing: Triple, across: Axis): number {
  const [u, v] = ([0, 1, 2] as const).filter((a) => a !== across) as [Axis, Axis];
  const strides = [shape[1] * shape[2], shape[2], 1];
  const [n, step] = [shape[v], strides[v]!];
  let best = 0;
  for (let k = -1; k < shape[across]; k++) {
    const voxels: Row[] = [];
    const changes: Row[] = [];
    for (let i = 0; i < shape[u]; i++) {
      const here = k * strides[across]! + i * strides[u]!;
      const there = here + strides[across]!;
      // Beyond the box all is outside, so there a voxel is a change.
      const voxel = k < 0 ? null : ends(mask, here, n, step);
      if (voxel) voxels.push([i, ...voxel]);
      const change = k < 0 ? ends(mask, there, n, step) : k + 1 === shape[across] ? voxel : changedEnds(mask, here, there, n, step);
      if (change) changes.push([i, ...change]);
    }
    // In half voxels: a point of the mesh on either side of each outermost voxel of the plane.
    const centred = planarCorners(voxels).flatMap(([i, j]) => [2 * i - 1, 2 * j, 2 * i + 1, 2 * j, 2 * i, 2 * j - 1, 2 * i, 2 * j + 1]);
    const between = planarCorners(changes).flatMap(([i, j]) => [2 * i, 2 * j]);
    best = Math.max(best, diameter(centred, spacing[u] / 2, spacing[v] / 2, best), diameter(between, spacing[u] / 2, spacing[v] / 2, best));
  }
  return best;
}

/** The first and the last voxel inside of a line of n; null where none is. */
function ends(mask: Uint8Array, at: number, n: number, step: number): readonly [number, number] | null {
  let first = 0;
  while (first < n && mask[at + first * step] === 0) first++;
  if (first === n) return null;
  let last = n - 1;
  while (mask[at + last * step] === 0) last--;
  return [first, last];
}

/** The first and the last place where two lines differ; null where they do not. */
function changedEnds(mask: Uint8Array, here: number, there: number, n: number, step: number): readonly [number, number] | null {
  const across = there - here;
  let first = 0;
  for (let at = here; first < n && mask[at] === mask[at + across]; at += step) first++;
  if (first === n) return null;
  let last = n - 1;
  for (let at = here + last * step; mask[at] === mask[at + across]; at -= step) last--;
  return [first, last];
}

/** The largest distance of some points (u, v), or less than `least` where it is no larger. */
function diameter(points: readonly number[], su: number, sv: number, least: number): number {
  let [lowU, highU, lowV, highV] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let a = 0; a < points.length; a += 2) {
    lowU = Math.min(lowU, points[a]!);
    highU = Math.max(highU, points[a]!);
    lowV = Math.min(lowV, points[a + 1]!);
    highV = Math.max(highV, points[a + 1]!);
  }
  if (points.length === 0 || Math.hypot((highU - lowU) * su, (highV - lowV) * sv) <= least) return 0;
  let largest = 0;
  for (let a = 0; a < points.length; a += 2) {
    for (let b = a + 2; b < points.length; b += 2) {
      const [du, dv] = [(points[b]! - points[a]!) * su, (points[b + 1]! - points[a + 1]!) * sv];
      largest = Math.max(largest, du * du + dv * dv);
    }
  }
  return Math.sqrt(largest);
}
