// The surface of a mask by marching cubes, summed without ever being stored.
import type { Triple } from "../volume.ts";

/** Area and enclosed volume of a closed surface. */
export interface Mesh {
  /** mm^2. */
  readonly area: number;
  /** mm^3. */
  readonly volume: number;
}

/** Three points of a cube, (z, y, x) in 0..1; seen from outside the region they turn counter-clockwise. */
export type Triangle = readonly [Triple, Triple, Triple];

/**
 * How often each configuration of a cube occurs, and where.
 *
 * A cube has eight neighbouring voxel centres as its corners. Corner k lies at (k >> 2, k >> 1 & 1, k & 1) in (z, y, x); bit k of the
 * configuration says whether it is inside the mask. Two cubes of one configuration hold the same surface, so counting is all that has
 * to be done voxel by voxel.
 */
export interface CubeCounts {
  /** Cubes of each of the 256 configurations. */
  readonly counts: Float64Array;
  /** Sums of the indices (z, y, x) of the first corners of these cubes, [256, 3], in the mask padded by one voxel on each side. */
  readonly positions: Float64Array;
}

/** Counts the cubes of a mask, which goes on as 0 beyond its box. */
export function countCubes(mask: Uint8Array, [nz, ny, nx]: Triple): CubeCounts {
  const counts = new Float64Array(256);
  const positions = new Float64Array(768);
  const nothing = new Uint8Array(nx);
  const row = (z: number, y: number) =>
    z < 0 || y < 0 || z >= nz || y >= ny ? nothing : mask.subarray((z * ny + y) * nx, (z * ny + y + 1) * nx);
  for (let z = 0; z <= nz; z++) {
    for (let y = 0; y <= ny; y++) {
      countRow(row(z - 1, y - 1), row(z - 1, y), row(z, y - 1), row(z, y), nx, z, y, counts, positions);
    }
  }
  return { counts, positions };
}

/** Counts a row of cubes between four rows of voxels. A function of its own: the engine compiles once what is called often. */
function countRow(
  a: Uint8Array,
  b: Uint8Array,
  c: Uint8Array,
  d: Uint8Array,
  nx: number,
  z: number,
  y: number,
  counts: Float64Array,
  positions: Float64Array,
): void {
  for (let x = 0, left = 0; x <= nx; x++) {
    const right = x < nx ? a[x]! | (b[x]! << 2) | (c[x]! << 4) | (d[x]! << 6) : 0;
    const configuration = left | (right << 1);
    left = right;
    if (configuration === 0 || configuration === 255) continue;
    counts[configuration]!++;
    positions[3 * configuration]! += z;
    positions[3 * configuration + 1]! += y;
    positions[3 * configuration + 2]! += x;
  }
}

/** The cube's twelve edges, as pairs of corners that differ in one coordinate. */
const EDGES = [1, 2, 4].flatMap((bit) => [0, 1, 2, 3, 4, 5, 6, 7].filter((k) => (k & bit) === 0).map((k) => [k, k | bit] as const));
const edgeBetween = (a: number, b: number) => EDGES.findIndex(([p, q]) => p === (a & b) && q === (a | b));

/** Where an edge meets the surface: at its middle, (z, y, x) in 0..1, since the mask is 0 at one end and 1 at the other. */
export function midpoint(edge: number): Triple {
  const [p, q] = EDGES[edge]!;
  const at = (shift: number) => (((p >> shift) & 1) + ((q >> shift) & 1)) / 2;
  return [at(2), at(1), at(0)];
}

/** The cube's six faces, each as its corners counter-clockwise seen from outside the cube. */
const FACES = [
  [1, 2, 4],
  [2, 4, 1],
  [4, 1, 2],
].flatMap(([normal, u, v]) => {
  const cycle = [0, v!, u! | v!, u!];
  return [cycle.map((k) => k | normal!), cycle.toReversed()];
});

/**
 * The polygons in which the surface crosses a cube, each a loop of edges.
 *
 * On each face the surface runs from where the face's border leaves the mask to where it last entered it, so that of a face with two
 * opposite corners inside these two stay apart. The rule sees one face at a time, and the two cubes at a face see the same: the surface is closed.
 */
export function loopsOf(configuration: number): number[][] {
  const isInside = (corner: number) => ((configuration >> corner) & 1) === 1;
  const next = new Map<number, number>();
  for (const face of FACES) {
    face.forEach((corner, k) => {
      if (!isInside(corner) || isInside(face[(k + 1) % 4]!)) return;
      let first = k;
      while (isInside(face[(first + 3) % 4]!)) first = (first + 3) % 4;
      next.set(edgeBetween(corner, face[(k + 1) % 4]!), edgeBetween(face[first]!, face[(first + 3) % 4]!));
    });
  }
  const loops: number[][] = [];
  while (next.size > 0) {
    const loop: number[] = [];
    for (let edge = next.keys().next().value!; next.has(edge);) {
      loop.push(edge);
      const following = next.get(edge)!;
      next.delete(edge);
      edge = following;
    }
    loops.push(loop);
  }
  return loops;
}

/**
 * The triangles of a configuration. A loop of more than three edges is no plane in general, and the diagonals decide its area and volume:
 * of the fans around one of its points the one with the largest area on cubic voxels is taken, of several the one that encloses most, and
 * then the one with the smallest area in mm. So the mesh is the same whichever way the image is turned or mirrored. The rule gives IBSI's
 * published areas and volumes to their digits; the smallest fans would miss the compactness of configuration C.
 */
export function trianglesOf(configuration: number, spacing: Triple): Triangle[] {
  return loopsOf(configuration).flatMap((loop) => {
    const points = loop.map(midpoint);
    const fans = points.map((apex, k) =>
      points.slice(2).map((_, i) => [apex, points[(k + i + 1) % points.length]!, points[(k + i + 2) % points.length]!] as const),
    );
    const sizes = fans.map((fan) => ({ ...total(fan, [1, 1, 1]), areaMm: total(fan, spacing).area }));
    const isBetter = (k: number, best: number) => {
      const [one, other] = [sizes[k]!, sizes[best]!];
      if (Math.abs(one.area - other.area) > TIE) return one.area > other.area;
      if (Math.abs(one.volume - other.volume) > TIE) return one.volume > other.volume;
      return one.areaMm < other.areaMm;
    };
    return fans[fans.reduce((best, _, k) => (isBetter(k, best) ? k : best), 0)]!;
  });
}

/** Far above the rounding of a few products and roots, far below the differences between fans (1/48 of a voxel in volume). */
const TIE = 1e-9;

/** Area of some triangles, and what they add to the volume of the surface that they belong to. */
function total(triangles: readonly Triangle[], spacing: Triple): Mesh & { readonly normal: Triple } {
  let [area, volume, normal] = [0, 0, [0, 0, 0] as Triple];
  for (const triangle of triangles) {
    const [a, b, c] = triangle.map((p) => scaled(p, spacing)) as [Triple, Triple, Triple];
    const n = cross(minus(b, a), minus(c, a));
    area += Math.hypot(...n) / 2;
    volume += dot(a, cross(b, c)) / 6;
    normal = [normal[0] + n[0], normal[1] + n[1], normal[2] + n[2]];
  }
  return { area, volume, normal };
}

/**
 * Area and volume of the surface of a mask.
 *
 *   area = sum |(b - a) x (c - a)| / 2,   volume = sum a . (b x c) / 6   over all triangles a, b, c
 *
 * A cube at o adds o . (b - a) x (c - a) / 6 to the volume of each of its triangles, so the sum of all o of a configuration suffices.
 *
 * @param spacing    mm
 * @param triangles  the triangles of each configuration
 */
export function sumSurface({ counts, positions }: CubeCounts, spacing: Triple, triangles = trianglesOf): Mesh {
  let [area, volume] = [0, 0];
  for (let configuration = 1; configuration < 255; configuration++) {
    const count = counts[configuration]!;
    if (count === 0) continue;
    const one = total(triangles(configuration, spacing), spacing);
    area += count * one.area;
    volume += count * one.volume + dot(scaled(positions.subarray(3 * configuration, 3 * configuration + 3), spacing), one.normal) / 6;
  }
  return { area, volume };
}

const scaled = (p: ArrayLike<number>, s: Triple): Triple => [p[0]! * s[0], p[1]! * s[1], p[2]! * s[2]];
const minus = (p: Triple, q: Triple): Triple => [p[0] - q[0], p[1] - q[1], p[2] - q[2]];
const dot = (p: Triple, q: Triple): number => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
/** In (z, y, x) order: the mirror image of the product in (x, y, z). */
const cross = (p: Triple, q: Triple): Triple => [p[2] * q[1] - p[1] * q[2], p[0] * q[2] - p[2] * q[0], p[1] * q[0] - p[0] * q[1]];
