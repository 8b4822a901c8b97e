// The surface of a mask as PyRadiomics draws it: marching cubes with diagonals of its own.
import type { Triple } from "../../volume.ts";
import { countCubes, loopsOf, midpoint, sumSurface, type Mesh, type Triangle } from "../mesh.ts";

/**
 * Where PyRadiomics puts the diagonals of polygons that are no planes: two hexadecimal digits of a configuration of `CubeCounts`, and one of
 * an edge. A polygon of five or seven edges is a fan around that edge, and so is one of six with two corners outside; else a polygon of six has its middle
 * triangle on that edge and on every second after it. Worked out from the triangles of PyRadiomics 3; no rule of symmetry gives all of them.
 */
const DIAGONALS = `
  07a 0b8 0db 0e9 135 152 1b1 1d5 1e9 1fa 237 271 2a1 2db 2e0 2f8 314 326 351 365
  375 394 3a1 3b7 3d0 3e0 87a 8a3 8b1 8c4 8d0 8f9 935 952 9a3 9b9 9c4 9da 9f9 a20
  a35 a60 a75 a82 a92 ab1 ac4 ad5 ae3 b0b b10 b36 b4b b56 b75 b85 b99 ba0 bc3 be0
`;
const diagonalOf = new Map(
  DIAGONALS.trim()
    .split(/\s+/)
    .map((entry) => [parseInt(entry.slice(0, 2), 16), parseInt(entry[2]!, 16)]),
);

/** The corner (z, y, x) = (1, 1, 0): where it is inside, PyRadiomics draws the surface of the opposite configuration, inside out. */
const LAST_CORNER = 6;

/** The triangles of a configuration. On faces with opposite corners inside the two cubes may disagree, so that the surface has holes there. */
function trianglesOf(configuration: number): Triangle[] {
  if ((configuration >> LAST_CORNER) & 1) return trianglesOf(255 ^ configuration).map(([a, b, c]) => [a, c, b]);
  const pivot = diagonalOf.get(configuration);
  return loopsOf(configuration).flatMap((loop) => {
    const at = Math.max(0, pivot === undefined ? 0 : loop.indexOf(pivot));
    const points = loop.map((_, i) => midpoint(loop[(at + i) % loop.length]!));
    const isTriangleOfTriangles = pivot !== undefined && points.length === 6 && cornersInside(configuration) === 4;
    const triples = isTriangleOfTriangles ? HEXAGON : points.slice(2).map((_, i) => [0, i + 1, i + 2] as const);
    return triples.map(([a, b, c]) => [points[a]!, points[b]!, points[c]!] as const);
  });
}

const HEXAGON = [
  [0, 2, 4],
  [0, 1, 2],
  [2, 3, 4],
  [4, 5, 0],
] as const;

const cornersInside = (configuration: number) => [0, 1, 2, 3, 4, 5, 6, 7].filter((k) => (configuration >> k) & 1).length;

/**
 * Area and volume of PyRadiomics' mesh.
 *
 * The volume is summed from the corner of the box padded by a voxel, which matters because the surface may have holes. Nor is the mesh the same
 * for a mirrored image, so the voxels must be in the order of the file.
 *
 * @param mask  cropped to the region, in the order of the file's axes
 */
export function pyradiomicsMesh(mask: Uint8Array, shape: Triple, spacing: Triple): Mesh {
  return sumSurface(countCubes(mask, shape), spacing, trianglesOf);
}
